//! The people of the workspace, the person who is signed in among them, and their devices.

use protocol::rest::identity::ProfileChange;
use protocol::{SessionId, UserId};

use super::table::commands;

commands! { for client:
    people() => client.people();
    find_people(query: String) => client.find_people(query);
    update_profile(change: ProfileChange) => client.update_profile(change);
    picture(person: UserId, picture: String) => client.picture(person, picture);
    set_picture(data: String) => client.set_picture(data);
    remove_picture() => client.remove_picture();
    sessions() => client.sessions();
    end_session(session: SessionId) => client.end_session(session);
    end_other_sessions() => client.end_other_sessions();
}
