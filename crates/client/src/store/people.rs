//! People as far as this device knows them, and those it should ask about.

use std::cmp::Reverse;
use std::collections::HashMap;

use protocol::rest::identity::Person;
use protocol::{ConversationId, UserId};
use rusqlite::{Connection, OptionalExtension, Row};

use super::number::{Number, number};
use super::{StoreError, Writing, json};
use crate::view::PersonView;

const COLUMNS: &str = "id, name, title, email, time_zone, active, role, picture";
/// Entries that are looked through for those who are in a conversation.
const MOST_ENTRIES: u32 = 1000;

/// One person; none when they are not known yet.
pub(crate) fn find(disk: &Connection, person: &UserId) -> Result<Option<PersonView>, StoreError> {
    let mut select = disk.prepare_cached(&format!("SELECT {COLUMNS} FROM person WHERE id = ?1"))?;
    Ok(select.query_row([person.as_str()], read).optional()?)
}

/// Everyone, by name.
pub(crate) fn all(disk: &Connection) -> Result<Vec<PersonView>, StoreError> {
    let mut select = disk.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM person ORDER BY name COLLATE NOCASE, id"
    ))?;
    let people = select.query_map((), read)?.collect::<Result<_, _>>()?;
    Ok(people)
}

/// A person as the directory gives them.
pub(crate) fn view(person: &Person) -> PersonView {
    PersonView {
        id: person.id.clone(),
        name: person.name.clone(),
        title: person.title.clone(),
        email: person.email.clone(),
        time_zone: person.time_zone.clone(),
        active: person.active,
        role: person.role,
        picture: person.picture.clone(),
    }
}

/// Those whose name or address contains this text, by name.
pub(crate) fn search(disk: &Connection, text: &str) -> Result<Vec<PersonView>, StoreError> {
    // Compared here and not by LIKE, which knows upper and lower case of ASCII only.
    let wanted = text.trim().to_lowercase();
    let mut people = all(disk)?;
    people
        .retain(|person| person.name.to_lowercase().contains(&wanted) || person.email.to_lowercase().contains(&wanted));
    Ok(people)
}

/// Active people of whom a word of the name begins with this text: first those who are in the conversation, as far as what
/// is held of it says, who wrote last before the others; then everyone else, by name.
pub(crate) fn mentionable(
    disk: &Connection,
    conversation: &ConversationId,
    text: &str,
) -> Result<Vec<PersonView>, StoreError> {
    let mut select = disk.prepare_cached(
        "SELECT author, max(seq) FROM (SELECT author, seq FROM entry WHERE conversation = ?1 ORDER BY seq DESC LIMIT ?2)
         GROUP BY author",
    )?;
    let authors = select.query_map((conversation.as_str(), MOST_ENTRIES), |row| {
        Ok((row.get(0)?, number(row, 1)?))
    })?;
    let mut near: HashMap<String, u64> = authors.collect::<Result<_, _>>()?;
    if let Some(row) = super::conversations::row(disk, conversation)? {
        for member in row.members {
            near.entry(member.into()).or_insert(0);
        }
    }
    let mut people = all(disk)?;
    people.retain(|person| person.active && is_called(person, text));
    // Stable: by name among equals.
    people.sort_by_key(|person| Reverse(near.get(person.id.as_str()).map(|seq| seq + 1)));
    Ok(people)
}

/// Whether a word of the name begins with this text.
pub(crate) fn is_called(person: &PersonView, text: &str) -> bool {
    let (name, wanted) = (person.name.to_lowercase(), text.trim().to_lowercase());
    let begins_word = |place: usize| !name[..place].chars().next_back().is_some_and(char::is_alphanumeric);
    name.char_indices()
        .any(|(place, _)| begins_word(place) && name[place..].starts_with(&wanted))
}

