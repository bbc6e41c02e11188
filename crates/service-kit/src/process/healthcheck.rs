//! Asking a running process whether it is ready, for container engines: the image needs no other program for it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const DEADLINE: Duration = Duration::from_secs(3);
/// Much more than `/readyz` says.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// Asks, and says on the terminal what the process said.
#[expect(clippy::print_stdout, reason = "the answer is what was asked for")]
pub(super) async fn answer(name: &str, listen: SocketAddr) -> ExitCode {
    let asked = tokio::time::timeout(DEADLINE, ask(reachable(listen))).await;
    match asked {
        Ok(Ok(answer)) if answer.starts_with("HTTP/1.1 200") => {
            println!("{name} is ready");
            ExitCode::SUCCESS
        }
        Ok(Ok(answer)) => {
            let reason = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            println!("{name} is not ready: {reason}");
            ExitCode::FAILURE
        }
        Ok(Err(fault)) => {
            println!("{name} does not answer on {listen}: {fault}");
            ExitCode::FAILURE
        }
        Err(_elapsed) => {
            println!("{name} does not answer on {listen} within {} s", DEADLINE.as_secs());
            ExitCode::FAILURE
        }
    }
}

/// A process that listens on every address is asked on loopback.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

async fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut line = TcpStream::connect(address).await?;
    let request = format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    line.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    line.take(LONGEST_ANSWER).read_to_string(&mut answer).await?;
    Ok(answer)
}
