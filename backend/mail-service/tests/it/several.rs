//! Several mail-services on one broker and one database.

use std::sync::Arc;

use event_bus::{BrokerAddress, Bus};
use mail_service::Parts;
use protocol::Email;
use protocol::event::{SEND_INVITATION, SEND_OTP, SendOtp};
use service_kit::health::Health;
use service_kit::metrics::Metrics;
use service_kit::store::Documents;
use service_kit::store::mongo::{Address, Mongo};
use service_kit::{Clock as _, Lifecycle, Random as _, SystemClock, SystemRandom};
use test_kit::engines::{MongoDatabase, amqp_url};
use test_kit::fault_proxy::{FaultProxy, Network};
use test_kit::smtp::{SmtpServer, SmtpSettings};
use test_kit::wait::{PATIENCE, until};
use url::Url;

use super::harness::{TEN_MINUTES, settings_for};

/// What all of them share.
struct Shared {
    mail_server: SmtpServer,
    database: MongoDatabase,
    /// What the names of their queues begin with.
    prefix: String,
}

/// One of them; dropping it stops it.
struct Service {
    lifecycle: Lifecycle,
    health: Health,
    broker: FaultProxy,
    database: FaultProxy,
}

impl Drop for Service {
    fn drop(&mut self) {
        self.lifecycle.stop();
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let address = self.broker(None);
        // The test's own runtime is at its end.
        let deleting = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            drop(runtime.block_on(address.delete_test_queues(&[SEND_OTP, SEND_INVITATION])));
        });
        drop(deleting.join());
    }
}

impl Shared {
    async fn new() -> Self {
        Self {
            mail_server: SmtpServer::start(SmtpSettings::default()).await.unwrap(),
            database: MongoDatabase::fresh(),
            prefix: format!("test-{:032x}", SystemRandom.bits()),
        }
    }

    fn broker(&self, door: Option<&FaultProxy>) -> BrokerAddress {
        let mut url: Url = amqp_url().parse().unwrap();
        if let Some(door) = door {
            url.set_host(Some(&door.address().ip().to_string())).unwrap();
            url.set_port(Some(door.address().port())).unwrap();
        }
        BrokerAddress::parse(url.as_str()).unwrap().for_test(&self.prefix)
    }

    async fn start(&self) -> Service {
        let url: Url = amqp_url().parse().unwrap();
        let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5672));
        let mut found = tokio::net::lookup_host(host).await.unwrap();
        let broker = FaultProxy::to(found.next().unwrap()).await.unwrap();
        let database = FaultProxy::to(self.database.server()).await.unwrap();
        let (lifecycle, health) = (Lifecycle::new(), Health::default());
        let mongo = Address::parse(&self.database.url_by_way_of(database.address())).unwrap();
        let bus = Bus::connect_amqp(self.broker(Some(&broker)), Arc::new(SystemClock), &lifecycle);
        bus.report_to(health.part("events"));
        let parts = Parts {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            lifecycle: lifecycle.clone(),
            health: health.clone(),
            metrics: Metrics::default(),
            documents: Documents::Mongo(Mongo::new(mongo)),
            bus,
            public_url: None,
            dev: false,
        };
        mail_service::start(&settings_for(&self.mail_server, &[]), parts)
            .await
            .unwrap();
        Service {
            lifecycle,
            health,
            broker,
            database,
        }
    }

    /// Waits until this many mails came, and sees that each went to somebody else.
    async fn received(&self, count: usize) {
        let look = async || (self.mail_server.mails().len() >= count).then_some(());
        until("the mails", PATIENCE, look).await.unwrap();
        let mails = self.mail_server.mails();
        let mut addresses: Vec<String> = mails.iter().flat_map(|mail| mail.to.clone()).collect();
        addresses.sort();
        addresses.dedup();
        assert_eq!((addresses.len(), mails.len()), (count, count), "each once");
    }
}

async fn order(bus: &Bus, id: &str) {
    let order = SendOtp {
        id: id.to_owned(),
        email: Email::parse(&format!("{id}@example.org")).unwrap(),
        code: "111111".to_owned(),
        workspace: "Analytical Engines".to_owned(),
        expires_at: SystemClock.now() + TEN_MINUTES,
    };
    bus.publish(SEND_OTP, id, &order, Some(order.expires_at)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn an_event_that_comes_to_two_services_at_once_is_one_mail() {
    let shared = Shared::new().await;
    let _services = [shared.start().await, shared.start().await];
    let lifecycle = Lifecycle::new();
    let bus = Bus::connect_amqp(shared.broker(None), Arc::new(SystemClock), &lifecycle);
    for number in 0..20 {
        for _ in 0..3 {
            order(&bus, &format!("person{number}")).await;
        }
    }
    shared.received(20).await;
    // The queue is done with all of them when this one comes.
    order(&bus, "last").await;
    shared.received(21).await;
    lifecycle.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn what_is_ordered_while_connections_are_cut_is_mailed_once() {
    let shared = Shared::new().await;
    let services = [shared.start().await, shared.start().await];
    let lifecycle = Lifecycle::new();
    let bus = Bus::connect_amqp(shared.broker(None), Arc::new(SystemClock), &lifecycle);
    for number in 0..30 {
        order(&bus, &format!("person{number}")).await;
        let service = &services[number % 2];
        match number % 6 {
            1 => service.broker.cut(),
            4 => service.database.cut(),
            _ => {}
        }
    }
    shared.received(30).await;
    lifecycle.stop();
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_service_without_its_database_says_so_and_mails_when_it_is_back() {
    let shared = Shared::new().await;
    let service = shared.start().await;
    let is_ready = async |ready: bool| {
        let look = async || (service.health.readiness().ready == ready).then_some(());
        until("its readiness", PATIENCE, look).await.unwrap();
    };
    is_ready(true).await;
    service.database.set(Network::Refusing);
    service.database.cut();
    is_ready(false).await;
    assert_ne!(service.health.readiness().parts["mail-ledger"], "ready");
    let lifecycle = Lifecycle::new();
    let bus = Bus::connect_amqp(shared.broker(None), Arc::new(SystemClock), &lifecycle);
    order(&bus, "person").await;
    service.database.set(Network::Whole);
    is_ready(true).await;
    shared.received(1).await;
    lifecycle.stop();
}
