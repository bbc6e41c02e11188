//! What this service counts, apart by the kind of mail.

use service_kit::metrics::{CounterBy, Histogram, Metrics};

use crate::mails::Outcome;
use crate::order::Kind;

const KINDS: &[&str] = &[name(Kind::Code), name(Kind::Invitation)];

pub(crate) struct Measures {
    sent: CounterBy,
    retried: CounterBy,
    dead: CounterBy,
    after_crash: CounterBy,
    pub(crate) handover: Histogram,
}

impl Measures {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        let by_kind = |name, help| metrics.counter_by(name, help, "kind", KINDS);
        Self {
            sent: by_kind("mails_sent", "Mails that a mail server has taken, by kind"),
            retried: by_kind("mails_retried", "Tries that failed and come again, by kind"),
            dead: by_kind("mails_dead", "Mails that were given up, by kind"),
            after_crash: by_kind(
                "mails_sent_after_crash",
                "Mails that went out although an earlier try may have sent them, by kind",
            ),
            handover: metrics.times("mail_handover", "Handing a mail over, or failing to"),
        }
    }

    pub(crate) fn count(&self, kind: Kind, outcome: &Outcome) {
        let counter = match outcome {
            Outcome::Sent => &self.sent,
            Outcome::Again { .. } => &self.retried,
            Outcome::Dead { .. } => &self.dead,
            Outcome::SentBefore | Outcome::Busy { .. } => return,
        };
        counter.count(name(kind));
    }

    pub(crate) fn count_after_crash(&self, kind: Kind) {
        self.after_crash.count(name(kind));
    }
}

const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Code => "code",
        Kind::Invitation => "invitation",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever is woken at night looks there.
    #[test]
    fn every_figure_is_explained() {
        let metrics = Metrics::default();
        drop(Measures::new(&metrics));
        let page = include_str!("../../../docs/reference/metrics.md");
        assert_eq!(metrics.unexplained_by(page), Ok(Vec::new()));
    }
}
