//! A network that fails when told: a TCP proxy on loopback between a client and a server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How the network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// Everything passes.
    Whole,
    /// New connections are closed at once; open ones go on.
    Refusing,
    /// Connections stay open and nothing passes in either direction.
    Stalled,
    /// What the server sends does not arrive; what the client sends does.
    DeafClient,
    /// What the client sends does not arrive; what the server sends does.
    DeafServer,
}

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    ToServer,
    ToClient,
}

/// A proxy in front of one server. Dropping it cuts everything.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    control: Arc<Control>,
    _tasks: JoinSet<()>,
}

#[derive(Debug)]
struct Control {
    network: watch::Sender<Network>,
    /// Grows with every cut; a connection ends when it is no longer that of its start.
    cuts: watch::Sender<u64>,
    to_server: Budget,
    to_client: Budget,
    connections: AtomicU64,
}

/// A budget without an end.
const NO_LIMIT: i64 = -1;

/// Bytes that may still pass before the connection is cut; negative means no limit.
#[derive(Debug)]
struct Budget(AtomicI64);

impl FaultProxy {
    /// A whole network to `server`, on a port chosen by the operating system.
    pub async fn to(server: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let control = Arc::new(Control {
            network: watch::Sender::new(Network::Whole),
            cuts: watch::Sender::new(0),
            to_server: Budget(AtomicI64::new(NO_LIMIT)),
            to_client: Budget(AtomicI64::new(NO_LIMIT)),
            connections: AtomicU64::new(0),
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, server, Arc::clone(&control)));
        Ok(Self {
            address,
            control,
            _tasks: tasks,
        })
    }

    /// Where clients connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as the base of HTTP requests.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes the network, also for open connections. A whole one cuts nothing: what [`Self::cut_after`] waits for is off.
    pub fn set(&self, network: Network) {
        if network == Network::Whole {
            for direction in [Direction::ToServer, Direction::ToClient] {
                self.control.budget(direction).0.store(NO_LIMIT, Ordering::SeqCst);
            }
        }
        self.control.network.send_replace(network);
    }

    /// Cuts every open connection now; new ones are welcome.
    pub fn cut(&self) {
        self.control.cut();
    }

    /// Lets this many more bytes pass, then drops the rest and cuts every connection, once.
    pub fn cut_after(&self, direction: Direction, bytes: u32) {
        self.control
            .budget(direction)
            .0
            .store(i64::from(bytes), Ordering::SeqCst);
    }

    /// How many connections were accepted so far.
    pub fn connections(&self) -> u64 {
        self.control.connections.load(Ordering::SeqCst)
    }
}

impl Control {
    fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }

    fn budget(&self, direction: Direction) -> &Budget {
        match direction {
            Direction::ToServer => &self.to_server,
            Direction::ToClient => &self.to_client,
        }
    }
}

