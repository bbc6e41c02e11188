//! What stands on a notification.

use std::collections::HashMap;

use client::view::{ConversationRow, MessageView, PersonView};
use protocol::{ConversationKind, UserId};

use crate::words::Words;

/// The most characters of a message that are shown; systems cut earlier.
const LONGEST: usize = 240;

/// One notification as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    /// Who and where.
    pub(crate) title: String,
    /// What was written, as plain text; empty where it is not to be seen.
    pub(crate) body: String,
    /// Whether it is heard.
    pub(crate) sound: bool,
    /// What a click on the button says, for systems that show one.
    pub(crate) open: String,
}

/// What a note is written from.
pub(crate) struct Source<'a> {
    pub(crate) words: &'a Words,
    pub(crate) row: &'a ConversationRow,
    pub(crate) message: &'a MessageView,
    pub(crate) name_of: &'a dyn Fn(&UserId) -> Option<String>,
}

impl Source<'_> {
    /// The note; without `content` it says only that there is something.
    pub(crate) fn note(&self, content: bool, sound: bool) -> Note {
        let open = self.words.open.clone();
        if !content {
            return Note {
                title: self.words.app.clone(),
                body: self.words.new_message.clone(),
                sound,
                open,
            };
        }
        let author = (self.name_of)(&self.message.author).unwrap_or_else(|| self.words.somebody.clone());
        let title = match (self.row.kind, &self.row.name) {
            (ConversationKind::Direct, _) => author,
            (_, Some(name)) => self
                .words
                .in_channel
                .replace("{author}", &author)
                .replace("{channel}", name),
            (_, None) => self.words.in_group.replace("{author}", &author),
        };
        Note {
            title,
            body: excerpt(&self.message.body, self.name_of),
            sound,
            open,
        }
    }
}

/// The beginning of a message with names for ids.
fn excerpt(body: &str, name_of: &dyn Fn(&UserId) -> Option<String>) -> String {
    let named = with_names(body, name_of);
    let mut short: String = named.trim().chars().take(LONGEST).collect();
    if named.trim().chars().count() > LONGEST {
        short.push('…');
    }
    short
}

/// Puts names where a mention has ids. It need not know what is code: a note shows no Markdown.
fn with_names(body: &str, name_of: &dyn Fn(&UserId) -> Option<String>) -> String {
    let mut named = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(start) = rest.find('<') {
        named.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find('>').unwrap_or(0);
        let name = match rest.get(1..end) {
            Some("!channel") => Some("channel".to_owned()),
            Some("!here") => Some("here".to_owned()),
            Some(mention) => mention
                .strip_prefix('@')
                .and_then(|id| UserId::parse(id).ok())
                .and_then(|person| name_of(&person)),
            None => None,
        };
        if let Some(name) = name {
            named.push('@');
            named.push_str(&name);
            rest = &rest[end + 1..];
        } else {
            named.push('<');
            rest = &rest[1..];
        }
    }
    named.push_str(rest);
    named
}

/// Finds people by their ids.
pub(crate) fn name_in(people: &HashMap<UserId, PersonView>, person: &UserId) -> Option<String> {
    people.get(person).map(|known| known.name.clone())
}
