//! What is done to messages and channels: decided on what stands, folded, and never half done.

use protocol::Role;
use protocol::event::PersonChanged;
use protocol::timeline::MessageFold;

use super::*;
use crate::log::Touch;
use crate::store::{LogStore as _, MessageStore as _, PersonStore as _};
use crate::testing::{edit, react, touch};

const DELETE: Touch = Touch::Delete;
const DEADLINE: Duration = Duration::from_secs(10);

impl Setting {
    /// With a message of each of the two people.
    async fn with_two_messages() -> (Self, Arc<Desk>) {
        let setting = Self::new().await;
        let desk = setting.desk().await;
        stored(desk.carry_out(send(&user(1), 1, "one")).await);
        stored(desk.carry_out(send(&user(2), 2, "two")).await);
        (setting, desk)
    }

    /// What the store says became of a message.
    async fn saved(&self, seq: u64) -> MessageFold {
        let mut folds = self.store.message_folds(&conversation(1), vec![seq]).await.unwrap();
        folds.remove(&seq).unwrap_or_default()
    }

    /// The same with what is not saved yet.
    async fn fold(&self, desk: &Desk, seq: u64) -> MessageFold {
        let unsaved = desk.look_with_unsaved(|_, unsaved| unsaved.get(&seq).cloned());
        let mut fold = self.saved(seq).await;
        fold.merge(&unsaved.unwrap_or_default());
        fold
    }

    /// An entry of another node that dies before it folds it.
    async fn append_elsewhere(&self, author: u128, number: u128, kind: EntryKind) -> Entry {
        let log = self.log().await;
        let ordinal = log.last().map_or(0, |last| last.ordinal) + u64::from(kind.is_message());
        let entry = Entry {
            client_id: client_id(number),
            ordinal,
            kind,
            ..crate::testing::message(&conversation(1), log.len() as u64 + 1, &user(author))
        };
        self.store.append(vec![entry.clone()]).await.unwrap();
        entry
    }
}

fn archived(on: bool) -> (UserId, ClientId, EntryKind) {
    (user(0), client_id(900), EntryKind::Archived { on })
}

fn deleted(target: u64) -> (UserId, ClientId, EntryKind) {
    (user(1), client_id(901), EntryKind::Delete { target })
}

#[tokio::test]
async fn reactions_at_once_share_their_writing_and_wait_for_no_fold() {
    let (setting, desk) = Setting::with_two_messages().await;
    let before = setting.store.writes();
    let emoji = ["👍", "🎉", "🙂", "🚀", "❤️"];
    let pending: Vec<_> = (0..20)
        .map(|number: u128| {
            let (author, target) = (user(1 + number % 2), 1 + u64::try_from(number / 10).unwrap());
            let emoji = emoji[usize::try_from(number / 2 % 5).unwrap()];
            desk.submit(touch(&author, 100 + number, target, react(emoji, true)))
                .unwrap()
        })
        .collect();
    for answer in pending {
        stored(answer.settled().await);
    }

    let after = setting.store.writes();
    assert!(
        after.0 - before.0 <= 3,
        "{} commits for twenty reactions",
        after.0 - before.0
    );
    assert_eq!(setting.fold(&desk, 1).await.current_reactions().len(), 5);
    let deadline = Instant::now() + DEADLINE;
    while setting.saved(2).await.current_reactions().len() < 5 {
        assert!(Instant::now() < deadline, "what became of messages is saved by itself");
        tokio::task::yield_now().await;
    }
    assert!(setting.store.writes().1 - before.1 <= 2);
    assert!(setting.store.unfolded().await.unwrap().is_empty());
}