/// Keeps what the directory says, unless something newer is known.
pub(crate) fn put(writing: &mut Writing<'_>, person: &Person) -> Result<(), StoreError> {
    let changed = writing
        .disk
        .prepare_cached(
            "INSERT INTO person (id, name, title, email, time_zone, active, version, role, picture)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (id) DO UPDATE SET name = ?2, title = ?3, email = ?4, time_zone = ?5, active = ?6, version = ?7,
         role = ?8, picture = ?9
         WHERE version < ?7 OR (version = ?7
         AND (name, title, email, time_zone, active, role, picture) IS NOT (?2, ?3, ?4, ?5, ?6, ?8, ?9))",
        )?
        .execute((
            person.id.as_str(),
            &person.name,
            &person.title,
            &person.email,
            &person.time_zone,
            person.active,
            Number(person.version),
            json(&person.role)?,
            &person.picture,
        ))?;
    wanted_no_more(writing.disk, &person.id)?;
    if changed > 0 {
        writing.person(&person.id);
    }
    Ok(())
}

/// What a push says of a person: name and whether they are active. The rest is asked for.
pub(crate) struct Renamed {
    pub(crate) id: UserId,
    pub(crate) name: String,
    pub(crate) active: bool,
    pub(crate) version: u64,
}

/// Takes over a push, unless something newer is known.
pub(crate) fn rename(writing: &mut Writing<'_>, push: &Renamed) -> Result<(), StoreError> {
    // The version stays behind on purpose: the directory's answer of the same version brings title and time zone.
    let changed = writing.disk.execute(
        "UPDATE person SET name = ?2, active = ?3 WHERE id = ?1 AND version < ?4",
        (push.id.as_str(), &push.name, push.active, Number(push.version)),
    )?;
    if changed > 0 {
        writing.person(&push.id);
    }
    let current: Option<u64> = writing
        .disk
        .query_row("SELECT version FROM person WHERE id = ?1", [push.id.as_str()], |row| {
            number(row, 0)
        })
        .optional()?;
    if current.is_none_or(|version| version < push.version) {
        writing.disk.execute(
            "INSERT OR IGNORE INTO person_wanted (id) VALUES (?1)",
            [push.id.as_str()],
        )?;
        writing.meets_strangers = true;
    }
    Ok(())
}

/// Remembers to ask about this person when they are not known.
pub(crate) fn want(writing: &mut Writing<'_>, person: &UserId) -> Result<(), StoreError> {
    let added = writing
        .disk
        .prepare_cached(
            "INSERT OR IGNORE INTO person_wanted (id) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM person WHERE id = ?1)",
        )?
        .execute([person.as_str()])?;
    writing.meets_strangers |= added > 0;
    Ok(())
}

/// Everyone may have changed while this device was away: remembers to ask about all of them.
pub(crate) fn doubt_all(writing: &mut Writing<'_>) -> Result<(), StoreError> {
    let added = writing
        .disk
        .execute("INSERT OR IGNORE INTO person_wanted (id) SELECT id FROM person", ())?;
    writing.meets_strangers |= added > 0;
    Ok(())
}

/// People to ask about, at most `most`.
pub(crate) fn wanted(disk: &Connection, most: usize) -> Result<Vec<UserId>, StoreError> {
    let mut select = disk.prepare_cached("SELECT id FROM person_wanted LIMIT ?1")?;
    let ids = select
        .query_map([u32::try_from(most).unwrap_or(u32::MAX)], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(ids.iter().filter_map(|id| UserId::parse(id).ok()).collect())
}

/// This person was asked about, whatever the answer.
pub(crate) fn wanted_no_more(disk: &Connection, person: &UserId) -> Result<(), StoreError> {
    disk.prepare_cached("DELETE FROM person_wanted WHERE id = ?1")?
        .execute([person.as_str()])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<PersonView> {
    let id: String = row.get(0)?;
    Ok(PersonView {
        id: super::entries::id(0, UserId::parse(&id))?,
        name: row.get(1)?,
        title: row.get(2)?,
        email: row.get(3)?,
        time_zone: row.get(4)?,
        active: row.get(5)?,
        role: super::parsed(row, 6)?,
        picture: row.get(7)?,
    })
}
