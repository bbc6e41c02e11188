//! What this service counts, apart by the kind of mail.

use service_kit::metrics::{CounterBy, Histogram, Label, Metrics};

use crate::mails::Outcome;
use crate::order::Kind;

pub(crate) struct Measures {
    sent: CounterBy,
    retried: CounterBy,
    dead: CounterBy,
    after_crash: CounterBy,
    pub(crate) handover: Histogram,
}

impl Measures {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        let measures = Self {
            sent: metrics.counter_by("mails_sent", "Mails that a mail server has taken, by kind"),
            retried: metrics.counter_by("mails_retried", "Tries that failed and come again, by kind"),
            dead: metrics.counter_by("mails_dead", "Mails that were given up, by kind"),
            after_crash: metrics.counter_by(
                "mails_sent_after_crash",
                "Mails that went out although an earlier try may have sent them, by kind",
            ),
            handover: metrics.times("mail_handover", "Handing a mail over, or failing to"),
        };
        for counter in [&measures.sent, &measures.retried, &measures.dead, &measures.after_crash] {
            for kind in [Kind::Code, Kind::Invitation] {
                // So that it is listed before the first one.
                drop(counter.get_or_create(&label(kind)));
            }
        }
        measures
    }

    pub(crate) fn count(&self, kind: Kind, outcome: &Outcome) {
        let counter = match outcome {
            Outcome::Sent => &self.sent,
            Outcome::Again { .. } => &self.retried,
            Outcome::Dead { .. } => &self.dead,
            Outcome::SentBefore | Outcome::Busy { .. } => return,
        };
        counter.get_or_create(&label(kind)).inc();
    }

    pub(crate) fn count_after_crash(&self, kind: Kind) {
        self.after_crash.get_or_create(&label(kind)).inc();
    }
}

fn label(kind: Kind) -> Label {
    let kind = match kind {
        Kind::Code => "code",
        Kind::Invitation => "invitation",
    };
    [("kind", kind)]
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
