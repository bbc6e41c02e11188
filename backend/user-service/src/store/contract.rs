//! What every adapter must keep. A rule that is left out of the list is dead code, and the build fails.

mod days;
mod invitations;
mod people;
mod sessions;
mod workspace;

use protocol::rest::identity::AuditAction;
use protocol::{Email, UserId};

use super::{
    AddressDays, AuditStore, InvitationStore, PeopleStore, PictureStore, SessionStore, SqliteStore, WorkspaceStore,
};
use crate::audit::{Filter, Note};
use crate::people::{FirstRole, NewPerson};

/// A store of every kind, as the rules see it.
trait Store:
    PeopleStore + PictureStore + SessionStore + AddressDays + InvitationStore + WorkspaceStore + AuditStore
{
}
impl<T> Store for T where
    T: PeopleStore + PictureStore + SessionStore + AddressDays + InvitationStore + WorkspaceStore + AuditStore
{
}

macro_rules! every_adapter {
    ($($noun:ident: $($rule:ident),* $(,)?;)*) => {
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
        running_sessions_of_the_deactivated_are_found,
        sessions_that_were_ended_from_elsewhere_are_never_forgotten;
    invitations:
        an_invitation_is_accepted_once_however_many_come,
        an_invitation_ends_at_its_time,
        a_new_invitation_replaces_the_open_one_of_its_address,
        an_invitation_is_also_accepted_by_its_address,
        a_withdrawn_invitation_works_no_more_and_an_accepted_one_stays,
        expired_invitations_are_forgotten;
    workspace:
        the_first_settings_are_stored_once,
        settings_of_an_old_version_are_refused,
        audit_lines_are_numbered_and_the_newest_comes_first,
        audit_lines_are_found_by_actor_action_and_time;
    days:
        counts_stop_at_the_limit_and_are_kept_apart;
);

fn new_person(number: u128, address: &str) -> NewPerson {
    NewPerson {
        id: UserId::from_random(number),
        email: Email::parse(address).unwrap(),
        name: format!("Person {number}"),
        role: FirstRole::Member,
        created_at: 5,
    }
}

/// A line for the audit log that can be told from others.
fn note(detail: &str) -> Note {
    Note::by_the_server(AuditAction::SettingsChanged, 7)
        .to("somebody")
        .saying(detail)
}

/// What the audit log says, the oldest first.
async fn lines(store: &dyn Store) -> Vec<Note> {
    let mut lines = store.audit_lines(&Filter::default(), 100).await.unwrap();
    lines.reverse();
    lines.into_iter().map(|line| line.note).collect()
}
