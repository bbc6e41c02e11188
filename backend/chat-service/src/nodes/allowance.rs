//! What people may do in a time, shared by all nodes.
//!
//! Each node keeps the buckets and tells the others what was taken, a few times a second: nobody's message waits for
//! another node, and somebody with sockets at two of them has one allowance but for that moment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use protocol::{UnixMs, UserId};
use service_kit::rate::{Buckets, WaitMs};

use super::note::{Note, Used};
use super::telling::Neighbours;
use crate::chat::Chat;
use crate::settings::Settings;

/// How often the others are told.
const TELL_EVERY: Duration = Duration::from_millis(200);
/// People in one note.
const TOLD_TOGETHER: usize = 500;
/// People whose use waits to be told; more are not told of, and have an allowance at each node for a moment.
const MOST_UNTOLD: usize = 20_000;

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Messages, and everything done to them.
    Send = 0,
    /// Conversations made, joined and changed.
    Change = 1,
    /// Read marks, live signs and fresh tokens.
    Read = 2,
}

/// The buckets of one node.
pub struct Allowance {
    buckets: [Buckets<UserId>; 3],
    untold: Option<Mutex<HashMap<UserId, [u32; 3]>>>,
}

impl Allowance {
    /// Full buckets; what is taken is kept to be told when there may be others.
    pub fn new(settings: &Settings, neighbours: &Neighbours) -> Self {
        let turns = || Buckets::new(f64::from(settings.sends_per_s), f64::from(settings.send_burst));
        let changes = Buckets::new(
            f64::from(settings.changes_per_min) / 60.0,
            f64::from(settings.change_burst),
        );
        Self {
            buckets: [turns(), changes, turns()],
            untold: neighbours.may_exist().then(Mutex::default),
        }
    }

    /// Takes one turn, or says how long until there is one.
    pub fn take(&self, kind: Kind, person: &UserId, now: UnixMs) -> Result<(), WaitMs> {
        self.buckets[kind as usize].take(person, now)?;
        if let Some(mut untold) = self.untold() {
            let is_room = untold.len() < MOST_UNTOLD || untold.contains_key(person);
            if is_room {
                untold.entry(person.clone()).or_default()[kind as usize] += 1;
            }
        }
        Ok(())
    }

    /// What people have taken at another node.
    pub fn hear(&self, chat: &Chat, used: &[Used]) {
        let now = chat.clock.now();
        for Used { person, turns } in used {
            for (bucket, taken) in self.buckets.iter().zip(turns).filter(|(_, taken)| **taken > 0) {
                bucket.drain(person, *taken, now);
            }
        }
    }

    fn take_untold(&self) -> Vec<Used> {
        let untold = self.untold().map(|mut untold| std::mem::take(&mut *untold));
        let used = untold.into_iter().flatten();
        used.map(|(person, turns)| Used { person, turns }).collect()
    }

    fn untold(&self) -> Option<MutexGuard<'_, HashMap<UserId, [u32; 3]>>> {
        let untold = self.untold.as_ref()?;
        Some(untold.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tells the others what was taken, until the process stops.
pub async fn tell(chat: Arc<Chat>) -> anyhow::Result<()> {
    let mut stopping = std::pin::pin!(chat.lifecycle.stopping());
    loop {
        tokio::select! {
            () = &mut stopping => return Ok(()),
            () = tokio::time::sleep(TELL_EVERY) => {}
        }
        for used in chat.allowance.take_untold().chunks(TOLD_TOGETHER) {
            chat.sockets.neighbours.tell(|| Note::Used { used: used.to_vec() });
        }
    }
}
