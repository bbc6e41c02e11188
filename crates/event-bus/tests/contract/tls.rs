//! A broker behind TLS, trusted by a certificate of one's own.

use std::net::SocketAddr;
use std::sync::Arc;

use event_bus::Bus;
use rcgen::generate_simple_self_signed;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use service_kit::Lifecycle;
use tempfile::TempDir;
use test_kit::wait::{PATIENCE, until};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::world::{Process, QUEUE, World, next};

/// Takes TLS off what comes and passes it on to the broker.
struct TlsDoor {
    address: SocketAddr,
    folder: TempDir,
    _passing: JoinSet<()>,
}

impl TlsDoor {
    async fn before(broker: SocketAddr) -> Self {
        let signed = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), signed.cert.pem()).unwrap();
        let key = PrivateKeyDer::Pkcs8(signed.signing_key.serialize_der().into());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![signed.cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut passing = JoinSet::new();
        passing.spawn(async move {
            let (acceptor, mut open) = (TlsAcceptor::from(Arc::new(config)), JoinSet::new());
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                open.spawn(async move {
                    // A client that does not trust us hangs up.
                    let Ok(mut client) = acceptor.accept(stream).await else {
                        return;
                    };
                    let mut server = TcpStream::connect(broker).await.unwrap();
                    drop(tokio::io::copy_bidirectional(&mut client, &mut server).await);
                });
            }
        });
        Self {
            address,
            folder,
            _passing: passing,
        }
    }
}

fn url(world: &World, door: &TlsDoor) -> String {
    let mut url = world.url_at(door.address);
    url.set_host(Some("localhost")).unwrap();
    url.as_str().replacen("amqp://", "amqps://", 1)
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_broker_with_a_certificate_of_ones_own_is_trusted_by_its_file() {
    let world = World::in_a_broker();
    let door = TlsDoor::before(world.broker().await).await;
    let address = world
        .ours(&url(&world, &door))
        .trusting(&door.folder.path().join("ca.pem"))
        .unwrap();
    let lifecycle = Lifecycle::new();
    let process = Process::of(Bus::connect_amqp(address, world.clock(), &lifecycle), lifecycle);
    process.is_ready(true).await;
    process.publish("one").await;
    let mut consumer = process.bus.consume(QUEUE).await;
    assert_eq!(next(&mut consumer).await.event_id, "one");
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_broker_with_an_unknown_certificate_gets_no_password() {
    let world = World::in_a_broker();
    let door = TlsDoor::before(world.broker().await).await;
    let lifecycle = Lifecycle::new();
    let bus = Bus::connect_amqp(world.ours(&url(&world, &door)), world.clock(), &lifecycle);
    let process = Process::of(bus, lifecycle);
    let refused = async || {
        let reason = process.health.readiness().parts["events"].clone();
        reason.contains("certificate").then_some(())
    };
    until("a word about the certificate", PATIENCE, refused).await.unwrap();
}
