//! Clients and networks that misbehave.

use std::time::Duration;

use futures_util::SinkExt as _;
use protocol::close;
use protocol::frame::{ClientFrame, Cursor, ServerFrame};
use protocol::{ClientId, ConversationId};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use crate::harness::{DEADLINE, Request, Service, fresh, settings};

#[tokio::test]
async fn what_is_not_json_closes_the_socket_and_says_why() {
    let service = Service::start().await;
    let ada = service.person().await;
    for text in [
        "{",
        "",
        "[]",
        "\"hello\"",
        "{\"type\":\"hello\"}",
        "{\"id\":1",
        &"[".repeat(60_000),
    ] {
        let mut socket = service.connect(&ada).await;
        socket.send_text(text).await;
        let (code, reason) = socket.closed().await;
        assert_eq!(code, close::PROTOCOL_ERROR, "{text:.20}");
        assert!(reason.starts_with("not a frame"), "{reason}");
    }
}

#[tokio::test]
async fn a_frame_with_an_id_that_cannot_be_read_is_refused_by_its_id() {
    let service = Service::start().await;
    let ada = service.person().await;
    let mut socket = service.socket(&ada).await;
    for (text, expected) in [
        (r#"{"type":"shout","id":7}"#, "unknown_type"),
        (r#"{"type":"send","id":7}"#, "malformed"),
        (
            r#"{"type":"send","id":7,"conversation":"../x","client_id":"m","body":"b"}"#,
            "malformed",
        ),
        (r#"{"id":7}"#, "malformed"),
        (r#"{"type":"hello","id":7}"#, "malformed"),
    ] {
        socket.send_text(text).await;
        let ServerFrame::Refused { code, .. } = socket.answer(7).await else {
            panic!("refused")
        };
        assert_eq!(code.as_str(), expected, "{text}");
    }
    let conversation = service.direct(&ada, &ada).await;
    socket.say(&conversation.id, "the socket goes on").await;
}

#[tokio::test]
async fn hello_comes_first() {
    let service = Service::start().await;
    let ada = service.person().await;
    let conversation = service.direct(&ada, &ada).await;
    let mut socket = service.connect(&ada).await;
    let (id, _) = socket.write(&conversation.id, "too early").await;
    let ServerFrame::Refused { code, .. } = socket.answer(id).await else {
        panic!("refused")
    };
    assert_eq!(code.as_str(), "hello_first");
    socket.hello(Vec::new()).await;
}

#[tokio::test]
async fn a_client_that_never_says_hello_is_closed() {
    let service = Service::with(chat_service::settings::Settings {
        hello_timeout_s: 1,
        ..settings()
    })
    .await;
    let ada = service.person().await;
    let mut socket = service.connect(&ada).await;
    assert_eq!(socket.closed().await.0, close::TIMED_OUT);
}

#[tokio::test]
async fn a_client_that_answers_no_pings_is_closed() {
    let service = Service::with(chat_service::settings::Settings {
        ping_interval_s: 1,
        ..settings()
    })
    .await;
    let ada = service.person().await;
    let mut answering = service.socket(&ada).await;
    // Raw, so that nothing answers pings by itself.
    let mut deaf = TcpStream::connect(service.address).await.unwrap();
    let head = format!(
        "GET /v1/socket HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: loquat.v1\r\n\r\n",
        ada.token()
    );
    deaf.write_all(head.as_bytes()).await.unwrap();
    deaf.write_all(&masked(0x81, br#"{"type":"hello","id":1}"#))
        .await
        .unwrap();
    let mut received = Vec::new();
    tokio::time::timeout(DEADLINE, async {
        tokio::join!(async { deaf.read_to_end(&mut received).await }, async {
            let conversation = service.direct(&ada, &ada).await;
            // Reading answers pings; this lasts longer than two of them.
            for _ in 0..8 {
                tokio::time::timeout(Duration::from_millis(500), answering.receive())
                    .await
                    .ok();
            }
            answering.say(&conversation.id, "I answer, so I stay").await;
        })
    })
    .await
    .unwrap()
    .0
    .unwrap();
    let pings = received.windows(2).filter(|two| *two == [0x89, 0x00]).count();
    assert_eq!(pings, 2);
    let code = received
        .windows(4)
        .any(|four| four[0] == 0x88 && four[2..] == close::TIMED_OUT.to_be_bytes());
    assert!(code, "the close frame says why");
}

/// A frame as a client sends it, with a mask that changes nothing.
#[expect(clippy::cast_possible_truncation, reason = "the payloads of these tests are short")]
fn masked(first_byte: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first_byte];
    if payload.len() <= 125 {
        frame.push(0x80 | payload.len() as u8);
    } else {
        frame.push(0xFE);
        frame.extend_from_slice(&(payload.len() as u16).to_be_bytes());
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}

#[tokio::test]
async fn frames_against_the_rules_close_the_socket_with_a_reason() {
    let service = Service::start().await;
    let ada = service.person().await;
    let unmasked = vec![0x81, 2, b'{', b'}'];
    let too_large = {
        let mut frame = masked(0x81, &[]);
        frame[1] = 0xFF;
        frame.splice(2..2, (1_u64 << 40).to_be_bytes());
        frame.extend(vec![b'x'; 100_000]);
        frame
    };
    for (what, bytes) in [
        ("unmasked", unmasked),
        ("too large", too_large),
        ("a reserved bit", masked(0xC1, b"{}")),
        ("an unknown opcode", masked(0x83, b"{}")),
        ("a long ping", masked(0x89, &[b'x'; 126])),
        ("not UTF-8", masked(0x81, &[0xFF, 0xFE])),
        ("a continuation of nothing", masked(0x80, b"{}")),
    ] {
        let mut socket = service.socket(&ada).await;
        socket.stream.get_mut().write_all(&bytes).await.unwrap();
        let (code, reason) = socket.closed().await;
        assert_eq!(code, close::PROTOCOL_ERROR, "{what}: {reason}");
        assert!(!reason.is_empty());
    }
    let mut socket = service.socket(&ada).await;
    socket.stream.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(socket.closed().await.0, close::PROTOCOL_ERROR);
}

#[tokio::test]
async fn a_message_in_fragments_between_pings_is_one_frame() {
    let service = Service::start().await;
    let ada = service.person().await;
    let mut socket = service.connect(&ada).await;
    let bytes = [
        masked(0x01, br#"{"type":"he"#),
        masked(0x89, b"ping"),
        masked(0x00, br#"llo","#),
        masked(0x80, br#""id":3}"#),
    ]
    .concat();
    socket.stream.get_mut().write_all(&bytes).await.unwrap();
    assert!(matches!(socket.next().await, ServerFrame::Welcome { id: 3, .. }));
}

#[tokio::test]
async fn one_byte_at_a_time_works_and_costs_nothing_but_time() {
    let service = Service::start().await;
    let ada = service.person().await;
    let mut socket = service.connect(&ada).await;
    for byte in masked(0x81, br#"{"type":"hello","id":9}"#) {
        socket.stream.get_mut().write_all(&[byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert!(matches!(socket.next().await, ServerFrame::Welcome { id: 9, .. }));
}

#[tokio::test]
async fn a_half_sent_frame_followed_by_silence_is_closed_by_the_hello_deadline() {
    let service = Service::with(chat_service::settings::Settings {
        hello_timeout_s: 1,
        ..settings()
    })
    .await;
    let ada = service.person().await;
    let mut socket = service.connect(&ada).await;
    let frame = masked(0x81, br#"{"type":"hello","id":9}"#);
    socket.stream.get_mut().write_all(&frame[..10]).await.unwrap();
    assert_eq!(socket.closed().await.0, close::TIMED_OUT);
}

#[tokio::test]
async fn another_subprotocol_is_told_so_in_a_close_frame() {
    let service = Service::start().await;
    let ada = service.person().await;
    for offered in [None, Some("loquat.v2")] {
        let mut request = format!("ws://{}/v1/socket", service.address)
            .into_client_request()
            .unwrap();
        let headers = request.headers_mut();
        headers.insert("authorization", format!("Bearer {}", ada.token()).parse().unwrap());
        if let Some(offered) = offered {
            headers.insert("sec-websocket-protocol", offered.parse().unwrap());
        }
        // The test's own library refuses a handshake whose subprotocol was not answered, so this speaks by hand.
        let mut stream = TcpStream::connect(service.address).await.unwrap();
        let headers = request.headers().iter();
        let lines = headers.map(|(name, value)| format!("{name}: {}\r\n", value.to_str().unwrap()));
        let head = format!("GET /v1/socket HTTP/1.1\r\n{}", lines.collect::<String>());
        stream.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
        let mut received = Vec::new();
        tokio::time::timeout(DEADLINE, stream.read_to_end(&mut received))
            .await
            .unwrap()
            .unwrap();
        assert!(received.starts_with(b"HTTP/1.1 101"));
        let told = received
            .windows(4)
            .any(|four| four[0] == 0x88 && four[2..] == close::UNSUPPORTED_VERSION.to_be_bytes());
        assert!(told, "offering {offered:?}");
    }
    let plain = service
        .refused(reqwest::Method::GET, "/v1/socket", Request::of(&ada))
        .await;
    assert_eq!(plain, "malformed");
}

#[tokio::test]
async fn too_many_cursors_are_against_the_rules_and_many_hellos_are_not() {
    let service = Service::start().await;
    let ada = service.person().await;
    let cursors = |count: u128| -> Vec<Cursor> {
        (0..count)
            .map(|number| Cursor {
                conversation: ConversationId::from_random(number),
                epoch: "e".to_owned(),
                seq: 1,
                client_id: ClientId::from_random(number),
            })
            .collect()
    };
    let mut socket = service.connect(&ada).await;
    for _ in 0..3 {
        let hello = ClientFrame::Hello {
            id: 1,
            cursors: cursors(100),
            more: true,
        };
        socket.send(&hello).await;
    }
    socket.hello(cursors(1)).await;
    let mut socket = service.connect(&ada).await;
    let hello = ClientFrame::Hello {
        id: 1,
        cursors: cursors(501),
        more: false,
    };
    // Larger than a frame may be, too: either rule may be the one that is named.
    socket.send(&hello).await;
    assert_eq!(socket.closed().await.0, close::PROTOCOL_ERROR);
}

#[tokio::test]
async fn more_requests_than_may_wait_are_refused_and_the_rest_is_answered() {
    let service = Service::with(chat_service::settings::Settings {
        pending_requests: 8,
        ..settings()
    })
    .await;
    let ada = service.person().await;
    let conversation = service.direct(&ada, &ada).await;
    let mut socket = service.socket(&ada).await;
    let mut ids = Vec::new();
    for number in 0..300 {
        let id = socket.next_id();
        ids.push(id);
        let frame = ClientFrame::Send {
            id,
            conversation: conversation.id.clone(),
            client_id: ClientId::from_random(fresh()),
            body: number.to_string(),
            reply_to: None,
            after: None,
        };
        socket
            .stream
            .feed(Message::text(serde_json::to_string(&frame).unwrap()))
            .await
            .unwrap();
    }
    socket.stream.flush().await.unwrap();
    let (mut acknowledged, mut refused) = (0, 0);
    for id in ids {
        match socket.answer(id).await {
            ServerFrame::Ack { .. } => acknowledged += 1,
            ServerFrame::Refused {
                code, retry_after_ms, ..
            } => {
                assert_eq!((code.as_str(), retry_after_ms.is_some()), ("rate_limited", true));
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(
        acknowledged >= 8 && refused > 0,
        "{acknowledged} acknowledged, {refused} refused"
    );
    assert_eq!(service.log(&ada, &conversation.id).await.len(), acknowledged);
}

/// What the process of this test holds in memory.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = status
        .split_whitespace()
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok());
    pages.expect("a Linux machine") * 4096
}

#[tokio::test]
async fn clients_that_never_read_cost_little_and_hurt_nobody() {
    const DEAF: usize = 20;
    let service = Service::with(chat_service::settings::Settings {
        resume_entries: 50,
        ..settings()
    })
    .await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let mut deaf = Vec::new();
    for _ in 0..DEAF {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let stream = socket.connect(service.address).await.unwrap();
        let person = ben.clone();
        let mut socket = service.upgrade(stream, &person.token()).await.unwrap();
        socket.send_text(r#"{"type":"hello","id":1}"#).await;
        deaf.push(socket);
    }
    let mut reader = service.socket(&ada).await;
    let body = "x".repeat(15_000);
    let before = resident_bytes();
    // 12 MB per reader, more than the system buffers for a socket.
    for number in 1..=800_u64 {
        let entry = reader.say(&conversation.id, &body).await;
        assert_eq!(entry.seq, number);
        assert_eq!(reader.entry(&conversation.id).await.seq, number);
    }
    let grown = resident_bytes().saturating_sub(before);
    eprintln!("{DEAF} clients that never read: {} KB more resident", grown / 1024);
    assert!(grown < 60_000_000, "{grown} bytes for {DEAF} clients that never read");

    // Whoever reads again finds out why it was cut off, and resumes.
    let mut late = deaf.pop().unwrap();
    let (code, _) = late.closed().await;
    assert_eq!(code, close::SLOW_READER);
}
