//! What is said at the door. JSON that only passes through stays text: neither side reads what is not for it.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The first thing whoever comes in says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hello {
    /// A window that the resident started. It asks, and hears changes.
    Window,
    /// The program was started once more. It is answered with [`Shown`].
    Start {
        /// The `loquat:` link it was started with.
        link: Option<String>,
        /// It was started by the system at log-in, which asks for no window.
        hidden: bool,
    },
}

/// The answer to [`Hello::Start`]: what was asked for is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown;

/// What a window says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromWindow {
    /// The interface calls a command; it gets one [`ToWindow::Answer`] with the same id.
    Ask {
        id: u64,
        command: String,
        /// An object of arguments by name.
        arguments: Box<RawValue>,
    },
    /// Whether the window has the keyboard.
    Focus(bool),
    /// Whether the window can be seen: it was hidden by the person, or shown.
    Visible(bool),
}

/// What the resident says to a window.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToWindow {
    Answer {
        id: u64,
        answer: Answer,
    },
    /// Something is different now; for the interface as it is.
    Change(Box<RawValue>),
    /// The app was asked to open a link, which the interface is to take.
    Link,
    /// Come to the front.
    Show,
    /// Leave the screen, and say so.
    Hide,
    /// End. The person sees no window at this moment, or the app ends.
    Close,
}

/// What became of a command.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Done(Box<RawValue>),
    /// A refusal with a reason that the interface knows how to say.
    Failed(Box<RawValue>),
    /// The call itself was wrong: no such command, or arguments that are none of its.
    Wrong(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_through_stays_as_it_was_written() {
        let written = r#"{"ask":{"id":7,"command":"later","arguments":{"after": 4.0,"conversation":"c"}}}"#;

        let FromWindow::Ask { id, command, arguments } = serde_json::from_str(written).unwrap() else {
            panic!("not an ask");
        };

        assert_eq!((id, command.as_str()), (7, "later"));
        assert_eq!(arguments.get(), r#"{"after": 4.0,"conversation":"c"}"#);
    }

    #[test]
    fn an_answer_comes_back_as_it_was_sent() {
        let answer = ToWindow::Answer {
            id: 1,
            answer: Answer::Failed(RawValue::from_string(r#"{"reason":"signed_out"}"#.to_owned()).unwrap()),
        };

        let text = serde_json::to_string(&answer).unwrap();

        assert_eq!(
            text,
            r#"{"answer":{"id":1,"answer":{"failed":{"reason":"signed_out"}}}}"#
        );
        assert!(serde_json::from_str::<ToWindow>(&text).is_ok());
    }
}
