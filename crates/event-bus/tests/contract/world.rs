//! Queues of their own for each test, and processes on them that can be killed.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use event_bus::{BrokerAddress, Bus, Consumer, DeadLetter, Delivery};
use protocol::UnixMs;
use service_kit::health::Health;
use service_kit::{Clock, Lifecycle, Random as _, SharedClock, SystemRandom};
use tempfile::TempDir;
use test_kit::clock::SettableClock;
use test_kit::fault_proxy::FaultProxy;
use test_kit::wait::{PATIENCE, until};
use url::Url;

pub(crate) const QUEUE: &str = "letters";
pub(crate) const OTHER_QUEUE: &str = "parcels";
pub(crate) const START: UnixMs = 1_000_000;

/// Where the queues of one test are, and what time it is there.
pub(crate) struct World {
    engine: Engine,
    pub(crate) clock: SettableClock,
}

enum Engine {
    File(TempDir),
    Broker { url: Url, prefix: String },
}

/// A process that uses the queues.
pub(crate) struct Process {
    pub(crate) bus: Bus,
    pub(crate) health: Health,
    /// Between it and a broker.
    pub(crate) network: Option<FaultProxy>,
    lifecycle: Lifecycle,
}

struct TestClock(SettableClock);

impl Clock for TestClock {
    fn now(&self) -> UnixMs {
        self.0.now()
    }
}

impl World {
    pub(crate) fn in_a_file() -> Self {
        Self::on(Engine::File(tempfile::tempdir().unwrap()))
    }

    pub(crate) fn in_a_broker() -> Self {
        Self::on(Engine::Broker {
            url: test_kit::engines::amqp_url().parse().unwrap(),
            prefix: format!("test-{:032x}", SystemRandom.bits()),
        })
    }

    fn on(engine: Engine) -> Self {
        Self {
            engine,
            clock: SettableClock::at(START),
        }
    }

    pub(crate) async fn start(&self) -> Process {
        let (lifecycle, health) = (Lifecycle::new(), Health::default());
        let (bus, network) = match &self.engine {
            Engine::File(folder) => (
                Bus::open_sqlite(&folder.path().join("events.sqlite"), self.clock()).unwrap(),
                None,
            ),
            Engine::Broker { .. } => {
                let network = FaultProxy::to(self.broker().await).await.unwrap();
                let bus = Bus::connect_amqp(self.address_at(network.address()), self.clock(), &lifecycle);
                (bus, Some(network))
            }
        };
        bus.report_to(health.part("events"));
        Process {
            bus,
            health,
            network,
            lifecycle,
        }
    }

    /// Where the broker listens.
    pub(crate) async fn broker(&self) -> SocketAddr {
        let Engine::Broker { url, .. } = &self.engine else {
            panic!("a file has no address");
        };
        let (host, port) = (url.host_str().unwrap(), url.port().unwrap_or(5672));
        tokio::net::lookup_host((host, port)).await.unwrap().next().unwrap()
    }

    /// The broker's address, reached through another door.
    pub(crate) fn url_at(&self, door: SocketAddr) -> Url {
        let Engine::Broker { url, .. } = &self.engine else {
            panic!("a file has no address");
        };
        let mut url = url.clone();
        url.set_host(Some(&door.ip().to_string())).unwrap();
        url.set_port(Some(door.port())).unwrap();
        url
    }

    pub(crate) fn address_at(&self, door: SocketAddr) -> BrokerAddress {
        self.ours(self.url_at(door).as_str())
    }

    /// This address, with the queues of this test.
    pub(crate) fn ours(&self, url: &str) -> BrokerAddress {
        let Engine::Broker { prefix, .. } = &self.engine else {
            panic!("a file has no address");
        };
        BrokerAddress::parse(url).unwrap().for_test(prefix)
    }

    pub(crate) fn clock(&self) -> SharedClock {
        Arc::new(TestClock(self.clock.clone()))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Engine::Broker { url, .. } = &self.engine {
            let address = self.ours(url.as_str());
            // The test's own runtime is at its end.
            let deleting = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                drop(runtime.block_on(address.delete_test_queues(&[QUEUE, OTHER_QUEUE])));
            });
            drop(deleting.join());
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.lifecycle.stop();
    }
}

impl Process {
    pub(crate) fn of(bus: Bus, lifecycle: Lifecycle) -> Self {
        let health = Health::default();
        bus.report_to(health.part("events"));
        Self {
            bus,
            health,
            network: None,
            lifecycle,
        }
    }

    /// Gone without a word. For a file that is a second process beside it: it shares no memory with this one.
    pub(crate) fn killed(self) {
        if let Some(network) = &self.network {
            network.set(test_kit::fault_proxy::Network::Refusing);
            network.cut();
        }
    }

    pub(crate) async fn publish(&self, id: &str) {
        self.bus.publish(QUEUE, id, &id, None).await.unwrap();
    }

    /// Publishes a last event and sees that it is the only one that comes.
    pub(crate) async fn nothing_else_comes(&self, consumer: &mut Consumer) {
        self.publish("the last one").await;
        let last = next(consumer).await;
        assert_eq!(last.event_id, "the last one");
        last.done().await.unwrap();
    }

    /// Waits until this many dead letters lie in the queue.
    pub(crate) async fn dead_letters(&self, count: usize) -> Vec<DeadLetter> {
        let look = async || {
            let letters = self.bus.dead_letters(QUEUE).await.unwrap();
            (letters.len() >= count).then_some(letters)
        };
        let letters = until("the dead letters", PATIENCE, look).await.unwrap();
        assert_eq!(letters.len(), count, "{letters:?}");
        letters
    }

    /// Waits until `/readyz` would say this of the queues.
    pub(crate) async fn is_ready(&self, ready: bool) {
        let look = async || (self.health.readiness().ready == ready).then_some(());
        until("the readiness of the queues", PATIENCE, look).await.unwrap();
    }
}

pub(crate) async fn next(consumer: &mut Consumer) -> Delivery {
    tokio::time::timeout(PATIENCE, consumer.next())
        .await
        .expect("an event should come")
}

/// What is there at once; none if nothing comes for a while.
pub(crate) async fn next_within(consumer: &mut Consumer, time: Duration) -> Option<Delivery> {
    tokio::time::timeout(time, consumer.next()).await.ok()
}
