//! How a server is spoken to. The generator is the same for every server; only this differs.

/// The words of one kind of server.
pub(super) trait Dialect: Send {
    /// The HTTP request that opens the socket of this number.
    fn upgrade(&self, socket: usize) -> String;

    /// Whether the client speaks first; otherwise it waits for [`Saying::YourTurn`].
    fn client_begins(&self) -> bool;

    /// What a client says first.
    fn greeting(&self, socket: usize) -> String;

    /// How many [`Saying::Step`]s there are before a socket is signed in and has everything it begins with.
    fn steps(&self, socket: usize) -> u32;

    /// The text that sends message `number`, which is asked to be acknowledged.
    fn message(&self, socket: usize, number: u32, body: &str) -> String;

    /// What a text of the server means.
    fn hear(&self, text: &[u8]) -> anyhow::Result<Saying>;
}

/// What a server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Saying {
    /// The client may say its greeting.
    YourTurn,
    /// The socket has come one step further in being opened.
    Step,
    /// Somebody's message, at its position where the server numbers them.
    Delivered { message: u32, seq: Option<u64> },
    /// The answer to one's own message.
    Acknowledged { message: u32 },
    /// Are you there? To be answered with this text.
    Ping { answer: &'static str },
    /// Nothing that matters here.
    Other,
}

/// Digits of a message's number at the beginning of its body.
const NUMBER_DIGITS: usize = 8;

/// The body of a message: its number, filled up to this many bytes.
pub(super) fn body(number: u32, bytes: usize) -> String {
    let mut body = format!("{number:0NUMBER_DIGITS$} ");
    let filling = "what people say to each other all day long, ".chars().cycle();
    body.extend(filling.take(bytes.saturating_sub(body.len())));
    body
}

/// The number of a message by its body.
pub(super) fn number_in(body: &str) -> anyhow::Result<u32> {
    let digits = body.get(..NUMBER_DIGITS).unwrap_or(body);
    Ok(digits.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_its_size_and_its_number() {
        let body = body(1234, 128);
        assert_eq!((body.len(), number_in(&body).unwrap()), (128, 1234));
        assert!(number_in("hello").is_err());
    }
}