#[tokio::test]
async fn touches_in_one_batch_build_on_each_other() {
    let (setting, desk) = Setting::with_two_messages().await;
    let me = user(1);
    let touches = [
        edit("first"),
        edit("first"),
        react("👍", true),
        react("👍", true),
        react("👍", false),
        DELETE,
        react("🎉", true),
        DELETE,
    ];
    let pending: Vec<_> = (100..)
        .zip(touches)
        .map(|(number, what)| desk.submit(touch(&me, number, 1, what)).unwrap())
        .collect();
    let mut answers = Vec::new();
    for answer in pending {
        answers.push(match answer.settled().await {
            Ok(Answer::Stored(entry)) => Ok(Some(entry.seq)),
            Ok(Answer::Unchanged) => Ok(None),
            Err(refusal) => Err(refusal.code),
        });
    }
    let deleted = Err(ErrorCode::MessageDeleted);
    let unchanged = Ok(None);
    let expected = [
        Ok(Some(3)),
        unchanged,
        Ok(Some(4)),
        unchanged,
        Ok(Some(5)),
        Ok(Some(6)),
        deleted,
        unchanged,
    ];
    assert_eq!(answers, expected);
    assert_eq!(setting.bodies().await[0], "");
}

#[tokio::test]
async fn one_emoji_too_many_is_refused_also_within_a_batch() {
    let setting = Setting::new().await;
    let desk = setting.desk().await;
    stored(desk.carry_out(send(&user(1), 1, "one")).await);
    let emoji = |number: u32| char::from_u32(0x1F600 + number).unwrap().to_string();
    let pending: Vec<_> = (0..41)
        .map(|number| {
            let author = user(1 + u128::from(number % 2));
            desk.submit(touch(&author, 100 + u128::from(number), 1, react(&emoji(number), true)))
                .unwrap()
        })
        .collect();
    let mut codes = Vec::new();
    for answer in pending {
        codes.extend(answer.settled().await.err().map(|refusal| refusal.code));
    }
    assert_eq!(codes, [ErrorCode::TooManyReactions]);
    stored(desk.carry_out(touch(&user(2), 300, 1, react(&emoji(0), true))).await);
}

#[tokio::test]
async fn who_is_overtaken_by_a_deletion_is_told_that_the_message_is_gone() {
    let (setting, desk) = Setting::with_two_messages().await;
    for (number, what) in [edit("new"), react("👍", true), Touch::Pin { on: true }]
        .into_iter()
        .enumerate()
    {
        let mut other = deleted(1);
        other.1 = client_id(900 + number as u128);
        let overtaken = (number == 0).then_some(Fault::Overtaken(vec![other]));
        setting.store.plan([overtaken]);
        let answer = desk.carry_out(touch(&user(1), 10 + number as u128, 1, what)).await;
        assert_eq!(code(answer), ErrorCode::MessageDeleted);
    }
    assert_eq!(setting.log().await.len(), 3);
    let answer = desk.carry_out(touch(&user(1), 20, 1, DELETE)).await.unwrap();
    assert_eq!(answer, Answer::Unchanged);
    assert_eq!(setting.bodies().await[0], "", "and now it is gone here too");
}

#[tokio::test]
async fn who_is_overtaken_by_an_archiving_is_told_and_a_repeat_is_still_answered() {
    let (setting, desk) = Setting::with_two_messages().await;
    let first = stored(desk.carry_out(touch(&user(2), 10, 1, react("👍", true))).await);
    setting.store.plan([Some(Fault::Overtaken(vec![archived(true)]))]);

    let late = [send(&user(1), 3, "three"), touch(&user(2), 11, 1, react("🎉", true))];
    let pending: Vec<_> = late
        .into_iter()
        .map(|proposal| desk.submit(proposal).unwrap())
        .collect();
    for answer in pending {
        assert_eq!(code(answer.settled().await), ErrorCode::Archived);
    }
    let again = desk.carry_out(touch(&user(2), 10, 1, react("👍", true))).await;
    assert_eq!(stored(again), first, "it was stored before");
    let again = desk.carry_out(send(&user(1), 1, "one")).await;
    assert_eq!(stored(again).seq, 1);
    let gone = desk.carry_out(Proposal {
        author: user(2),
        act: Act::Remove { person: user(2) },
    });
    stored(gone.await);
}

