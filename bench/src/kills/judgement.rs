//! Whether the mails that came are those that were promised: each once, or dead with a reason.

use std::collections::{BTreeMap, BTreeSet};

use event_bus::DeadLetter;
use test_kit::smtp::Mail;

/// Mails that mail-service sends at the same time: as many may go out twice when it is killed.
const SENT_AT_ONCE: usize = 4;

/// What became of a request for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answered {
    /// 202: the mail is promised.
    Accepted,
    /// Another answer: nothing is promised, and nobody tries again.
    Refused,
    /// None: it may come.
    Never,
}

/// Everything that is known in the end.
pub(super) struct Evidence {
    /// By address; each asks once.
    pub(super) requests: BTreeMap<String, Answered>,
    pub(super) mails: Vec<Mail>,
    /// Those that died in this run.
    pub(super) dead: Vec<DeadLetter>,
    pub(super) kills_of_mail_service: u32,
}

/// What came, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) figures: String,
    pub(super) faults: Vec<String>,
}

impl Outcome {
    /// Of a run in which nobody asked.
    pub(super) fn none() -> Self {
        Self {
            figures: "none were asked for".to_owned(),
            faults: Vec::new(),
        }
    }
}

impl Evidence {
    /// Whether every promised mail has come or is accounted for by a dead letter.
    pub(super) fn is_complete(&self) -> bool {
        self.missing().len() <= self.unsent().len()
    }

    /// Compares what was promised with what came.
    pub(super) fn judge(&self) -> Outcome {
        let mut faults = Vec::new();
        let (missing, unsent) = (self.missing(), self.unsent());
        if missing.len() > unsent.len() {
            let (lost, dead) = (missing.len(), unsent.len());
            faults.push(format!(
                "{lost} promised mails never came, {dead} are dead: {missing:?}"
            ));
        }
        let unexplained = unsent.iter().filter(|letter| letter.reason.is_empty()).count();
        if unexplained > 0 {
            faults.push(format!("{unexplained} dead letters have no reason"));
        }
        let mut doubles = 0;
        for (address, ids) in self.arrivals() {
            let different: BTreeSet<&String> = ids.iter().collect();
            if self.requests.contains_key(&address) && different.len() > 1 {
                faults.push(format!(
                    "{address} asked once and got {} mails: {different:?}",
                    different.len()
                ));
            }
            doubles += ids.len() - different.len();
        }
        let kills = self.kills_of_mail_service;
        if doubles > SENT_AT_ONCE * kills as usize {
            faults.push(format!(
                "{doubles} mails came twice, more than {kills} kills of mail-service explain"
            ));
        }
        Outcome {
            figures: self.figures(doubles),
            faults,
        }
    }

    fn figures(&self, doubles: usize) -> String {
        let count = |wanted| self.requests.values().filter(|answered| **answered == wanted).count();
        let unsent = self.unsent();
        let reasons: BTreeSet<&String> = unsent.iter().map(|letter| &letter.reason).collect();
        format!(
            "{} codes promised, {} requests refused, {} not answered; {} mails came, {doubles} of them again under the same \
             Message-ID; {} dead letters {reasons:?}",
            count(Answered::Accepted),
            count(Answered::Refused),
            count(Answered::Never),
            self.mails.len(),
            unsent.len(),
        )
    }

    /// Who was promised a mail and has none.
    fn missing(&self) -> Vec<String> {
        let arrived = self.arrivals();
        let is_missing = |address: &&String| !arrived.contains_key(*address);
        let promised = self
            .requests
            .iter()
            .filter(|(_, answered)| **answered == Answered::Accepted);
        promised
            .map(|(address, _)| address)
            .filter(is_missing)
            .cloned()
            .collect()
    }

    /// The dead letters whose mail did not come.
    fn unsent(&self) -> Vec<&DeadLetter> {
        let sent: BTreeSet<String> = self.arrivals().into_values().flatten().collect();
        let is_unsent = |letter: &&DeadLetter| !sent.contains(&letter.event_id);
        self.dead.iter().filter(is_unsent).collect()
    }

    /// For each address the mails that came, by the ids of their orders, which their Message-IDs begin with.
    fn arrivals(&self) -> BTreeMap<String, Vec<String>> {
        let mut arrivals: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for mail in &self.mails {
            let id = mail.header("Message-ID").unwrap_or_default();
            let id = id
                .trim_start_matches('<')
                .split('@')
                .next()
                .unwrap_or_default()
                .to_owned();
            for address in &mail.to {
                arrivals.entry(address.clone()).or_default().push(id.clone());
            }
        }
        arrivals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(to: &str, id: &str) -> Mail {
        Mail {
            greeted_as: "mail-service".to_owned(),
            user: None,
            encrypted: false,
            from: "loquat@localhost".to_owned(),
            to: vec![to.to_owned()],
            raw: format!("Message-ID: <{id}@localhost>\r\nTo: {to}\r\n\r\nYour code: 123456\r\n"),
        }
    }

    fn dead(id: &str, reason: &str) -> DeadLetter {
        DeadLetter {
            event_id: id.to_owned(),
            reason: reason.to_owned(),
            attempt: 1,
            died_at: 0,
        }
    }

    /// Ada was promised a mail, and nobody else asked.
    fn evidence(mails: &[Mail], dead: &[DeadLetter], kills_of_mail_service: u32) -> Evidence {
        Evidence {
            requests: BTreeMap::from([("ada@example.org".to_owned(), Answered::Accepted)]),
            mails: mails.to_vec(),
            dead: dead.to_vec(),
            kills_of_mail_service,
        }
    }

    #[test]
    fn a_promised_mail_comes_once() {
        let evidence = evidence(&[mail("ada@example.org", "otp_1")], &[], 0);

        assert!(evidence.is_complete());
        assert_eq!(evidence.judge().faults, Vec::<String>::new());
    }

    #[test]
    fn a_promised_mail_that_never_came_is_a_fault() {
        let evidence = evidence(&[mail("ben@example.org", "otp_1")], &[], 9);

        assert!(!evidence.is_complete());
        assert!(
            evidence.judge().faults[0].contains("ada@example.org"),
            "{:?}",
            evidence.judge()
        );
    }

    #[test]
    fn a_dead_letter_accounts_for_a_mail_only_with_a_reason_and_when_nothing_was_sent() {
        let explained = evidence(&[], &[dead("otp_1", "expired before it could be sent")], 0);
        assert!(explained.is_complete() && explained.judge().faults.is_empty());

        assert_eq!(evidence(&[], &[dead("otp_1", "")], 0).judge().faults.len(), 1);

        let of_another = [mail("ben@example.org", "otp_1")];
        assert!(!evidence(&of_another, &[dead("otp_1", "expired")], 0).is_complete());
    }

    #[test]
    fn the_same_mail_may_come_again_only_when_mail_service_was_killed() {
        let twice = [mail("ada@example.org", "otp_1"), mail("ada@example.org", "otp_1")];

        assert_eq!(evidence(&twice, &[], 1).judge().faults, Vec::<String>::new());
        assert_eq!(evidence(&twice, &[], 0).judge().faults.len(), 1);
    }

    #[test]
    fn two_different_mails_for_one_request_are_a_fault() {
        let two = [mail("ada@example.org", "otp_1"), mail("ada@example.org", "otp_2")];

        assert_eq!(evidence(&two, &[], 9).judge().faults.len(), 1);
    }
}
