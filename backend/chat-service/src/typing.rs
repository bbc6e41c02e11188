//! Who types where. Never stored; told to those who look at the conversation, and to nobody else.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use protocol::{ConversationId, UnixMs, UserId};

use crate::chat::Chat;
use crate::log::standing::{require_member, require_open};
use crate::nodes::note::Note;
use crate::read_marks::take_turn;
use crate::refusal::Refusal;

/// People of one conversation whose typing is told within one interval. When more type, "several people" says it
/// all, and five hundred at once cost no more than five.
const MOST_TYPISTS: usize = 5;
/// Conversations in which somebody types that are looked through for old ones only from time to time.
const FEW: usize = 64;

/// Who was told to type where, within the last interval.
pub struct Typing {
    interval_ms: UnixMs,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    by_conversation: HashMap<ConversationId, Vec<(UserId, UnixMs)>>,
    sweep_above: usize,
}

impl Typing {
    /// Nobody types. A person's typing is told once per interval and conversation.
    pub fn new(interval_s: u32) -> Self {
        Self {
            interval_ms: UnixMs::from(interval_s) * 1000,
            told: Mutex::default(),
        }
    }

    /// Whether the others are to be told now that this person types there.
    pub fn is_due(&self, person: &UserId, conversation: &ConversationId, now: UnixMs) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.by_conversation.len() > told.sweep_above {
            told.by_conversation.retain(|_, typists| {
                typists.retain(|(_, at)| self.is_recent(*at, now));
                !typists.is_empty()
            });
            told.sweep_above = FEW.max(told.by_conversation.len() * 2);
        }
        let typists = told.by_conversation.entry(conversation.clone()).or_default();
        typists.retain(|(_, at)| self.is_recent(*at, now));
        let is_due = typists.len() < MOST_TYPISTS && typists.iter().all(|(typist, _)| typist != person);
        if is_due {
            typists.push((person.clone(), now));
        }
        is_due
    }

    /// This person sent what they typed: their next key begins another message, and is told at once.
    pub fn ended(&self, person: &UserId, conversation: &ConversationId) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(typists) = told.by_conversation.get_mut(conversation) {
            typists.retain(|(typist, _)| typist != person);
        }
    }

    /// Who was told to type there within the last interval.
    pub fn typists(&self, conversation: &ConversationId, now: UnixMs) -> Vec<UserId> {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let typists = told.by_conversation.get(conversation).into_iter().flatten();
        let recent = typists.filter(|(_, at)| self.is_recent(*at, now));
        recent.map(|(person, _)| person.clone()).collect()
    }

    /// A time that lies ahead was told by a clock that went back since.
    fn is_recent(&self, at: UnixMs, now: UnixMs) -> bool {
        (0..self.interval_ms).contains(&(now - at))
    }
}

/// Takes note that a person types, and tells it to those who look at the conversation, if it is time to.
pub async fn note(chat: &Chat, person: &UserId, conversation: &ConversationId) -> Result<(), Refusal> {
    take_turn(chat, person)?;
    let desk = chat.open(conversation).await?;
    desk.look(|record| require_member(record, person).and_then(|()| require_open(record)))?;
    if chat.typing.is_due(person, conversation, chat.clock.now()) {
        chat.sockets.onlookers.typing(conversation, person);
        chat.sockets.neighbours.tell(|| Note::Typing {
            person: person.clone(),
            conversation: conversation.clone(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{conversation, user};

    #[test]
    fn a_person_is_told_once_per_interval_and_conversation() {
        let typing = Typing::new(3);
        assert!(typing.is_due(&user(1), &conversation(1), 0));
        assert!(!typing.is_due(&user(1), &conversation(1), 2_999));
        assert!(typing.is_due(&user(1), &conversation(2), 2_999), "elsewhere");
        assert!(typing.is_due(&user(2), &conversation(1), 2_999), "somebody else");
        assert!(typing.is_due(&user(1), &conversation(1), 3_000));
        assert_eq!(typing.typists(&conversation(1), 3_001), [user(2), user(1)]);
        assert!(typing.typists(&conversation(1), 6_000).is_empty());
    }

    #[test]
    fn whoever_sent_a_message_may_be_told_anew_and_others_not() {
        let typing = Typing::new(3);
        assert!(typing.is_due(&user(1), &conversation(1), 0));
        assert!(typing.is_due(&user(2), &conversation(1), 0));
        typing.ended(&user(1), &conversation(1));
        assert_eq!(typing.typists(&conversation(1), 1), [user(2)]);
        assert!(typing.is_due(&user(1), &conversation(1), 1));
        assert!(!typing.is_due(&user(2), &conversation(1), 1));
    }

    #[test]
    fn five_hundred_who_type_at_once_are_told_as_five() {
        let typing = Typing::new(3);
        let told = |now| {
            (0..500)
                .filter(|number| typing.is_due(&user(*number), &conversation(1), now))
                .count()
        };
        assert_eq!((told(0), told(1_000), told(3_000)), (MOST_TYPISTS, 0, MOST_TYPISTS));
    }

    #[test]
    fn a_clock_that_is_set_back_silences_nobody() {
        let typing = Typing::new(3);
        assert!(typing.is_due(&user(1), &conversation(1), 1_000_000));
        assert!(typing.is_due(&user(1), &conversation(1), 1_000));
    }

    #[test]
    fn conversations_in_which_nobody_types_any_more_are_forgotten() {
        let typing = Typing::new(3);
        for number in 0..10_000 {
            assert!(typing.is_due(&user(1), &conversation(number), i64::try_from(number).unwrap() * 100));
        }
        let held = typing.told.lock().unwrap().by_conversation.len();
        assert!(held <= 2 * FEW, "{held}");
    }
}
