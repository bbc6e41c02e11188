//! One HTTP request without a client library, for asking a server whether it is ready.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long one question may take; a server that is stopping may accept and never answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// The status of `GET path`; none when nobody answers.
pub(crate) async fn status_of(server: SocketAddr, path: &str) -> Option<u16> {
    tokio::time::timeout(ANSWER_WITHIN, ask(server, path))
        .await
        .ok()?
        .ok()
        .flatten()
}

async fn ask(server: SocketAddr, path: &str) -> std::io::Result<Option<u16>> {
    let mut stream = TcpStream::connect(server).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    Ok(answer.split(' ').nth(1).and_then(|status| status.parse().ok()))
}
