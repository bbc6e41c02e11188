//! Asking a server on this machine one question: are you ready?

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A server on the same machine answers at once, or does not.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a server that is not ready says about itself; short.
const LONGEST_ANSWER: u64 = 16 * 1024;

/// What came of asking.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Readiness {
    Ready,
    /// It answers, and says why it is not ready.
    NotReady(String),
    /// Nobody answers.
    Silent,
}

/// `GET /readyz`.
pub(super) fn readiness(address: SocketAddr) -> Readiness {
    let Some(answer) = ask(address) else {
        return Readiness::Silent;
    };
    let status = answer.split_whitespace().nth(1).unwrap_or_default();
    if status == "200" {
        return Readiness::Ready;
    }
    let body = answer.split_once("\r\n\r\n").map_or(answer.as_str(), |(_, body)| body);
    Readiness::NotReady(body.trim().to_owned())
}

fn ask(address: SocketAddr) -> Option<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    // In one piece: a server may answer and close as soon as it has read the first.
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.take(LONGEST_ANSWER).read_to_string(&mut answer).ok()?;
    (!answer.is_empty()).then_some(answer)
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
        assert_eq!(readiness(server("HTTP/1.1 200 OK\r\n\r\n{}")), Readiness::Ready);
    }

    #[test]
    fn a_server_that_says_503_tells_why() {
        let address = server("HTTP/1.1 503 Service Unavailable\r\n\r\n{\"store\":\"opening\"}");

        assert_eq!(
            readiness(address),
            Readiness::NotReady("{\"store\":\"opening\"}".to_owned())
        );
    }

    #[test]
    fn nobody_there_is_silence() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();

        assert_eq!(readiness(free), Readiness::Silent);
    }
}
