//! Proxies as companies have them, on loopback: HTTP with `CONNECT`, and SOCKS5, each with a login or without.
//!
//! They know one server, under a name that nobody else can look up: whoever reaches it came through the proxy.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The name of the server behind the proxies. It ends in a domain that is reserved for tests and is found nowhere.
pub const BEHIND: &str = "chat.loquat.test";

/// The longest head of a request that is read.
const LONGEST_HEAD: usize = 64 * 1024;

/// How a proxy is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Http,
    Socks5,
}

/// Who may pass.
#[derive(Debug, Clone)]
pub struct Login {
    pub user: String,
    pub password: String,
}

/// A running proxy. Dropping it cuts everything.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    kind: Kind,
    control: Arc<Control>,
    _tasks: JoinSet<()>,
}

#[derive(Debug)]
struct Control {
    server: SocketAddr,
    login: Option<Login>,
    asked: AtomicU64,
    opened: AtomicU64,
    refused: AtomicU64,
    cuts: watch::Sender<u64>,
}

impl Proxy {
    /// A proxy that lets everybody with this login, or everybody, go to the server.
    pub async fn start(kind: Kind, server: SocketAddr, login: Option<Login>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let control = Arc::new(Control {
            server,
            login,
            asked: AtomicU64::new(0),
            opened: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            cuts: watch::Sender::new(0),
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, kind, Arc::clone(&control)));
        Ok(Self {
            address,
            kind,
            control,
            _tasks: tasks,
        })
    }

    /// The address as people write it.
    pub fn url(&self) -> String {
        let scheme = match self.kind {
            Kind::Http => "http",
            Kind::Socks5 => "socks5",
        };
        format!("{scheme}://{}", self.address)
    }

    /// Host and port.
    pub fn place(&self) -> String {
        self.address.to_string()
    }

    /// How many came to it.
    pub fn asked(&self) -> u64 {
        self.control.asked.load(Ordering::SeqCst)
    }

    /// How many ways to the server it opened.
    pub fn opened(&self) -> u64 {
        self.control.opened.load(Ordering::SeqCst)
    }

    /// How many it sent away for the want of a login.
    pub fn refused(&self) -> u64 {
        self.control.refused.load(Ordering::SeqCst)
    }

    /// Cuts every way that is open.
    pub fn cut(&self) {
        self.control.cuts.send_modify(|cuts| *cuts += 1);
    }
}

async fn accept(listener: TcpListener, kind: Kind, control: Arc<Control>) {
    let mut open = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        control.asked.fetch_add(1, Ordering::SeqCst);
        let control = Arc::clone(&control);
        open.spawn(async move {
            let mut cuts = control.cuts.subscribe();
            let served = async {
                match kind {
                    Kind::Http => http(stream, &control).await,
                    Kind::Socks5 => socks(stream, &control).await,
                }
            };
            // A client that goes away is nothing to speak of.
            tokio::select! {
                served = served => drop(served),
                _ = cuts.changed() => {}
            }
        });
    }
}

impl Control {
    /// A way to the server, if it is the one that is asked for.
    async fn open(&self, target: &str) -> io::Result<TcpStream> {
        if target != BEHIND {
            return Err(io::ErrorKind::HostUnreachable.into());
        }
        let stream = TcpStream::connect(self.server).await?;
        self.opened.fetch_add(1, Ordering::SeqCst);
        Ok(stream)
    }
}

async fn http(mut client: TcpStream, control: &Control) -> io::Result<()> {
    let head = read_head(&mut client).await?;
    let text = String::from_utf8_lossy(&head).into_owned();
    let mut words = text.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if !is_welcome(&text, control.login.as_ref()) {
        control.refused.fetch_add(1, Ordering::SeqCst);
        let answer = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\n\
                      Content-Length: 0\r\nConnection: close\r\n\r\n";
        return client.write_all(answer.as_bytes()).await;
    }
    let place = target.strip_prefix("http://").unwrap_or(target);
    let place = place.split('/').next().unwrap_or_default();
    let host = place.rsplit_once(':').map_or(place, |(host, _)| host);
    let Ok(mut server) = control.open(host).await else {
        let answer = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        return client.write_all(answer.as_bytes()).await;
    };
    if method == "CONNECT" {
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    } else {
        // A request without TLS goes on as it is; every server understands a whole URL.
        server.write_all(&head).await?;
    }
    copy_bidirectional(&mut client, &mut server).await.map(drop)
}

/// Everything up to the empty line.
async fn read_head(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LONGEST_HEAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        head.push(client.read_u8().await?);
    }
    Ok(head)
}

fn is_welcome(head: &str, login: Option<&Login>) -> bool {
    let Some(login) = login else { return true };
    let wanted = format!(
        "Basic {}",
        STANDARD.encode(format!("{}:{}", login.user, login.password))
    );
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    headers.any(|(name, value)| name.eq_ignore_ascii_case("proxy-authorization") && value.trim() == wanted)
}

async fn socks(mut client: TcpStream, control: &Control) -> io::Result<()> {
    let _version = client.read_u8().await?;
    let count = client.read_u8().await?;
    let mut methods = vec![0; count.into()];
    client.read_exact(&mut methods).await?;
    let method = if control.login.is_some() { 2 } else { 0 };
    if !methods.contains(&method) {
        control.refused.fetch_add(1, Ordering::SeqCst);
        return client.write_all(&[5, 0xFF]).await;
    }
    client.write_all(&[5, method]).await?;
    if let Some(login) = &control.login {
        let _version = client.read_u8().await?;
        let given = (read_text(&mut client).await?, read_text(&mut client).await?);
        let right = given == (login.user.clone(), login.password.clone());
        client.write_all(&[1, u8::from(!right)]).await?;
        if !right {
            control.refused.fetch_add(1, Ordering::SeqCst);
            return Ok(());
        }
    }
    let mut request = [0; 4];
    client.read_exact(&mut request).await?;
    // Only names are asked for: an address would have been looked up around the proxy.
    let host = if request[3] == 3 {
        read_text(&mut client).await?
    } else {
        String::new()
    };
    let _port = client.read_u16().await?;
    match control.open(&host).await {
        Ok(mut server) => {
            client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
            copy_bidirectional(&mut client, &mut server).await.map(drop)
        }
        Err(_) => client.write_all(&[5, 4, 0, 1, 0, 0, 0, 0, 0, 0]).await,
    }
}

/// A text with its length before it.
async fn read_text(client: &mut TcpStream) -> io::Result<String> {
    let length = client.read_u8().await?;
    let mut text = vec![0; length.into()];
    client.read_exact(&mut text).await?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
