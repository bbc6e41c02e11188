//! What the rules refuse, as answers.

use protocol::ErrorCode;
use service_kit::ApiError;

use crate::codes::CodeError;
use crate::invitations::InvitationError;
use crate::people::PersonError;
use crate::pictures::PictureError;
use crate::sessions::SessionError;
use crate::workspace::WorkspaceError;

/// When to come back after others were faster again and again.
const RETRY_AFTER_CONTENTION_S: u32 = 1;

impl From<CodeError> for ApiError {
    fn from(fault: CodeError) -> Self {
        match fault {
            CodeError::DomainNotAllowed => Self::new(
                ErrorCode::DomainNotAllowed,
                "Use the address of your company, or ask an administrator.",
            ),
            CodeError::Limited { retry_after_s } => limited("codes or tries", retry_after_s),
            CodeError::Wrong { tries_left } => {
                Self::new(ErrorCode::CodeWrong, "Check the code in the newest mail.").tries_left(tries_left)
            }
            CodeError::Expired => Self::new(
                ErrorCode::CodeExpired,
                "It is too old, was replaced by a newer one, or was used. Ask for a new code.",
            ),
            CodeError::UsedUp => Self::new(ErrorCode::CodeUsedUp, "Ask for a new code.").tries_left(0),
            CodeError::Store(fault) => fault.into(),
            CodeError::Cache(fault) => fault.into(),
        }
    }
}

impl From<SessionError> for ApiError {
    fn from(fault: SessionError) -> Self {
        match fault {
            SessionError::Code(fault) => fault.into(),
            SessionError::InvalidToken => Self::new(
                ErrorCode::Unauthenticated,
                "The refresh token is not valid. Sign in again.",
            ),
            SessionError::InvitationInvalid => Self::new(
                ErrorCode::InvitationInvalid,
                "It was used, replaced or withdrawn, or is too old. Ask for a new one, or sign in with your address.",
            ),
            SessionError::Unknown => Self::not_found(),
            SessionError::Limited { retry_after_s } => limited("requests for tokens", retry_after_s),
            SessionError::Revoked => Self::new(
                ErrorCode::SessionRevoked,
                "This device was signed out from another one. Sign in again.",
            ),
            SessionError::Ended => Self::new(ErrorCode::SessionEnded, "This device was signed out. Sign in again."),
            SessionError::Deactivated => Self::new(ErrorCode::Deactivated, "Ask an administrator of your workspace."),
            SessionError::Contended => contended(),
            SessionError::Person(fault) => fault.into(),
            SessionError::Token(fault) => Self::internal(fault),
            SessionError::Store(fault) => fault.into(),
        }
    }
}

impl From<PersonError> for ApiError {
    fn from(fault: PersonError) -> Self {
        match fault {
            PersonError::Unknown => Self::not_found(),
            PersonError::Unfit { field, code } => Self::new(
                code,
                format!("The {field} is empty, too long, or has characters it cannot have."),
            ),
            PersonError::LastAdministrator => Self::new(
                ErrorCode::LastAdministrator,
                "Make somebody else an administrator first.",
            ),
            PersonError::Contended => contended(),
            PersonError::Store(fault) => fault.into(),
        }
    }
}

impl From<InvitationError> for ApiError {
    fn from(fault: InvitationError) -> Self {
        match fault {
            InvitationError::AlreadyAMember => Self::new(
                ErrorCode::AlreadyAMember,
                "They can sign in with their address. If they were deactivated, reactivate them.",
            ),
            InvitationError::Limited { retry_after_s } => limited("invitations", retry_after_s),
            InvitationError::Unknown => Self::not_found(),
            InvitationError::Person(fault) => fault.into(),
            InvitationError::Store(fault) => fault.into(),
        }
    }
}

impl From<WorkspaceError> for ApiError {
    fn from(fault: WorkspaceError) -> Self {
        match fault {
            WorkspaceError::Name(code) => {
                Self::new(code, "The name is empty, too long, or has characters it cannot have.")
            }
            WorkspaceError::Domain(_) | WorkspaceError::TooManyDomains => Self::new(
                ErrorCode::InvalidDomain,
                format!("Write domains like `example.org`: {fault}."),
            ),
            WorkspaceError::Contended => contended(),
            WorkspaceError::Store(fault) => fault.into(),
        }
    }
}

impl From<PictureError> for ApiError {
    fn from(fault: PictureError) -> Self {
        match fault {
            PictureError::Unreadable(why) => Self::new(
                ErrorCode::InvalidPicture,
                format!("Use a PNG, JPEG or WebP of at most 24 megapixels: {why}."),
            ),
            PictureError::Limited { retry_after_s } => limited("pictures", retry_after_s),
            PictureError::CutOff => Self::internal(fault),
            PictureError::Person(fault) => fault.into(),
            PictureError::Store(fault) => fault.into(),
        }
    }
}

fn limited(of_what: &str, retry_after_s: u32) -> ApiError {
    let detail = format!("Too many {of_what}. Wait, then try again.");
    ApiError::new(ErrorCode::RateLimited, detail).retry_after_s(retry_after_s)
}

fn contended() -> ApiError {
    ApiError::new(
        ErrorCode::Unavailable,
        "Others changed the same at the same time. Try again.",
    )
    .retry_after_s(RETRY_AFTER_CONTENTION_S)
}
