//! The indexes, by what is looked for.

use service_kit::store::mongo::Index;

use super::documents::{ADDRESS_DAYS, AUDIT, INVITATIONS, OUTBOX, PEOPLE, PICTURES, SESSIONS};

const fn unique(collection: &'static str, keys: &'static [&'static str]) -> Index {
    Index {
        collection,
        keys,
        unique: true,
    }
}

const fn index(collection: &'static str, keys: &'static [&'static str]) -> Index {
    Index {
        collection,
        keys,
        unique: false,
    }
}

/// All of them. Those that are unique hold rules, so nothing is stored before they are there.
pub(crate) const INDEXES: &[Index] = &[
    unique(PEOPLE, &["email_key"]),
    index(PEOPLE, &["place"]),
    index(PEOPLE, &["active", "place"]),
    index(PEOPLE, &["role", "active"]),
    index(PEOPLE, &["to_announce"]),
    index(PEOPLE, &["to_sign_out"]),
    index(PEOPLE, &["is_candidate"]),
    index(PEOPLE, &["unsettled"]),
    index(PICTURES, &["person", "version"]),
    unique(SESSIONS, &["code_request"]),
    index(SESSIONS, &["user", "is_running", "used_at"]),
    index(SESSIONS, &["is_running", "used_at"]),
    index(SESSIONS, &["to_announce"]),
    index(SESSIONS, &["ended_at"]),
    index(SESSIONS, &["unsettled"]),
    index(ADDRESS_DAYS, &["day"]),
    unique(INVITATIONS, &["code_hash"]),
    unique(INVITATIONS, &["open_of"]),
    unique(INVITATIONS, &["invitation"]),
    index(INVITATIONS, &["email_key", "state", "accepted_at"]),
    index(INVITATIONS, &["state", "invited_at", "invitation"]),
    index(INVITATIONS, &["expires_at"]),
    index(INVITATIONS, &["unsettled"]),
    index(OUTBOX, &["kept_at"]),
    unique(AUDIT, &["seq"]),
    index(AUDIT, &["actor", "seq"]),
    index(AUDIT, &["action", "seq"]),
];
