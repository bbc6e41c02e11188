//! Redis as the way from node to node: pub/sub, on a cluster its sharded form.

use async_trait::async_trait;
use service_kit::cache::CacheError;
use service_kit::redis::{Message, News, Redis, Subscription};

use super::wire::{Line, Parcel, Wire};

/// Channels of this installation, among those of others on the same server.
struct Own {
    subscription: Subscription,
    prefix: String,
}

#[async_trait]
impl Wire for Redis {
    async fn send(&self, parcels: Vec<Parcel>) -> Result<(), CacheError> {
        let message = |parcel: Parcel| Message {
            channel: self.name(&parcel.channel),
            payload: parcel.bytes,
        };
        let messages: Vec<Message> = parcels.into_iter().map(message).collect();
        self.publish(&messages).await
    }

    async fn listen(&self, channels: &[String]) -> Result<Box<dyn Line>, CacheError> {
        let names: Vec<String> = channels.iter().map(|channel| self.name(channel)).collect();
        Ok(Box::new(Own {
            subscription: Redis::listen(self, &names).await?,
            prefix: self.name(""),
        }))
    }

    fn has_separate_channels(&self) -> bool {
        self.is_cluster()
    }
}

#[async_trait]
impl Line for Own {
    async fn next(&mut self) -> Option<Parcel> {
        match self.subscription.next().await {
            News::Message(message) => Some(Parcel {
                channel: message
                    .channel
                    .strip_prefix(&self.prefix)
                    .unwrap_or_default()
                    .to_owned(),
                bytes: message.payload,
            }),
            News::Lost => None,
        }
    }
}
