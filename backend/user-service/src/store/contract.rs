//! What every adapter must keep. A rule that is left out of the list is dead code, and the build fails.

mod at_once;
mod days;
pub(super) mod invitations;
mod outbox;
mod people;
pub(super) mod sessions;
mod workspace;

use std::sync::Arc;

use protocol::rest::identity::AuditAction;
use protocol::{Email, UnixMs, UserId};
use service_kit::SystemRandom;
use service_kit::store::mongo::{Address, Mongo};
use test_kit::engines::MongoDatabase;

use super::{INDEXES, MongoStore, SqliteStore, Store};
use crate::audit::{Filter, Note};
use crate::outbox::KeptEvent;
use crate::people::{FirstRole, NewPerson};

macro_rules! every_adapter {
    ($($noun:ident: $($rule:ident),* $(,)?;)*) => {
        mod mongo {
            $($(
                #[tokio::test(flavor = "multi_thread")]
                #[ignore = "needs the servers that cargo xtask test starts"]
                async fn $rule() {
                    let database = test_kit::engines::MongoDatabase::fresh();
                    let store = super::mongo_in(&database).await;
                    super::$noun::$rule(&store).await;
                }
            )*)*
        }

        mod sqlite {
            $($(
                #[tokio::test]
                async fn $rule() {
                    let folder = tempfile::tempdir().unwrap();
                    let store = super::SqliteStore::open(&folder.path().join("users.sqlite")).unwrap();
                    super::$noun::$rule(&store).await;
                }
            )*)*
        }
    };
}

every_adapter!(
    people:
        a_person_is_found_by_id_and_by_address_in_any_case,
        a_second_person_with_the_same_address_is_a_duplicate,
        only_the_first_of_an_empty_store_becomes_administrator,
        a_change_of_an_old_version_is_refused,
        a_changed_person_waits_to_be_announced_until_it_was,
        a_late_mark_of_an_old_version_announces_nothing_newer,
        the_directory_leaves_out_the_inactive_and_goes_on_behind_a_place,
        the_last_active_administrator_stays_one,
        two_administrators_who_remove_each_other_at_once_leave_one,
        a_deactivated_administrator_does_not_count,
        a_change_is_noted_with_it,
        a_picture_is_found_under_its_newest_name_only;
    sessions:
        a_code_request_makes_one_session,
        a_session_rotates_from_one_generation_to_the_next_only,
        the_first_end_of_a_session_stands,
        an_ended_session_does_not_rotate,
        ended_sessions_are_listed_by_time_and_forgotten,
        a_session_is_noted_with_it_and_not_when_it_is_a_duplicate,
        running_sessions_are_listed_by_use_and_person,
        sessions_that_nobody_used_are_ended,
        an_end_waits_to_be_announced_until_it_was,
        running_sessions_of_the_deactivated_are_found,
        sessions_that_were_ended_from_elsewhere_are_never_forgotten;
    invitations:
        an_invitation_is_accepted_once_however_many_come,
        an_invitation_ends_at_its_time,
        a_new_invitation_replaces_the_open_one_of_its_address,
        an_invitation_is_also_accepted_by_its_address,
        a_withdrawn_invitation_works_no_more_and_an_accepted_one_stays,
        expired_invitations_are_forgotten,
        the_mail_of_an_invitation_is_kept_with_it;
    outbox:
        events_wait_the_oldest_first_until_they_are_forgotten,
        an_event_that_is_kept_twice_waits_once;
    workspace:
        the_first_settings_are_stored_once,
        settings_of_an_old_version_are_refused,
        audit_lines_are_numbered_and_the_newest_comes_first,
        audit_lines_are_found_by_actor_action_and_time;
    days:
        counts_stop_at_the_limit_and_are_kept_apart;
    at_once:
        sixteen_who_come_first_are_all_there_and_one_is_administrator,
        sixteen_with_one_address_are_one_person,
        sixteen_administrators_who_remove_each_other_leave_one,
        sixteen_changes_of_one_version_are_one_change,
        sixteen_pictures_of_one_version_are_one_picture,
        sixteen_with_one_code_get_one_session,
        sixteen_refreshes_rotate_once,
        sixteen_ends_are_one_end,
        sixteen_with_one_invitation_are_one,
        sixteen_invitations_of_one_address_leave_one_open,
        an_invitation_that_is_accepted_and_withdrawn_at_once_is_one_of_both,
        sixteen_first_settings_are_one,
        sixteen_counts_stop_at_the_limit,
        sixteen_notes_all_have_a_place_of_their_own;
);

pub(super) fn new_person(number: u128, address: &str) -> NewPerson {
    NewPerson {
        id: UserId::from_random(number),
        email: Email::parse(address).unwrap(),
        name: format!("Person {number}"),
        role: FirstRole::Member,
        created_at: 5,
    }
}

/// A store in a database of its own, with all its indexes.
pub(super) async fn mongo_in(database: &MongoDatabase) -> MongoStore {
    let mongo = Mongo::new(Address::parse(&database.url()).unwrap());
    mongo.make_indexes(INDEXES).await.unwrap();
    MongoStore::new(mongo, Arc::new(SystemRandom))
}

/// A line for the audit log that can be told from others.
pub(super) fn note(detail: &str) -> Note {
    Note::by_the_server(AuditAction::SettingsChanged, 7)
        .to("somebody")
        .saying(detail)
}

/// An event that was kept at this time.
pub(super) fn kept(id: &str, kept_at: UnixMs) -> KeptEvent {
    KeptEvent {
        id: id.to_owned(),
        sealed: id.as_bytes().to_vec(),
        kept_at,
        expires_at: kept_at + 100,
    }
}

/// What the audit log says, the oldest first.
pub(super) async fn lines(store: &dyn Store) -> Vec<Note> {
    let mut lines = store.audit_lines(&Filter::default(), 100).await.unwrap();
    lines.reverse();
    lines.into_iter().map(|line| line.note).collect()
}
