//! What the rules refuse, as answers.

use event_bus::BusError;
use protocol::ErrorCode;
use service_kit::ApiError;

use crate::codes::CodeError;
use crate::people::PersonError;
use crate::sessions::SessionError;

/// When to come back after others were faster again and again.
const RETRY_AFTER_CONTENTION_S: u32 = 1;

impl From<CodeError> for ApiError {
    fn from(fault: CodeError) -> Self {
        match fault {
            CodeError::DomainNotAllowed => Self::new(
                ErrorCode::DomainNotAllowed,
                "Use the address of your company, or ask an administrator.",
            ),
            CodeError::Limited { retry_after_s } => {
                Self::new(ErrorCode::RateLimited, "Too many codes or tries. Wait, then try again.")
                    .retry_after_s(retry_after_s)
            }
            CodeError::Wrong { tries_left } => {
                Self::new(ErrorCode::CodeWrong, "Check the code in the newest mail.").tries_left(tries_left)
            }
            CodeError::Expired => Self::new(
                ErrorCode::CodeExpired,
                "It is too old, was replaced by a newer one, or was used. Ask for a new code.",
            ),
            CodeError::UsedUp => Self::new(ErrorCode::CodeUsedUp, "Ask for a new code.").tries_left(0),
            CodeError::Store(fault) | CodeError::Queue(BusError::Store(fault)) => fault.into(),
            CodeError::Queue(fault @ BusError::Encode(_)) => Self::internal(fault),
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
            PersonError::Contended => contended(),
            PersonError::Store(fault) => fault.into(),
        }
    }
}

fn contended() -> ApiError {
    ApiError::new(
        ErrorCode::Unavailable,
        "Others changed the same at the same time. Try again.",
    )
    .retry_after_s(RETRY_AFTER_CONTENTION_S)
}
