//! What this person does to messages, from the outbox until it is stored or refused.

use protocol::{ClientId, Conversation, Entry, ErrorCode};

use super::folding::{different, edit, react, view};
use super::rules::{caught_up, id, live, said, take};
use crate::change::Change;
use crate::rest::refused_here;
use crate::store::acts::{self, WaitingAct};
use crate::store::outbox;
use crate::store::testing::OpenFile;
use crate::sync::Event;
use crate::view::{MessageAct, PendingMessage};
use crate::views::Viewer;

fn act(file: &mut OpenFile, number: u128, target: u64, act: MessageAct) -> (WaitingAct, Vec<Change>) {
    let waiting = WaitingAct {
        client_id: ClientId::from_random(number),
        conversation: id(),
        target,
        act,
        done_at: 5,
    };
    let ((), changes) = file.write(|writing| acts::add(writing, &waiting)).unwrap();
    (waiting, changes)
}

#[test]
fn an_act_looks_done_at_once_and_stays_so_when_it_is_stored_far_ahead() {
    let mut file = caught_up(3);
    let like = MessageAct::React {
        emoji: "👍".to_owned(),
        on: true,
    };
    let (waiting, changes) = act(&mut file, 900, 2, like);
    let shown = different(&changes).remove(0);
    assert!(shown.pending && shown.reactions[0].mine);

    let stored = Entry {
        client_id: waiting.client_id,
        ..react(1, 7, 2)
    };
    let (outcome, changes) = take(&mut file, vec![Event::Stored(stored)]);

    assert_eq!(outcome.resume, None);
    let shown = different(&changes).remove(0);
    assert!(!shown.pending && shown.reactions[0].mine);
    assert_eq!(acts::on(file.connection(), &id(), 2).unwrap(), []);
}

#[test]
fn an_act_that_is_refused_leaves_no_trace_and_is_said() {
    let mut file = caught_up(3);
    let before = view(&mut file, 2);
    let body = "mine now".to_owned();
    let (waiting, _) = act(&mut file, 900, 2, MessageAct::Edit { body });
    assert_eq!(view(&mut file, 2).body, "mine now");
    let failure = refused_here(ErrorCode::Forbidden);
    let client_id = waiting.client_id;
    let refused = Event::SendRefused {
        client_id,
        failure: failure.clone(),
    };
    let (_, changes) = take(&mut file, vec![refused]);
    assert_eq!(different(&changes), [before]);
    let said = Change::ActRefused {
        conversation: id(),
        seq: 2,
        act: waiting.act,
        failure,
    };
    assert!(changes.contains(&said), "{changes:?}");
}

#[test]
fn acts_on_one_message_go_one_after_the_other() {
    let mut file = caught_up(3);
    for (number, target) in [(900, 2), (901, 2), (902, 3)] {
        act(&mut file, number, target, MessageAct::Pin { on: number != 901 });
    }
    let next = outbox::next(file.connection(), &std::collections::HashSet::new(), 10).unwrap();
    let numbers: Vec<ClientId> = next.into_iter().map(|outgoing| outgoing.client_id).collect();
    assert_eq!(numbers, [ClientId::from_random(900), ClientId::from_random(902)]);
    take(&mut file, vec![Event::Unchanged(ClientId::from_random(900))]);
    let next = outbox::next(file.connection(), &std::collections::HashSet::new(), 10).unwrap();
    assert_eq!(next[0].client_id, ClientId::from_random(901));
}

#[test]
fn what_was_done_under_another_epoch_is_dropped_and_what_was_written_is_not() {
    let mut file = caught_up(3);
    act(&mut file, 900, 2, MessageAct::Delete);
    let message = |disk: &crate::store::Reading| PendingMessage {
        client_id: ClientId::from_random(901).into(),
        conversation: id(),
        body: "an answer".to_owned(),
        reply: Some(Viewer::new(disk).unwrap().reply(&id(), 2).unwrap()),
        written_at: 0,
        failure: None,
    };
    file.write(|writing| outbox::add(writing, &message(writing.disk)))
        .unwrap();

    let restored = Conversation {
        epoch: "two".to_owned(),
        ..said(2)
    };
    let (_, changes) = take(&mut file, vec![Event::Welcome(vec![restored])]);

    let is_refused = |change: &Change| {
        matches!(
            change,
            Change::ActRefused {
                seq: 2,
                act: MessageAct::Delete,
                ..
            }
        )
    };
    assert!(changes.iter().any(is_refused), "{changes:?}");
    let waiting = outbox::of_conversation(file.connection(), &id()).unwrap();
    assert_eq!(
        (waiting.len(), waiting[0].body.as_str(), &waiting[0].reply),
        (1, "an answer", &None)
    );
    assert_eq!(
        outbox::next(file.connection(), &std::collections::HashSet::new(), 10)
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_waiting_answer_shows_what_it_answers_as_that_is_now() {
    let mut file = caught_up(3);
    let write = |writing: &mut crate::store::Writing<'_>| {
        let message = PendingMessage {
            client_id: ClientId::from_random(901).into(),
            conversation: id(),
            body: "an answer".to_owned(),
            reply: Some(Viewer::new(writing.disk)?.reply(&id(), 2)?),
            written_at: 0,
            failure: None,
        };
        outbox::add(writing, &message)
    };
    file.write(write).unwrap();
    let (_, changes) = take(&mut file, vec![live(edit(4, 2, "better"))]);
    let pending = changes.iter().find_map(|change| match change {
        Change::Pending { pending, .. } => pending[0].reply.clone(),
        _ => None,
    });
    assert_eq!(pending.unwrap().excerpt.as_deref(), Some("better"));
}
