//! One connection to the broker, from its handshake to its loss.

use std::collections::HashSet;
use std::time::Duration;

use lapin::message::Delivery;
use lapin::options::{BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions};
use lapin::{BasicProperties, Channel, Confirmation, Connection, ConnectionProperties, DefaultConnectionBuilder};
use tokio::sync::Mutex;

use super::address::BrokerAddress;
use super::message::dead_letter;
use super::topology::{MOST_DEAD, Topology};
use crate::bus::DeadLetter;

/// What connecting and declaring may take.
const OPENING_DEADLINE: Duration = Duration::from_secs(10);
/// What the AMQP protocol calls a close without a fault.
const CLOSED_AS_ASKED: u16 = 200;

/// What went wrong, in words without addresses and secrets.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct LinkFault(String);

/// A connection that stands, or has stood.
pub(super) struct Link {
    pub(super) connection: Connection,
    topology: Topology,
    publisher: Mutex<Option<Channel>>,
    declared: Mutex<HashSet<&'static str>>,
}

/// What is to be published, and where.
pub(super) struct Post {
    pub(super) exchange: String,
    pub(super) key: String,
    pub(super) properties: BasicProperties,
    pub(super) payload: Vec<u8>,
}

impl From<lapin::Error> for LinkFault {
    fn from(fault: lapin::Error) -> Self {
        Self(fault.to_string())
    }
}

impl LinkFault {
    pub(super) fn of(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// A connection, and nothing on it yet.
pub(super) async fn connect(address: &BrokerAddress) -> lapin::Result<Connection> {
    let builder = DefaultConnectionBuilder::new()?
        .with_uri(address.uri.clone())
        .with_properties(ConnectionProperties::default().with_connection_name("loquat".into()))
        .with_tls_config(address.tls());
    builder.connect().await
}

impl Link {
    /// Connects and declares what all queues share, and these queues.
    pub(super) async fn open(address: &BrokerAddress, queues: Vec<&'static str>) -> Result<Self, LinkFault> {
        let opening = async {
            let link = Self {
                connection: connect(address).await?,
                topology: address.topology.clone(),
                publisher: Mutex::default(),
                declared: Mutex::default(),
            };
            let channel = link.connection.create_channel().await?;
            link.topology.declare_shared(&channel).await?;
            for queue in queues {
                link.declare(queue).await?;
            }
            Ok(link)
        };
        match tokio::time::timeout(OPENING_DEADLINE, opening).await {
            Ok(opened) => opened,
            Err(_elapsed) => Err(LinkFault(format!("no answer within {} s", OPENING_DEADLINE.as_secs()))),
        }
    }

    /// Declares a queue once on this connection.
    pub(super) async fn declare(&self, queue: &'static str) -> Result<(), LinkFault> {
        let mut declared = self.declared.lock().await;
        if !declared.contains(queue) {
            let channel = self.connection.create_channel().await?;
            self.topology.declare(&channel, queue).await?;
            declared.insert(queue);
        }
        Ok(())
    }

    /// Publishes, and answers once the broker has confirmed that it is kept.
    pub(super) async fn publish(&self, post: &Post) -> Result<(), LinkFault> {
        // One that nobody gets because no queue is there must come back, not vanish.
        let options = BasicPublishOptions {
            mandatory: true,
            ..BasicPublishOptions::default()
        };
        let (exchange, key) = (post.exchange.as_str().into(), post.key.as_str().into());
        let channel = self.publisher().await?;
        let sent = channel.basic_publish(exchange, key, options, &post.payload, post.properties.clone());
        match sent.await?.await? {
            Confirmation::Ack(None) => Ok(()),
            Confirmation::Ack(Some(_)) => {
                // Somebody has deleted what was declared here: the next connection declares everything anew.
                self.connection
                    .close(CLOSED_AS_ASKED, "a queue is missing".into())
                    .await?;
                Err(LinkFault::of("the queue is not there"))
            }
            Confirmation::Nack(_) => Err(LinkFault::of("the queue is full")),
            Confirmation::NotRequested => Err(LinkFault::of("the broker does not confirm")),
        }
    }

    /// The next event is published on a fresh channel, which forgets what this one still waits for.
    pub(super) async fn renew_publisher(&self) {
        *self.publisher.lock().await = None;
    }

    /// The dead letters of a queue as they lie there, which they go on doing: given back when the channel closes.
    pub(super) async fn browse(&self, queue: &'static str) -> Result<Vec<DeadLetter>, LinkFault> {
        self.declare(queue).await?;
        let (name, channel) = (self.topology.dead_queue(queue), self.connection.create_channel().await?);
        let mut letters = Vec::new();
        while letters.len() < usize::try_from(MOST_DEAD).unwrap_or_default() {
            let got = channel
                .basic_get(name.as_str().into(), BasicGetOptions::default())
                .await?;
            let Some(message) = got else { break };
            letters.push(dead_letter(&message.properties));
        }
        channel.close(CLOSED_AS_ASKED, "OK".into()).await?;
        Ok(letters)
    }

    async fn publisher(&self) -> Result<Channel, LinkFault> {
        let mut publisher = self.publisher.lock().await;
        if let Some(channel) = publisher.as_ref().filter(|channel| channel.status().connected()) {
            return Ok(channel.clone());
        }
        let channel = self.connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        Ok(publisher.insert(channel).clone())
    }
}

/// A message that was delivered, and the channel on which it is settled.
pub(super) struct Delivered {
    pub(super) message: Delivery,
    /// Open as long as anything that came on it is not settled.
    pub(super) channel: Channel,
}
