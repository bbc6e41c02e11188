//! People as rows.

use async_trait::async_trait;
use protocol::{Email, Role, UserId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use service_kit::store::StoreError;

use super::{SqliteStore, audit, unreadable};
use crate::audit::Note;
use crate::people::{self, DirectoryPage, FirstRole, NewPerson, Person, Who, role_text};
use crate::store::{PeopleStore, Replaced};

const COLUMNS: &str = "id, email, name, title, time_zone, role, active, picture, version, created_at";

#[async_trait]
impl PeopleStore for SqliteStore {
    async fn person(&self, id: &UserId) -> Result<Option<Person>, StoreError> {
        let id = id.clone();
        self.database
            .read(move |connection| one(connection, "id = ?1", id.as_str()))
            .await
    }

    async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError> {
        let key = email.key();
        self.database
            .read(move |connection| one(connection, "email_key = ?1", &key))
            .await
    }

    async fn people_by_ids(&self, ids: &[UserId]) -> Result<Vec<Person>, StoreError> {
        let ids = ids.to_vec();
        let read = move |connection: &Connection| {
            let mut people = Vec::with_capacity(ids.len());
            for id in &ids {
                people.extend(one(connection, "id = ?1", id.as_str())?);
            }
            Ok(people)
        };
        self.database.read(read).await
    }

    async fn directory(&self, page: &DirectoryPage) -> Result<Vec<Person>, StoreError> {
        let page = page.clone();
        let sql = format!(
            "SELECT {COLUMNS} FROM people
             WHERE (active OR ?5) AND (name_key, id) > (?1, ?2) AND (instr(name_key, ?3) > 0 OR instr(email_key, ?3) > 0)
             ORDER BY name_key, id LIMIT ?4"
        );
        let read = move |connection: &Connection| {
            let everybody = page.who == Who::Everybody;
            let (name_key, id) = page
                .after
                .map_or_else(Default::default, |place| (place.name_key, place.id));
            let mut query = connection.prepare_cached(&sql)?;
            collect(query.query(params![name_key, id, page.query_key, page.most, everybody])?)
        };
        self.database.read(read).await
    }

    async fn add_person(&self, new: &NewPerson) -> Result<Person, StoreError> {
        let new = new.clone();
        self.database.write(move |connection| add(connection, &new)).await
    }

    async fn replace_person(&self, changed: &Person, notes: &[Note]) -> Result<Replaced, StoreError> {
        let (changed, notes) = (changed.clone(), notes.to_vec());
        let write = move |connection: &Connection| {
            let replaced = replace(connection, &changed)?;
            if replaced == Replaced::Done {
                audit::add_all(connection, &notes)?;
            }
            Ok(replaced)
        };
        self.database.write(write).await
    }

    async fn unannounced(&self, most: u32) -> Result<Vec<Person>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM people WHERE announced < version ORDER BY id LIMIT ?1");
        let read = move |connection: &Connection| {
            let mut query = connection.prepare_cached(&sql)?;
            collect(query.query([most])?)
        };
        self.database.read(read).await
    }

    async fn mark_announced(&self, id: &UserId, version: u64) -> Result<(), StoreError> {
        let id = id.clone();
        let write = move |connection: &Connection| {
            let sql = "UPDATE people SET announced = max(announced, ?2) WHERE id = ?1";
            connection
                .prepare_cached(sql)?
                .execute(params![id.as_str(), stored_version(version)])?;
            Ok(())
        };
        self.database.write(write).await
    }
}

fn one(connection: &Connection, condition: &str, value: &str) -> Result<Option<Person>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM people WHERE {condition}");
    let row = connection
        .prepare_cached(&sql)?
        .query_row([value], |row| Ok(person(row)))
        .optional()?;
    row.transpose()
}

/// Replaces a person's row. Every write runs alone, so two administrators who remove each other at once cannot both
/// find the other one.
pub(super) fn replace(connection: &Connection, changed: &Person) -> Result<Replaced, StoreError> {
    if !changed.is_administrator() && is_the_last_administrator(connection, changed)? {
        return Ok(Replaced::LastAdministrator);
    }
    let sql = "UPDATE people SET name = ?2, name_key = ?3, title = ?4, time_zone = ?5, role = ?6, active = ?7,
                   picture = ?8, version = ?9
               WHERE id = ?1 AND version = ?9 - 1";
    let replaced = connection.prepare_cached(sql)?.execute(params![
        changed.id.as_str(),
        changed.name,
        changed.name_key(),
        changed.title,
        changed.time_zone,
        role_text(changed.role),
        changed.active,
        changed.picture,
        stored_version(changed.version),
    ])?;
    Ok(if replaced == 1 {
        Replaced::Done
    } else {
        Replaced::Outdated
    })
}

/// Whether this person, as they are stored, is the only active administrator.
fn is_the_last_administrator(connection: &Connection, person: &Person) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) > 0 AND sum(id <> ?1) = 0 FROM people WHERE role = 'administrator' AND active";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([person.id.as_str()], |row| row.get::<_, Option<bool>>(0))?
        .unwrap_or(false))
}

fn add(connection: &Connection, new: &NewPerson) -> Result<Person, StoreError> {
    let administrator_is_here = || -> Result<bool, StoreError> {
        Ok(connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM people WHERE role = ?1)")?
            .query_row([role_text(Role::Administrator)], |row| row.get(0))?)
    };
    let role = match new.role {
        FirstRole::Member => Role::Member,
        // Every write runs alone, so two who come first at once cannot both find nobody.
        FirstRole::AdministratorIfThereIsNone if administrator_is_here()? => Role::Member,
        FirstRole::Administrator | FirstRole::AdministratorIfThereIsNone => Role::Administrator,
    };
    let person = Person {
        id: new.id.clone(),
        email: new.email.clone(),
        name: new.name.clone(),
        title: String::new(),
        time_zone: String::new(),
        role,
        active: true,
        picture: None,
        version: 1,
        created_at: new.created_at,
    };
    let sql = "INSERT INTO people
                   (id, email, email_key, name, name_key, title, time_zone, role, active, version, announced, created_at)
               VALUES (?1, ?2, ?3, ?4, ?5, '', '', ?6, 1, 1, 0, ?7)";
    connection.prepare_cached(sql)?.execute(params![
        person.id.as_str(),
        person.email.as_str(),
        person.email.key(),
        person.name,
        person.name_key(),
        role_text(role),
        person.created_at,
    ])?;
    Ok(person)
}

fn collect(mut rows: rusqlite::Rows<'_>) -> Result<Vec<Person>, StoreError> {
    let mut people = Vec::new();
    while let Some(row) = rows.next()? {
        people.push(person(row)?);
    }
    Ok(people)
}

fn person(row: &Row<'_>) -> Result<Person, StoreError> {
    let (id, email): (String, String) = (row.get(0)?, row.get(1)?);
    let role: String = row.get(5)?;
    Ok(Person {
        id: UserId::parse(&id).map_err(|_| unreadable("person's id"))?,
        email: Email::parse(&email).map_err(|_| unreadable("address"))?,
        name: row.get(2)?,
        title: row.get(3)?,
        time_zone: row.get(4)?,
        role: role_of(&role)?,
        active: row.get(6)?,
        picture: row.get(7)?,
        version: version_of(row.get(8)?),
        created_at: row.get(9)?,
    })
}

pub(super) fn stored_version(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

pub(super) fn version_of(stored: i64) -> u64 {
    stored.unsigned_abs()
}

pub(super) fn role_of(text: &str) -> Result<Role, StoreError> {
    people::role_of(text).ok_or_else(|| unreadable("role"))
}
