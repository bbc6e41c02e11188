//! When the app may start again by itself: never under somebody's hands.

use std::time::Duration;

/// How long nobody may have written anything.
pub(super) const QUIET_FOR: Duration = Duration::from_mins(5);

/// What is going on just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// There is a window on the screen.
    pub(super) visible: bool,
    /// Since somebody wrote something; none when nobody did.
    pub(super) written_ago: Option<Duration>,
    /// Messages that wait to be sent.
    pub(super) unsent: u32,
}

impl Moment {
    /// Whether nobody would notice. A window on the screen would vanish and come back under somebody's eyes, so there a
    /// person decides.
    pub(super) fn suits(self) -> bool {
        let quiet = self.written_ago.is_none_or(|ago| ago >= QUIET_FOR);
        !self.visible && quiet && self.unsent == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALM: Moment = Moment {
        visible: false,
        written_ago: None,
        unsent: 0,
    };

    #[test]
    fn nobody_is_interrupted() {
        let wrote = |ago| Moment {
            written_ago: Some(ago),
            ..CALM
        };
        assert!(CALM.suits());
        assert!(wrote(QUIET_FOR).suits());
        assert!(!wrote(Duration::from_mins(4)).suits(), "somebody writes");
        assert!(!Moment { visible: true, ..CALM }.suits(), "somebody looks");
        assert!(!Moment { unsent: 1, ..CALM }.suits(), "a message is on its way");
    }
}
