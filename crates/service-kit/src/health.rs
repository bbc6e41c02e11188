//! What is ready and what is not, for load balancers and people.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

/// The state of every part a process depends on. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Health {
    parts: Arc<Mutex<BTreeMap<&'static str, Result<(), String>>>>,
}

/// One part; says how it is whenever that changes.
#[derive(Clone)]
pub struct Part {
    name: &'static str,
    health: Health,
}

/// What `/readyz` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Readiness {
    pub ready: bool,
    /// Each part with `ready` or the reason why it is not.
    pub parts: BTreeMap<&'static str, String>,
}

impl Health {
    /// Adds a part, not ready until it says so.
    pub fn part(&self, name: &'static str) -> Part {
        let part = Part {
            name,
            health: self.clone(),
        };
        part.failed("starting");
        part
    }

    /// How everything is now.
    pub fn readiness(&self) -> Readiness {
        let parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        let text = |state: &Result<(), String>| state.clone().map_or_else(|reason| reason, |()| "ready".to_owned());
        Readiness {
            ready: parts.values().all(Result::is_ok),
            parts: parts.iter().map(|(name, state)| (*name, text(state))).collect(),
        }
    }

    /// Whether each part works.
    pub(crate) fn ready_parts(&self) -> Vec<(&'static str, bool)> {
        let parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.iter().map(|(name, state)| (*name, state.is_ok())).collect()
    }
}

impl Part {
    /// The part works.
    pub fn ready(&self) {
        self.set(Ok(()));
    }

    /// The part does not work, and why.
    pub fn failed(&self, reason: impl Into<String>) {
        self.set(Err(reason.into()));
    }

    fn set(&self, state: Result<(), String>) {
        self.health
            .parts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(self.name, state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_that_is_not_ready_makes_the_whole_not_ready() {
        let health = Health::default();
        let (database, mail) = (health.part("database"), health.part("mail"));
        database.ready();
        assert!(!health.readiness().ready);
        mail.failed("no answer from the SMTP server");
        assert_eq!(health.readiness().parts["mail"], "no answer from the SMTP server");
        mail.ready();
        assert!(health.readiness().ready);
    }
}
