//! What can go wrong, as a closed list of codes and RFC 9457 problem documents.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident = $wire:literal, $status:literal, $title:literal;)*) => {
        /// Every reason for a refusal, the same on REST and on the socket.
        ///
        /// A client acts on the code; the sentence beside it is for people.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $wire)] $variant,)*
        }

        impl ErrorCode {
            /// Every code, for documentation and tests.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The code as it is written in JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $wire,)* }
            }

            /// The HTTP status it travels with.
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// A short sentence for people.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

error_codes! {
    /// The request is not what the protocol describes.
    Malformed = "malformed", 400, "The request could not be read";
    /// A frame of a type this server does not know.
    UnknownType = "unknown_type", 400, "The frame type is not known";
    /// No `hello` was sent before this frame.
    HelloFirst = "hello_first", 400, "A hello must come first";
    /// No token, or one that is not valid.
    Unauthenticated = "unauthenticated", 401, "Sign in first";
    /// The access token has ended; refresh it.
    TokenExpired = "token_expired", 401, "The access token has expired";
    /// The session was ended; sign in again.
    SessionEnded = "session_ended", 401, "This session has ended";
    /// The session was ended by its person or an administrator from elsewhere: erase what this device holds.
    SessionRevoked = "session_revoked", 401, "This session was ended from another device";
    /// The person may see this but not do it.
    Forbidden = "forbidden", 403, "You may not do this";
    /// There is nothing there, or nothing this person may know of.
    NotFound = "not_found", 404, "Nothing was found here";
    /// The path exists but not with this method.
    MethodNotAllowed = "method_not_allowed", 405, "This method is not allowed here";
    /// The body or the frame is larger than the limit.
    TooLarge = "too_large", 413, "The request is too large";
    /// Too many requests; `retry_after_s` says when to come back.
    RateLimited = "rate_limited", 429, "Too many requests";
    /// The text is not an e-mail address.
    InvalidEmail = "invalid_email", 422, "That is not an e-mail address";
    /// This workspace does not accept sign-in from this domain.
    DomainNotAllowed = "domain_not_allowed", 403, "This e-mail domain may not sign in here";
    /// The code is not right; `tries_left` says how often one may still try.
    CodeWrong = "code_wrong", 401, "That code is not right";
    /// The code is older than its lifetime, was replaced, or was never sent.
    CodeExpired = "code_expired", 401, "This code has expired";
    /// The code was tried too often.
    CodeUsedUp = "code_used_up", 401, "This code was tried too often";
    /// The person was deactivated by an administrator.
    Deactivated = "deactivated", 403, "This account is deactivated";
    /// A name is empty, too long or has characters that names cannot have.
    InvalidName = "invalid_name", 422, "This name cannot be used";
    /// Another channel has this name.
    NameTaken = "name_taken", 409, "This name is taken";
    /// A person named in the request does not exist.
    UnknownPerson = "unknown_person", 422, "There is no such person";
    /// A direct or group conversation keeps the members it was started with.
    MembersFixed = "members_fixed", 409, "The members of this conversation cannot change";
    /// More people than a group conversation may have.
    TooManyMembers = "too_many_members", 422, "Too many members";
    /// The channel is archived and can only be read.
    Archived = "archived", 409, "This channel is archived";
    /// The message was deleted.
    MessageDeleted = "message_deleted", 409, "This message was deleted";
    /// Not one emoji.
    InvalidEmoji = "invalid_emoji", 422, "That is not an emoji";
    /// More different emoji than one message may have.
    TooManyReactions = "too_many_reactions", 422, "Too many different reactions";
    /// A workspace has at least one active administrator.
    LastAdministrator = "last_administrator", 409, "A workspace needs an administrator";
    /// The invitation was used, withdrawn, has expired or never was.
    InvitationInvalid = "invitation_invalid", 401, "This invitation does not work any more";
    /// The address belongs to somebody who is here already.
    AlreadyAMember = "already_a_member", 409, "This person is here already";
    /// Not a domain name such as `example.org`.
    InvalidDomain = "invalid_domain", 422, "That is not a domain";
    /// The picture cannot be read as PNG, JPEG or WebP, or has too many pixels.
    InvalidPicture = "invalid_picture", 422, "This picture cannot be used";
    /// Nothing but white space.
    BodyEmpty = "body_empty", 422, "The message is empty";
    /// Longer than `limits.body_bytes`.
    BodyTooLong = "body_too_long", 422, "The message is too long";
    /// The same client id was used before for something else.
    ClientIdReused = "client_id_reused", 409, "This client id was used for another message";
    /// The send names one it follows (`after`) that is not stored yet.
    OutOfOrder = "out_of_order", 409, "An earlier message is not stored yet";
    /// The disk is full; nothing was stored.
    StorageFull = "storage_full", 507, "The server's disk is full";
    /// Something the server needs is away; try again.
    Unavailable = "unavailable", 503, "The server cannot do this just now";
    /// A fault of the server. It is in its log under the request id.
    Internal = "internal", 500, "The server made a mistake";
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// An error answer: an RFC 9457 problem document with Loquat's extension members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Problem {
    /// `urn:loquat:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// What happened and what to do, for people.
    pub detail: String,
    pub code: ErrorCode,
    /// Names this request in the server's log.
    #[serde(default)]
    pub request_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tries_left: Option<u32>,
}

impl Problem {
    /// A problem document for this code; `detail` adds the value and the fix.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:loquat:problem:{code}"),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            code,
            request_id: String::new(),
            retry_after_s: None,
            tries_left: None,
        }
    }
}