impl Budget {
    /// How many of `wanted` bytes may pass, and whether the connection is to be cut after them.
    fn take(&self, wanted: usize) -> (usize, bool) {
        let held = self.0.load(Ordering::SeqCst);
        let Ok(left) = usize::try_from(held) else {
            return (wanted, false);
        };
        if wanted < left {
            self.0.fetch_sub(i64::try_from(wanted).unwrap_or(0), Ordering::SeqCst);
            return (wanted, false);
        }
        self.0.store(NO_LIMIT, Ordering::SeqCst);
        (left, true)
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, control: Arc<Control>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        control.connections.fetch_add(1, Ordering::SeqCst);
        if *control.network.borrow() != Network::Refusing {
            connections.spawn(carry(client, server, Arc::clone(&control)));
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn carry(client: TcpStream, server: SocketAddr, control: Arc<Control>) {
    let mut cuts = control.cuts.subscribe();
    let Ok(server) = TcpStream::connect(server).await else {
        return;
    };
    // What is whole must not be slow: small pieces would else wait for acknowledgements. On a connection that is gone
    // this fails, and so does the first read.
    let quick = client.set_nodelay(true).and_then(|()| server.set_nodelay(true));
    if quick.is_err() {
        return;
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let both = async {
        tokio::join!(
            pump(from_client, to_server, Direction::ToServer, &control),
            pump(from_server, to_client, Direction::ToClient, &control),
        )
    };
    tokio::select! {
        _ = both => {}
        _ = cuts.changed() => {}
    }
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, direction: Direction, control: &Control) {
    let mut network = control.network.subscribe();
    let mut buffer = vec![0_u8; 16 * 1024];
    loop {
        if network.wait_for(|network| passes(*network, direction)).await.is_err() {
            return;
        }
        let read = tokio::select! {
            read = from.read(&mut buffer) => read,
            _ = network.changed() => continue,
        };
        let Ok(length @ 1..) = read else { break };
        let (allowed, cut) = control.budget(direction).take(length);
        if to.write_all(&buffer[..allowed]).await.is_err() {
            break;
        }
        if cut {
            control.cut();
        }
    }
    // The other side learns that this one has ended; an error means that it knows already.
    drop(to.shutdown().await);
}

fn passes(network: Network, direction: Direction) -> bool {
    match network {
        Network::Whole | Network::Refusing => true,
        Network::Stalled => false,
        Network::DeafClient => direction == Direction::ToServer,
        Network::DeafServer => direction == Direction::ToClient,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::wait::PATIENCE;

    /// Sends back whatever comes.
    async fn echo() -> (SocketAddr, JoinSet<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                open.spawn(async move {
                    let (mut from, mut to) = stream.into_split();
                    drop(tokio::io::copy(&mut from, &mut to).await);
                });
            }
        });
        (address, tasks)
    }

    async fn proxied() -> (FaultProxy, TcpStream, JoinSet<()>) {
        let (server, tasks) = echo().await;
        let proxy = FaultProxy::to(server).await.unwrap();
        let stream = TcpStream::connect(proxy.address()).await.unwrap();
        (proxy, stream, tasks)
    }

    async fn exchange(stream: &mut TcpStream, text: &[u8]) -> std::io::Result<Vec<u8>> {
        stream.write_all(text).await?;
        let mut back = vec![0; text.len()];
        tokio::time::timeout(PATIENCE, stream.read_exact(&mut back))
            .await
            .unwrap()?;
        Ok(back)
    }

    #[tokio::test]
    async fn a_whole_network_carries_both_ways_until_it_is_cut() {
        let (proxy, mut stream, _tasks) = proxied().await;
        assert_eq!(exchange(&mut stream, b"hello").await.unwrap(), b"hello");
        proxy.cut();
        let after = exchange(&mut stream, b"hello").await;
        assert!(after.is_err(), "got {after:?}");
        let mut again = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(exchange(&mut again, b"again").await.unwrap(), b"again");
    }

    #[tokio::test]
    async fn a_cut_after_some_bytes_lets_exactly_those_pass() {
        let (proxy, mut stream, _tasks) = proxied().await;
        proxy.cut_after(Direction::ToClient, 3);
        stream.write_all(b"hello").await.unwrap();
        let mut arrived = Vec::new();
        drop(
            tokio::time::timeout(PATIENCE, stream.read_to_end(&mut arrived))
                .await
                .unwrap(),
        );
        assert_eq!(arrived, b"hel");
    }

    #[tokio::test]
    async fn a_network_that_is_whole_again_waits_for_no_cut() {
        let (proxy, mut stream, _tasks) = proxied().await;
        proxy.cut_after(Direction::ToClient, 3);
        proxy.set(Network::Whole);
        assert_eq!(exchange(&mut stream, b"hello").await.unwrap(), b"hello");
    }

    #[tokio::test]
    async fn a_stalled_network_holds_what_was_sent_until_it_is_whole() {
        let (proxy, mut stream, _tasks) = proxied().await;
        assert_eq!(exchange(&mut stream, b"first").await.unwrap(), b"first");
        proxy.set(Network::Stalled);
        stream.write_all(b"later").await.unwrap();
        let mut back = [0; 5];
        let nothing = tokio::time::timeout(Duration::from_millis(50), stream.read_exact(&mut back)).await;
        assert!(nothing.is_err(), "got {nothing:?}");
        proxy.set(Network::Whole);
        tokio::time::timeout(PATIENCE, stream.read_exact(&mut back))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(&back, b"later");
    }

    #[tokio::test]
    async fn a_refusing_network_closes_new_connections() {
        let (proxy, mut stream, _tasks) = proxied().await;
        assert_eq!(exchange(&mut stream, b"open").await.unwrap(), b"open");
        proxy.set(Network::Refusing);
        let mut second = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(exchange(&mut second, b"new").await.is_err());
        assert_eq!(exchange(&mut stream, b"still").await.unwrap(), b"still");
    }

    #[tokio::test]
    async fn a_deaf_client_still_reaches_the_server() {
        let (proxy, mut stream, _tasks) = proxied().await;
        proxy.set(Network::DeafClient);
        stream.write_all(b"heard").await.unwrap();
        let mut back = [0; 5];
        let nothing = tokio::time::timeout(Duration::from_millis(50), stream.read_exact(&mut back)).await;
        assert!(nothing.is_err(), "got {nothing:?}");
        proxy.set(Network::Whole);
        tokio::time::timeout(PATIENCE, stream.read_exact(&mut back))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(&back, b"heard");
    }
}