#[tokio::test]
async fn a_touch_that_another_node_stored_first_is_one_entry() {
    let (setting, desk) = Setting::with_two_messages().await;
    let what = react("👍", true);
    let same = EntryKind::React {
        target: 1,
        emoji: "👍".to_owned(),
        on: true,
    };
    let others = vec![from_another_node(800), (user(2), client_id(10), same)];
    setting.store.plan([Some(Fault::Overtaken(others))]);

    let entry = stored(desk.carry_out(touch(&user(2), 10, 1, what.clone())).await);
    assert_eq!(entry.seq, 4);
    assert_eq!(stored(desk.carry_out(touch(&user(2), 10, 1, what)).await), entry);
    assert_eq!(setting.log().await.len(), 4);
    let other = desk.carry_out(touch(&user(2), 10, 2, react("👍", true))).await;
    assert_eq!(code(other), ErrorCode::ClientIdReused);
    let other = desk.carry_out(send(&user(2), 10, "👍")).await;
    assert_eq!(code(other), ErrorCode::ClientIdReused);
}

#[tokio::test]
async fn a_repeat_is_answered_with_its_entry_whatever_happened_since() {
    let (setting, desk) = Setting::with_two_messages().await;
    let edited = stored(desk.carry_out(touch(&user(1), 10, 1, edit("new"))).await);
    let on = stored(desk.carry_out(touch(&user(2), 11, 1, react("👍", true))).await);
    stored(desk.carry_out(touch(&user(2), 12, 1, react("👍", false))).await);
    let gone = stored(desk.carry_out(touch(&user(1), 13, 1, DELETE)).await);

    let again = stored(desk.carry_out(touch(&user(1), 10, 1, edit("new"))).await);
    assert!(again.is_same(&edited) && again.kind == edited.kind.blanked());
    assert_eq!(
        stored(desk.carry_out(touch(&user(2), 11, 1, react("👍", true))).await),
        on
    );
    assert_eq!(stored(desk.carry_out(touch(&user(1), 13, 1, DELETE)).await), gone);
    let again = stored(desk.carry_out(send(&user(1), 1, "one")).await);
    assert_eq!((again.seq, again.kind.clone()), (1, again.kind.blanked()));
    assert_eq!(setting.log().await.len(), 6);
}

#[tokio::test]
async fn a_deletion_is_answered_only_when_the_words_are_gone() {
    let (setting, desk) = Setting::with_two_messages().await;
    stored(desk.carry_out(touch(&user(1), 10, 1, edit("rewritten"))).await);
    setting.store.plan([Some(Fault::LostAnswer)]);
    let gone = stored(desk.carry_out(touch(&user(1), 11, 1, DELETE)).await);
    assert_eq!((gone.seq, &*setting.bodies().await[0]), (4, ""));
    assert_eq!(setting.log().await[2].kind, EntryKind::edit(1, String::new()));
    assert!(setting.saved(1).await.is_deleted() && setting.saved(1).await.edit.is_none());
}

#[tokio::test]
async fn a_deletion_whose_fold_cannot_be_saved_is_not_acknowledged_and_its_repeat_heals_it() {
    let (setting, desk) = Setting::with_two_messages().await;
    setting.store.fail_saving(1);
    assert_eq!(
        code(desk.carry_out(touch(&user(1), 11, 1, DELETE)).await),
        ErrorCode::Unavailable
    );
    assert_eq!(setting.log().await.len(), 3, "the entry stands");

    let gone = stored(desk.carry_out(touch(&user(1), 11, 1, DELETE)).await);
    assert_eq!((gone.seq, &*setting.bodies().await[0]), (3, ""));
}

