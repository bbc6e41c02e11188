//! What is done to messages.

use super::*;

/// Where the acts of a story stand: behind the messages.
const FIRST: u64 = MESSAGES + 2;

fn edit(body: &str) -> EntryKind {
    EntryKind::edit(2, body.to_owned())
}

fn react(on: bool) -> EntryKind {
    EntryKind::React {
        target: 2,
        emoji: "👍".to_owned(),
        on,
    }
}

const DELETE: EntryKind = EntryKind::Delete { target: 2 };

/// The breaches of a history in which these acts stand behind the messages, each done by its author and promised.
fn breaches_after(acts: &[(UserId, EntryKind)]) -> Vec<Breach> {
    let done: Vec<Deed> = acts
        .iter()
        .map(|(author, kind)| deed(author.clone(), kind.clone(), Promise::Kept))
        .collect();
    breaches_with(&done, acts)
}

fn breaches_with(done: &[Deed], acts: &[(UserId, EntryKind)]) -> Vec<Breach> {
    let mut entries = right_log();
    for (seq, (author, kind)) in (FIRST..).zip(acts) {
        entries.push(entry(seq, author.clone(), kind.clone()));
    }
    if acts.iter().any(|(_, kind)| *kind == DELETE) {
        for entry in &mut entries {
            if entry.seq == 2 || entry.kind.target() == Some(2) {
                entry.kind = entry.kind.blanked();
            }
        }
    }
    let done: Vec<Deed> = deeds().into_iter().chain(done.iter().cloned()).collect();
    breaches(check_logs(&done, &[log("ben", entries)]))
}

#[test]
fn a_right_story_has_no_violation() {
    let pin = EntryKind::Pin { target: 3, on: true };
    let story = [
        (ada(), edit("anew")),
        (ben(), react(true)),
        (ben(), react(false)),
        (ben(), react(true)),
        (ben(), pin),
        (olga(), DELETE),
    ];
    assert_eq!(breaches_after(&story), []);
}

#[test]
fn a_promised_edit_that_is_not_there_is_lost_unless_its_message_is() {
    let done = [deed(ada(), edit("anew"), Promise::Kept)];
    assert_eq!(breaches_with(&done, &[]), [Breach::Lost]);
    let done = [done[0].clone(), deed(olga(), DELETE, Promise::Kept)];
    assert_eq!(breaches_with(&done, &[(olga(), DELETE)]), []);
}

#[test]
fn edits_of_one_device_in_another_order_are_swapped() {
    let done = [
        deed(ada(), edit("one"), Promise::Kept),
        deed(ada(), edit("two"), Promise::Kept),
    ];
    let swapped = [(ada(), edit("two")), (ada(), edit("one"))];
    assert_eq!(breaches_with(&done, &swapped), [Breach::Swapped]);
}

#[test]
fn an_edit_that_stands_twice_is_doubled() {
    let done = [
        deed(ada(), edit("one"), Promise::Kept),
        deed(ada(), edit("two"), Promise::Kept),
    ];
    let story = [(ada(), edit("one")), (ada(), edit("two")), (ada(), edit("one"))];
    assert_eq!(breaches_with(&done, &story), [Breach::Doubled]);
}

#[test]
fn an_act_that_nobody_did_is_foreign() {
    assert_eq!(breaches_with(&[], &[(ben(), react(true))]), [Breach::Foreign]);
    let nothing_there = EntryKind::Pin { target: 1, on: true };
    assert_eq!(breaches_after(&[(ben(), nothing_there)]), [Breach::Foreign]);
}

#[test]
fn a_reaction_that_is_put_there_twice_changes_nothing() {
    assert_eq!(
        breaches_after(&[(ben(), react(true)), (ben(), react(true))]),
        [Breach::Idle]
    );
    assert_eq!(breaches_after(&[(ben(), react(false))]), [Breach::Idle]);
    assert_eq!(
        breaches_after(&[(ada(), edit("x")), (ada(), edit("x"))]),
        [Breach::Idle]
    );
}

#[test]
fn a_reaction_that_does_not_end_as_it_was_left_is_lost() {
    let done = [
        deed(ben(), react(true), Promise::Kept),
        deed(ben(), react(false), Promise::Kept),
    ];
    assert_eq!(breaches_with(&done, &[(ben(), react(true))]), [Breach::Lost]);
    // Nothing was promised about the last one.
    let done = [done[0].clone(), deed(ben(), react(false), Promise::None)];
    assert_eq!(breaches_with(&done, &[(ben(), react(true))]), []);
}

#[test]
fn others_may_neither_edit_nor_delete_but_moderators_delete() {
    assert_eq!(breaches_after(&[(ben(), edit("forged"))]), [Breach::Unallowed]);
    assert_eq!(breaches_after(&[(ben(), DELETE)]), [Breach::Unallowed]);
    assert_eq!(breaches_after(&[(olga(), DELETE)]), []);
}

#[test]
fn nothing_is_done_to_a_message_after_its_deletion() {
    let story = [(olga(), DELETE), (ben(), react(true))];
    assert_eq!(breaches_after(&story), [Breach::AfterDeletion]);
    let story = [(olga(), DELETE), (ada(), DELETE)];
    assert_eq!(breaches_after(&story), [Breach::AfterDeletion]);
}

#[test]
fn a_promised_deletion_that_did_not_happen_is_lost() {
    assert_eq!(
        breaches_with(&[deed(ada(), DELETE, Promise::Kept)], &[]),
        [Breach::Lost]
    );
}

#[test]
fn a_text_that_outlives_its_message_is_unblanked() {
    let mut entries = right_log();
    entries.push(entry(FIRST, ada(), DELETE));
    let done: Vec<Deed> = deeds()
        .into_iter()
        .chain([deed(ada(), DELETE, Promise::Kept)])
        .collect();
    let found = check_logs(&done, &[log("ben", entries)]);
    assert_eq!(breaches(found), [Breach::Unblanked]);
}

#[test]
fn a_message_without_its_text_is_known_by_its_name() {
    let done = [deed(ada(), DELETE, Promise::Kept)];
    assert_eq!(breaches_with(&done, &[(ada(), DELETE)]), []);
    let mut nameless: Vec<Deed> = deeds();
    nameless[0].client_id = None;
    nameless[0].promise = Promise::None;
    nameless.extend(done);
    let mut entries = right_log();
    entries[1].kind = entries[1].kind.blanked();
    entries.push(entry(FIRST, ada(), DELETE));
    let with = |deeds: &[Deed]| breaches(check_logs(deeds, &[log("ben", entries.clone())]));
    // It may be the one that its device could not name before it died.
    assert_eq!(with(&nameless), []);
    assert_eq!(with(&nameless[1..]), [Breach::Foreign]);
}

#[test]
fn what_was_acknowledged_with_its_position_stands_there() {
    let topic = EntryKind::Topic {
        topic: "lunch".to_owned(),
    };
    let done = [deed(olga(), topic.clone(), Promise::Stored(FIRST))];
    assert_eq!(breaches_with(&done, &[(olga(), topic)]), []);
    assert_eq!(breaches_with(&done, &[]), [Breach::Lost]);
}
