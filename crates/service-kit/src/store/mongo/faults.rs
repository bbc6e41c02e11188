//! What a fault of the driver means to whoever asked.
//!
//! Decided by kind and code, never by text: the texts differ between MongoDB and what speaks like it. Nor is a text
//! passed on, for a server's may repeat what it was sent.

use mongodb::error::{Error, ErrorKind, InsertManyError, SYSTEM_OVERLOADED_ERROR, WriteFailure};

use crate::store::StoreError;

/// A unique key is taken; servers of different age have different codes for it.
const DUPLICATE_KEY: [i32; 3] = [11000, 11001, 12582];
/// The server's disk is full.
const OUT_OF_DISK_SPACE: i32 = 14031;
/// Somebody was interrupted: the server stops, steps down, catches up, lost its peers or ran out of time. How much
/// of a write had happened by then is not known.
const INTERRUPTED: [i32; 19] = [
    6, 7, 50, 64, 79, 89, 91, 100, 134, 189, 262, 9001, 10058, 10107, 11600, 11601, 11602, 13435, 13436,
];

/// A read that failed.
pub(super) fn of_read(fault: &Error) -> StoreError {
    match &*fault.kind {
        kind if is_about_the_way_there(kind) => StoreError::Unavailable,
        ErrorKind::Command(command) => of_code(command.code, StoreError::Unavailable),
        _ => StoreError::Broken(told(fault)),
    }
}

/// A change of one document that failed.
pub(super) fn of_write(fault: &Error) -> StoreError {
    match &*fault.kind {
        ErrorKind::Write(WriteFailure::WriteError(write)) => of_code(write.code, StoreError::Unknown),
        ErrorKind::Write(WriteFailure::WriteConcernError(_)) => StoreError::Unknown,
        ErrorKind::Command(command) => of_code(command.code, StoreError::Unknown),
        kind if is_about_the_way_there(kind) => of_lost_way(fault),
        ErrorKind::InvalidResponse { .. } => StoreError::Unknown,
        _ => StoreError::Broken(told(fault)),
    }
}

/// How many documents of an ordered insert were stored before one met a key that is taken.
pub(super) fn stored_before(fault: &Error) -> Result<usize, StoreError> {
    match &*fault.kind {
        ErrorKind::InsertMany(InsertManyError {
            write_errors: Some(errors),
            write_concern_error: None,
            ..
        }) => match errors.as_slice() {
            [error] if DUPLICATE_KEY.contains(&error.code) => Ok(error.index),
            [error] if error.index == 0 => Err(of_code(error.code, StoreError::Unknown)),
            _ => Err(StoreError::Unknown),
        },
        ErrorKind::InsertMany(_) => Err(StoreError::Unknown),
        _ => Err(of_write(fault)),
    }
}

/// Whether the server was not reached, or did not answer to the end.
fn is_about_the_way_there(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::ServerSelection { .. }
            | ErrorKind::Io(_)
            | ErrorKind::ConnectionPoolCleared { .. }
            | ErrorKind::DnsResolve { .. }
            | ErrorKind::Shutdown
    )
}

/// A write that got lost on its way, or was never sent.
fn of_lost_way(fault: &Error) -> StoreError {
    let was_sent = match &*fault.kind {
        // The driver marks what failed before there was a connection.
        ErrorKind::Io(_) => !fault.contains_label(SYSTEM_OVERLOADED_ERROR),
        // A pool is cleared under those who wait for a connection, and under those who wait for an answer.
        ErrorKind::ConnectionPoolCleared { .. } => true,
        _ => false,
    };
    if was_sent {
        StoreError::Unknown
    } else {
        StoreError::Unavailable
    }
}

fn of_code(code: i32, interrupted: StoreError) -> StoreError {
    match code {
        code if DUPLICATE_KEY.contains(&code) => StoreError::Duplicate,
        OUT_OF_DISK_SPACE => StoreError::Full,
        code if INTERRUPTED.contains(&code) => interrupted,
        code => StoreError::Broken(format!("the server answered with code {code}")),
    }
}

fn told(fault: &Error) -> String {
    match &*fault.kind {
        ErrorKind::Authentication { .. } => "the server does not accept who we are".to_owned(),
        ErrorKind::InvalidTlsConfig { .. } => "the certificates cannot be used".to_owned(),
        ErrorKind::IncompatibleServer { .. } => "the server is too old or too new".to_owned(),
        ErrorKind::Bson(fault) => {
            let key = fault.key.as_deref().unwrap_or("somewhere");
            format!("a document has another shape than expected: {key}")
        }
        ErrorKind::InvalidArgument { .. } => "the driver refuses an argument".to_owned(),
        _ => "the driver failed".to_owned(),
    }
}
