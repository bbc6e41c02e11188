use axum::routing::get;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;

const SHORT: Duration = Duration::from_millis(100);
/// How long something that must happen may take.
const DEADLINE: Duration = Duration::from_secs(20);

const QUICK: ConnectionLimits = ConnectionLimits {
    most: 2,
    most_per_address: 2,
    request_head: SHORT,
    stalled_write: SHORT,
};

async fn serving(limits: ConnectionLimits) -> (SocketAddr, Lifecycle) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new()
        .route("/", get(async || "hello"))
        .route("/much", get(async || "x".repeat(64 * 1024 * 1024)));
    let lifecycle = Lifecycle::new();
    lifecycle.spawn("http", serve_within(listener, routes, lifecycle.clone(), limits));
    (address, lifecycle)
}

/// Everything the server says until it hangs up.
async fn until_closed(stream: &mut TcpStream) -> Vec<u8> {
    let mut said = Vec::new();
    let read = tokio::time::timeout(DEADLINE, stream.read_to_end(&mut said)).await;
    drop(read.expect("the server should hang up"));
    said
}

#[tokio::test]
async fn a_client_that_says_nothing_is_hung_up_on() {
    let (address, _lifecycle) = serving(QUICK).await;
    let mut silent = TcpStream::connect(address).await.unwrap();
    assert!(until_closed(&mut silent).await.is_empty());
}

#[tokio::test]
async fn a_client_that_never_ends_its_request_is_hung_up_on() {
    let (address, _lifecycle) = serving(QUICK).await;
    let (mut reads, mut writes) = TcpStream::connect(address).await.unwrap().into_split();
    let dripping = async {
        writes.write_all(b"GET / HTTP/1.1\r\nx: ").await.unwrap();
        while writes.write_all(b"x").await.is_ok() {
            tokio::time::sleep(SHORT / 10).await;
        }
    };
    let mut said = Vec::new();
    tokio::select! {
        ended = tokio::time::timeout(DEADLINE, reads.read_to_end(&mut said)) => drop(ended.expect("the server should hang up")),
        () = dripping => {}
    }
}

#[tokio::test]
async fn who_waits_for_a_seat_gets_the_next_free_one() {
    let patient = ConnectionLimits {
        request_head: DEADLINE,
        ..QUICK
    };
    let (address, _lifecycle) = serving(patient).await;
    let (first, second) = (
        TcpStream::connect(address).await.unwrap(),
        TcpStream::connect(address).await.unwrap(),
    );
    let mut third = TcpStream::connect(address).await.unwrap();
    third
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    let early = tokio::time::timeout(SHORT, third.readable()).await;
    assert!(early.is_err(), "both seats are taken");

    drop(first);

    assert!(until_closed(&mut third).await.ends_with(b"hello"));
    drop(second);
}

#[tokio::test]
async fn an_address_with_a_thousand_connections_keeps_its_share_and_locks_nobody_out() {
    let limits = ConnectionLimits {
        most: 40,
        most_per_address: 20,
        ..ConnectionLimits::default()
    };
    let (address, _lifecycle) = serving(limits).await;
    let mut kept = Vec::new();
    for _ in 0..1000 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let asked = stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        let mut first_byte = [0];
        if asked.is_ok() && stream.read_exact(&mut first_byte).await.is_ok() {
            kept.push(stream);
        }
    }
    assert_eq!(kept.len(), 20);

    let elsewhere = tokio::net::TcpSocket::new_v4().unwrap();
    elsewhere.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut other = elsewhere.connect(address).await.unwrap();
    other
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    assert!(until_closed(&mut other).await.ends_with(b"hello"), "another address");
}

#[tokio::test]
async fn a_client_that_takes_nothing_loses_its_seat() {
    let (address, _lifecycle) = serving(ConnectionLimits { most: 1, ..QUICK }).await;
    let mut greedy = TcpStream::connect(address).await.unwrap();
    greedy
        .write_all(b"GET /much HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();

    let mut next = TcpStream::connect(address).await.unwrap();
    next.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();

    assert!(until_closed(&mut next).await.ends_with(b"hello"));
}

#[tokio::test]
async fn stopping_hangs_up_on_those_who_ask_nothing() {
    let (address, lifecycle) = serving(ConnectionLimits::default()).await;
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut first_byte = [0];
    idle.read_exact(&mut first_byte).await.unwrap();

    lifecycle.stop();

    lifecycle.finished(DEADLINE).await.unwrap();
    assert!(until_closed(&mut idle).await.ends_with(b"hello"));
}

#[test]
fn the_limit_of_open_files_is_the_soft_one() {
    let limits = "Limit                     Soft Limit           Hard Limit           Units\n\
                  Max processes             62801                62801                processes\n\
                  Max open files            1024                 1048576              files\n";
    assert_eq!(read_open_files(limits), Some(1024));
    assert_eq!(
        read_open_files("Max open files            unlimited            unlimited            files"),
        None
    );
    assert_eq!(read_open_files(""), None);
}
