//! Asking a server on this machine: are you ready? And plain questions of HTTP.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitStatus;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::bail;

use crate::report;
use crate::signals;

/// A server on the same machine answers at once, or does not.
const PATIENCE: Duration = Duration::from_secs(2);

/// The longest of all is the document that describes an interface.
const LONGEST_ANSWER: usize = 4 * 1024 * 1024;

/// How long a server may take until it is ready; opening its database is most of it.
const READY_LIMIT: Duration = Duration::from_mins(1);

/// How often a starting server is asked.
const ASK_EVERY: Duration = Duration::from_millis(100);

/// What came of asking.
#[derive(Debug, PartialEq, Eq)]
enum Readiness {
    Ready,
    /// It answers, and says why it is not ready.
    NotReady(String),
    /// Nobody answers.
    Silent,
}

/// What a server answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

/// True when it is ready, false when we were asked to stop; an error when it ended or the time is over.
pub(super) fn wait_until_ready(
    name: &str,
    address: SocketAddr,
    ended: impl FnMut() -> anyhow::Result<Option<ExitStatus>>,
) -> anyhow::Result<bool> {
    wait_for(name, address, "/readyz", ended)
}

/// Like [`wait_until_ready`], for a gateway, which has nothing of its own to get ready.
pub(super) fn wait_until_healthy(
    name: &str,
    address: SocketAddr,
    ended: impl FnMut() -> anyhow::Result<Option<ExitStatus>>,
) -> anyhow::Result<bool> {
    wait_for(name, address, "/healthz", ended)
}

fn wait_for(
    name: &str,
    address: SocketAddr,
    path: &str,
    mut ended: impl FnMut() -> anyhow::Result<Option<ExitStatus>>,
) -> anyhow::Result<bool> {
    let deadline = Instant::now() + READY_LIMIT;
    let mut last = "it does not answer".to_owned();
    while Instant::now() < deadline {
        if signals::asked_to_stop() {
            return Ok(false);
        }
        if let Some(status) = ended()? {
            bail!("{name} ended with {status} before it was ready; what it wrote says why");
        }
        match readiness(address, path) {
            Readiness::Ready => return Ok(true),
            Readiness::NotReady(reason) => last = reason,
            Readiness::Silent => {}
        }
        thread::sleep(ASK_EVERY);
    }
    bail!(
        "{name} at {address} is not ready after {}: {last}",
        report::seconds(READY_LIMIT)
    )
}

fn readiness(address: SocketAddr, path: &str) -> Readiness {
    match ask(address, "GET", path, &[]) {
        None => Readiness::Silent,
        Some(Answer { status: 200, .. }) => Readiness::Ready,
        Some(Answer { body, .. }) => Readiness::NotReady(body),
    }
}

/// One request without a token and without a body, with these lines in its head. None when nobody answers.
pub(super) fn ask(address: SocketAddr, method: &str, path: &str, more: &[&str]) -> Option<Answer> {
    let answer = talk(address, method, path, more)?;
    let status = answer.split_whitespace().nth(1)?.parse().ok()?;
    let body = answer.split_once("\r\n\r\n").map_or(answer.as_str(), |(_, body)| body);
    Some(Answer {
        status,
        body: body.trim().to_owned(),
    })
}

fn talk(address: SocketAddr, method: &str, path: &str, more: &[&str]) -> Option<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    // In one piece: a server may answer and close as soon as it has read the first.
    let more = [more, &[""]].concat().join("\r\n");
    // The older version, so that the answer comes in one piece and ends with the connection.
    let request = format!("{method} {path} HTTP/1.0\r\nHost: {address}\r\n{more}\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let (mut answer, mut part) = (Vec::new(), [0; 8192]);
    // Whoever refuses a body without reading it keeps the connection for a while: what it said is enough.
    while !is_whole(&answer) && answer.len() < LONGEST_ANSWER {
        match stream.read(&mut part).ok()? {
            0 => break,
            read => answer.extend_from_slice(&part[..read]),
        }
    }
    (!answer.is_empty()).then(|| String::from_utf8_lossy(&answer).into_owned())
}

/// Whether an answer has a body of the length that it names. One that names none ends with its connection.
fn is_whole(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let mut lengths = head.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().ok())?
    });
    lengths.next().is_some_and(|length| body.len() >= length)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A server that gives one answer to whoever asks first.
    fn server(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            // All of it is read: closing with something unread would take the answer back.
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") {
                stream.read_exact(&mut byte).unwrap();
                request.extend_from_slice(&byte);
            }
            assert!(request.starts_with(b"GET /readyz "));
            stream.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn a_server_that_says_200_is_ready() {
        assert_eq!(
            readiness(server("HTTP/1.1 200 OK\r\n\r\n{}"), "/readyz"),
            Readiness::Ready
        );
    }

    #[test]
    fn a_server_that_says_503_tells_why() {
        let address = server("HTTP/1.1 503 Service Unavailable\r\n\r\n{\"store\":\"opening\"}");

        assert_eq!(
            readiness(address, "/readyz"),
            Readiness::NotReady("{\"store\":\"opening\"}".to_owned())
        );
    }

    #[test]
    fn nobody_there_is_silence() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();

        assert_eq!(readiness(free, "/readyz"), Readiness::Silent);
    }

    #[test]
    fn an_answer_is_whole_when_it_is_as_long_as_it_says() {
        assert!(is_whole(b"HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\n{}"));
        assert!(!is_whole(b"HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\n{"));
        assert!(!is_whole(b"HTTP/1.1 200 OK\r\n\r\n{}"));
    }
}
