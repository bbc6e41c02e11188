//! What every receiver got, and whether it is what was sent: nothing missing, nothing twice, one order for all.

/// What all receivers got, each in the order in which it came.
#[derive(Debug)]
pub(super) struct Receipts {
    by_receiver: Vec<Receiver>,
}

#[derive(Debug, Clone, Default)]
struct Receiver {
    messages: Vec<u32>,
    /// The newest position, where the server numbers what it delivers.
    last_seq: Option<u64>,
    /// Deliveries whose position did not follow the one before.
    out_of_order: u64,
}

/// What was wrong, over all receivers. One of them voids a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Faults {
    pub(super) missing: u64,
    pub(super) doubled: u64,
    pub(super) out_of_order: u64,
}

impl Receipts {
    pub(super) fn of(receivers: usize) -> Self {
        Self {
            by_receiver: vec![Receiver::default(); receivers],
        }
    }

    /// Notes that a receiver got a message, at this position if the server told one.
    pub(super) fn note(&mut self, receiver: usize, message: u32, seq: Option<u64>) {
        let receiver = &mut self.by_receiver[receiver];
        if let (Some(last), Some(seq)) = (receiver.last_seq, seq)
            && seq != last + 1
        {
            receiver.out_of_order += 1;
        }
        receiver.last_seq = seq.or(receiver.last_seq);
        receiver.messages.push(message);
    }

    /// Deliveries of all receivers together.
    pub(super) fn count(&self) -> u64 {
        self.by_receiver
            .iter()
            .map(|receiver| receiver.messages.len() as u64)
            .sum()
    }

    /// Compares with the messages 0 to `sent`, all of which every receiver should have.
    ///
    /// The first receiver's order counts for all: which order that is, is the server's choice.
    pub(super) fn check(&self, sent: u32) -> Faults {
        let mut faults = Faults::default();
        let mut rank: Vec<Option<usize>> = vec![None; sent as usize];
        if let Some(first) = self.by_receiver.first() {
            for (position, message) in first.messages.iter().enumerate() {
                if let Some(held @ None) = rank.get_mut(*message as usize) {
                    *held = Some(position);
                }
            }
        }
        for receiver in &self.by_receiver {
            receiver.compare(&rank, &mut faults);
        }
        faults
    }
}

impl Receiver {
    fn compare(&self, rank: &[Option<usize>], faults: &mut Faults) {
        let mut seen = vec![false; rank.len()];
        let mut highest = None;
        for message in self.messages.iter().map(|message| *message as usize) {
            // A message that was never sent counts like one too many.
            if seen.get(message).is_none_or(|seen| *seen) {
                faults.doubled += 1;
                continue;
            }
            seen[message] = true;
            if rank[message].is_some() && rank[message] < highest {
                faults.out_of_order += 1;
            }
            highest = highest.max(rank[message]);
        }
        faults.missing += seen.iter().filter(|seen| !**seen).count() as u64;
        faults.out_of_order += self.out_of_order;
    }
}

impl Faults {
    pub(super) fn are_none(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(received: &[&[u32]], sent: u32) -> Faults {
        let mut receipts = Receipts::of(received.len());
        for (receiver, messages) in received.iter().enumerate() {
            for message in *messages {
                receipts.note(receiver, *message, None);
            }
        }
        receipts.check(sent)
    }

    #[test]
    fn everything_once_and_in_one_order_is_no_fault() {
        assert!(check(&[&[0, 1, 2], &[0, 1, 2]], 3).are_none());
        // The server may choose another order than that of sending, as long as it is the same for all.
        assert!(check(&[&[1, 0, 2], &[1, 0, 2]], 3).are_none());
    }

    #[test]
    fn what_one_receiver_lacks_is_missing() {
        let expected = Faults {
            missing: 1,
            ..Faults::default()
        };
        assert_eq!(check(&[&[0, 1, 2], &[0, 2]], 3), expected);
        assert_eq!(check(&[&[0, 2], &[0, 1, 2]], 3), expected);
    }

    #[test]
    fn what_comes_twice_or_was_never_sent_is_doubled() {
        let expected = Faults {
            doubled: 1,
            ..Faults::default()
        };
        assert_eq!(check(&[&[0, 1], &[0, 1, 1]], 2), expected);
        assert_eq!(check(&[&[0, 1], &[0, 1, 7]], 2), expected);
    }

    #[test]
    fn two_receivers_with_two_orders_are_out_of_order() {
        let faults = check(&[&[0, 1, 2], &[0, 2, 1]], 3);
        assert_eq!(
            faults,
            Faults {
                out_of_order: 1,
                ..Faults::default()
            }
        );
    }

    #[test]
    fn positions_that_do_not_follow_each_other_are_out_of_order() {
        let mut receipts = Receipts::of(1);
        for (message, seq) in [(0, 7), (1, 9), (2, 8)] {
            receipts.note(0, message, Some(seq));
        }
        assert_eq!(receipts.check(3).out_of_order, 2);
        assert_eq!(receipts.count(), 3);
    }
}
