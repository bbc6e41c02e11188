//! What goes with a request.

use serde_json::Value;

use super::Person;

/// Token, idempotency key and body, each if there is one.
#[derive(Clone, Default)]
pub(crate) struct Request<'a> {
    pub(crate) token: Option<String>,
    pub(crate) key: Option<&'a str>,
    pub(crate) body: Option<Value>,
}

impl<'a> Request<'a> {
    pub(crate) fn of(person: &Person) -> Self {
        Self {
            token: Some(person.token()),
            ..Self::default()
        }
    }

    pub(crate) fn body(self, body: Value) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }

    pub(crate) fn key(self, key: &'a str) -> Self {
        Self { key: Some(key), ..self }
    }
}
