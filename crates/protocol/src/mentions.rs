//! Who a message mentions: `<@USER_ID>` a person, `<!channel>` everybody in the conversation, `<!here>` those of them
//! who are there when it is stored. Ids, so that a new name keeps them right. Inside code they are plain text.
//!
//! Code is what Markdown says it is, as far as a few rules go: fenced blocks, also inside quotes, and spans between
//! runs of backticks of one length within one paragraph. `\<` is no beginning.

mod prose;

use std::collections::BTreeSet;

use crate::ids::LONGEST_ID;
use crate::timeline::MessageFold;
use crate::{Entry, EntryKind, UserId};

/// People that one message can mention by name; those named after them are not mentioned.
pub const MOST_PEOPLE: usize = 50;
/// People whom one `<!here>` can mean; of more who are there, the rest is not meant.
pub const MOST_HERE: usize = 1000;
/// Bytes of a mention behind its `<`.
const LONGEST_WORD: usize = LONGEST_ID + 2;

/// Whom a text mentions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    pub people: BTreeSet<UserId>,
    /// Everybody in the conversation.
    pub channel: bool,
    /// Those in the conversation who are there when it is stored.
    pub here: bool,
}

impl Mentions {
    /// Whether it mentions nobody.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it mentions this member of the conversation; `here` are those who were there.
    pub fn meant(&self, person: &UserId, here: &[UserId]) -> bool {
        self.channel || self.people.contains(person) || (self.here && here.contains(person))
    }
}

/// Whether a message, as it is now, mentions somebody who is a member since the entry at `since`.
///
/// Nobody mentions themselves. What was written before somebody came in does not mean them, whatever it is edited to.
pub fn mentions(message: &Entry, fold: &MessageFold, person: &UserId, since: u64) -> bool {
    if message.author == *person || message.seq <= since || fold.is_deleted() {
        return false;
    }
    let (body, here) = match (&fold.edit, &message.kind) {
        (Some(edit), EntryKind::Message { .. }) => (&edit.body, &edit.here),
        (None, EntryKind::Message { body, here, .. }) => (body, here),
        _ => return false,
    };
    read(body).meant(person, here)
}

/// Reads whom a message mentions.
pub fn read(body: &str) -> Mentions {
    let mut found = Mentions::default();
    // Most messages mention nobody.
    if !body.contains("<@") && !body.contains("<!") {
        return found;
    }
    for prose in prose::pieces(body) {
        read_prose(prose, &mut found);
    }
    found
}

/// Reads a piece of text in which nothing is code.
fn read_prose(prose: &str, found: &mut Mentions) {
    let mut rest = prose;
    while let Some(place) = rest.find(['<', '\\']) {
        let (sign, behind) = rest[place..].split_at(1);
        rest = behind;
        if sign == "\\" {
            // Whatever stands behind it means nothing; both bytes of an ASCII sign are passed over.
            rest = rest.strip_prefix(['<', '\\']).unwrap_or(rest);
        } else if let Some(end) = rest.bytes().take(LONGEST_WORD).position(|byte| byte == b'>')
            && read_word(&rest[..end], found)
        {
            rest = &rest[end + 1..];
        }
    }
}

/// Reads what stands between `<` and `>`; says whether it was a mention.
fn read_word(word: &str, found: &mut Mentions) -> bool {
    match word {
        "!channel" => found.channel = true,
        "!here" => found.here = true,
        _ => {
            let Some(Ok(person)) = word.strip_prefix('@').map(UserId::parse) else {
                return false;
            };
            if found.people.len() < MOST_PEOPLE {
                found.people.insert(person);
            }
        }
    }
    true
}

#[cfg(test)]
mod tests;
