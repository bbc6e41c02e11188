//! Asking a server in its own protocol whether it is there. An open port alone says little: a program listens before
//! it can work.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A server on the same machine answers at once, or does not.
const PATIENCE: Duration = Duration::from_secs(2);

/// `{ hello: 1, $db: "admin" }` as a message of the MongoDB protocol: head, flags, kind of section, document.
const MONGODB_HELLO: &[u8] = b"\x34\0\0\0\x01\0\0\0\0\0\0\0\xdd\x07\0\0\0\0\0\0\0\
    \x1f\0\0\0\x10hello\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0";

/// The greeting of AMQP 0-9-1.
const AMQP_HEADER: &[u8] = b"AMQP\0\0\x09\x01";

/// The start of the method frame `connection.start` on channel 0, behind its length.
const AMQP_START: &[u8] = b"\0\x0a\0\x0a";

/// Whether a MongoDB answers `hello`.
pub(super) fn mongodb(address: SocketAddr) -> bool {
    answers(address, MONGODB_HELLO, |answer| holds(answer, b"maxWireVersion"))
}

/// Whether a RabbitMQ offers a connection.
pub(super) fn rabbitmq(address: SocketAddr) -> bool {
    answers(address, AMQP_HEADER, |answer| {
        answer.first() == Some(&1) && answer.get(7..11) == Some(AMQP_START)
    })
}

/// Whether a Redis takes the password and answers.
pub(super) fn redis(address: SocketAddr, password: &str) -> bool {
    let request = format!("AUTH {password}\r\nPING\r\n");
    answers(address, request.as_bytes(), |answer| holds(answer, b"+PONG\r\n"))
}

/// Whether a node of a Redis cluster knows of every slot and of this many nodes.
pub(super) fn redis_cluster(address: SocketAddr, password: &str, nodes: usize) -> bool {
    let request = format!("AUTH {password}\r\nCLUSTER INFO\r\n");
    let nodes = format!("cluster_known_nodes:{nodes}\r\n");
    answers(address, request.as_bytes(), |answer| {
        holds(answer, b"cluster_state:ok\r\n") && holds(answer, nodes.as_bytes())
    })
}

/// Sends a request and reads until the answer is good, ends or takes too long.
fn answers(address: SocketAddr, request: &[u8], is_good: impl Fn(&[u8]) -> bool) -> bool {
    let talk = || {
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(request)?;
        let (mut answer, mut part) = (Vec::new(), [0; 4096]);
        loop {
            let read = stream.read(&mut part)?;
            answer.extend_from_slice(&part[..read]);
            if read == 0 || is_good(&answer) {
                return Ok::<bool, std::io::Error>(is_good(&answer));
            }
        }
    };
    talk().unwrap_or(false)
}

fn holds(answer: &[u8], part: &[u8]) -> bool {
    answer.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A server that sends one answer to whoever asks first, and ends.
    fn server(answer: &'static [u8]) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            assert_ne!(stream.read(&mut [0; 1024]).unwrap(), 0);
            stream.write_all(answer).unwrap();
        });
        address
    }

    #[test]
    fn a_message_names_its_own_length() {
        let length = u32::from_le_bytes(MONGODB_HELLO[..4].try_into().unwrap());
        let document = u32::from_le_bytes(MONGODB_HELLO[21..25].try_into().unwrap());

        assert_eq!(length as usize, MONGODB_HELLO.len());
        assert_eq!(document as usize, MONGODB_HELLO.len() - 21);
    }

    #[test]
    fn a_redis_that_refuses_the_password_is_not_there() {
        assert!(redis(server(b"+OK\r\n+PONG\r\n"), "right"));
        assert!(!redis(server(b"-WRONGPASS invalid\r\n-NOAUTH\r\n"), "wrong"));
    }

    #[test]
    fn a_cluster_is_there_when_it_is_whole() {
        let whole = b"+OK\r\n$9\r\ncluster_state:ok\r\ncluster_known_nodes:3\r\n";

        assert!(redis_cluster(server(whole), "right", 3));
        assert!(!redis_cluster(server(whole), "right", 6));
        assert!(!redis_cluster(
            server(b"+OK\r\n$9\r\ncluster_state:fail\r\ncluster_known_nodes:3\r\n"),
            "right",
            3
        ));
    }

    #[test]
    fn a_broker_that_offers_a_connection_is_there() {
        assert!(rabbitmq(server(b"\x01\0\0\0\0\x01\xf0\0\x0a\0\x0a\0\x09")));
        assert!(!rabbitmq(server(b"HTTP/1.1 400 Bad Request\r\n\r\n")));
    }
}
