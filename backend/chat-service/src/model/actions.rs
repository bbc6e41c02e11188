//! What people may think of doing, sensible or not.

use protocol::{ClientId, Entry, UserId};
use rand::RngExt as _;
use rand::rngs::StdRng;

use crate::log::{Act, Proposal, Touch};
use crate::testing::user;

/// People who act: the first made the channel, the fourth is an administrator, the last is no member at first.
const PEOPLE: u128 = 5;
const EMOJI: &[&str] = &["👍", "🎉", "🙂", "❤️"];

/// Random actions, each under a name of its own.
#[derive(Default)]
pub(super) struct Actions {
    made: u128,
}

impl Actions {
    /// Something somebody does where the log stands so.
    pub(super) fn next(&mut self, random: &mut StdRng, log: &[Entry]) -> Proposal {
        self.made += 1;
        let client_id = ClientId::from_random(5_000_000 + self.made);
        let author = someone(random);
        let act = match random.random_range(0..100) {
            0..30 => Act::Send {
                client_id,
                body: format!("message {}{}", self.made, naming(random)),
                reply_to: random.random_ratio(1, 4).then(|| target(random, log).0),
                after: None,
            },
            30..90 => return self.touch(random, log, client_id),
            90..93 => Act::Add {
                person: someone(random),
            },
            // The administrator stays: nobody else could open the channel when its owner has left it archived.
            93 => Act::Remove {
                person: user(random.random_range(0..3)),
            },
            94 => Act::Rename {
                name: format!("name {}", random.random_range(0..3)),
            },
            95 => Act::SetTopic {
                topic: format!("topic {}", random.random_range(0..3)),
            },
            _ => {
                // Opened sooner than archived, or nothing would happen most of the time.
                let on = random.random_ratio(1, 6);
                let author = user([0, 3, 4][random.random_range(0..3)]);
                return Proposal {
                    author,
                    act: Act::Archive { on },
                };
            }
        };
        Proposal { author, act }
    }

    fn touch(&self, random: &mut StdRng, log: &[Entry], client_id: ClientId) -> Proposal {
        let (target, written_by) = target(random, log);
        let by_its_author = random.random_ratio(3, 4);
        let touch = match random.random_range(0..12) {
            0..4 => Touch::Edit {
                body: format!("edit {}{}", self.made, naming(random)),
            },
            4 => Touch::Delete,
            5..10 => Touch::React {
                emoji: EMOJI[random.random_range(0..EMOJI.len())].to_owned(),
                on: random.random_ratio(2, 3),
            },
            _ => Touch::Pin {
                on: random.random_ratio(2, 3),
            },
        };
        let needs_author = matches!(touch, Touch::Edit { .. } | Touch::Delete);
        let author = written_by.filter(|_| needs_author && by_its_author);
        Proposal {
            author: author.unwrap_or_else(|| someone(random)),
            act: Act::Touch {
                client_id,
                target,
                touch,
            },
        }
    }
}

/// Now and then somebody, everybody, or those who are there.
fn naming(random: &mut StdRng) -> String {
    match random.random_range(0..8) {
        0 | 1 => format!(" <@{}>", someone(random)),
        2 => " <!channel>".to_owned(),
        3 => format!(" <!here> `<@{}>`", someone(random)),
        _ => String::new(),
    }
}

fn someone(random: &mut StdRng) -> UserId {
    user(random.random_range(0..PEOPLE))
}

/// Mostly a recent message and its author, so that people meet at the same ones; now and then what is no message.
fn target(random: &mut StdRng, log: &[Entry]) -> (u64, Option<UserId>) {
    let anything = (log.len() as u64 + 3).saturating_sub(random.random_range(0..6));
    if random.random_ratio(1, 30) {
        return (anything, None);
    }
    let recent = log.iter().rev().filter(|entry| entry.kind.is_message());
    let chosen = recent.take(15).nth(random.random_range(0..15));
    chosen.map_or((anything, None), |entry| (entry.seq, Some(entry.author.clone())))
}