#[tokio::test]
async fn what_a_process_that_died_had_not_folded_is_folded_by_who_opens_the_conversation() {
    let setting = Setting::new().await;
    for number in [1, 2] {
        let body = format!("message {number}");
        setting
            .append_elsewhere(1, number, EntryKind::message(body, None))
            .await;
    }
    let body = "rewritten".to_owned();
    setting.append_elsewhere(1, 3, EntryKind::edit(1, body)).await;
    setting
        .append_elsewhere(2, 4, EntryKind::Pin { target: 2, on: true })
        .await;
    let topic = "Lunch".to_owned();
    setting.append_elsewhere(2, 5, EntryKind::Topic { topic }).await;
    setting.append_elsewhere(1, 6, EntryKind::Delete { target: 1 }).await;
    assert!(setting.saved(1).await.is_untouched());

    assert_eq!(setting.desks.heal().await.unwrap(), 1);

    assert!(setting.saved(1).await.is_deleted() && setting.saved(2).await.is_pinned());
    assert_eq!(setting.bodies().await[..2], ["", "message 2"]);
    assert_eq!(setting.log().await[2].kind, EntryKind::edit(1, String::new()));
    assert!(setting.store.unfolded().await.unwrap().is_empty());
    let desk = setting.desk().await;
    let code = code(desk.carry_out(touch(&user(1), 10, 1, edit("late"))).await);
    assert_eq!(code, ErrorCode::MessageDeleted);
    assert_eq!(desk.look(|record| record.fold.topic.clone().unwrap().value), "Lunch");
}

#[tokio::test]
async fn a_message_that_only_another_node_knows_can_be_answered_and_touched() {
    let (setting, desk) = Setting::with_two_messages().await;
    let body = "elsewhere".to_owned();
    setting.append_elsewhere(2, 800, EntryKind::message(body, None)).await;
    stored(desk.carry_out(touch(&user(1), 10, 3, react("👍", true))).await);

    let body = "elsewhere again".to_owned();
    setting.append_elsewhere(2, 801, EntryKind::message(body, None)).await;
    let mut answer = send(&user(1), 11, "an answer");
    let Act::Send { reply_to, .. } = &mut answer.act else {
        unreachable!()
    };
    *reply_to = Some(5);
    assert_eq!(stored(desk.carry_out(answer.clone()).await).seq, 6);

    let Act::Send {
        reply_to, client_id, ..
    } = &mut answer.act
    else {
        unreachable!()
    };
    (*reply_to, *client_id) = (Some(4), crate::testing::client_id(12));
    assert_eq!(
        code(desk.carry_out(answer).await),
        ErrorCode::NotFound,
        "that one is a reaction"
    );
    for target in [4, 7, u64::MAX, 0] {
        let answer = desk.carry_out(touch(&user(1), 13, target, react("🎉", true))).await;
        assert_eq!(code(answer), ErrorCode::NotFound);
    }
}

#[tokio::test]
async fn who_becomes_an_administrator_may_delete_from_then_on() {
    let (setting, desk) = Setting::with_two_messages().await;
    assert_eq!(
        code(desk.carry_out(touch(&user(2), 10, 1, DELETE)).await),
        ErrorCode::Forbidden
    );
    let person = |active, version| PersonChanged {
        id: user(2),
        name: "Ben".to_owned(),
        active,
        role: Role::Administrator,
        version,
    };
    setting.store.put_person(person(false, 1)).await.unwrap();
    assert_eq!(
        code(desk.carry_out(touch(&user(2), 10, 1, DELETE)).await),
        ErrorCode::Forbidden
    );
    setting.store.put_person(person(true, 2)).await.unwrap();
    stored(desk.carry_out(touch(&user(2), 10, 1, DELETE)).await);
}

#[tokio::test]
async fn a_store_that_does_not_answer_about_a_message_stops_nobody_else() {
    let (setting, desk) = Setting::with_two_messages().await;
    setting.store.leave_unanswered(1);
    let reaction = desk.submit(touch(&user(1), 10, 1, react("👍", true))).unwrap();
    let message = desk.submit(send(&user(1), 11, "three")).unwrap();
    assert_eq!(code(reaction.settled().await), ErrorCode::Unavailable);
    stored(message.settled().await);
    stored(desk.carry_out(touch(&user(1), 10, 1, react("👍", true))).await);
}
