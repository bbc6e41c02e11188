//! Listening to channels: one connection per process, whatever the number of channels.

use std::any::Any;

use redis::{AsyncConnectionConfig, PushInfo, PushKind, RedisResult, Value};
use tokio::sync::mpsc;

use super::connection::Route;
use super::{CONNECT_DEADLINE, DEADLINE, Message};

/// News that wait to be taken; beyond, the listener counts as lost and listens anew.
const MOST_WAITING: usize = 65_536;

/// News from the channels.
#[derive(Debug)]
pub enum News {
    Message(Message),
    /// Messages may have been missed, or will be: listen anew, then look for what was missed.
    Lost,
}

/// A running subscription; it ends when it is dropped.
pub struct Subscription {
    pushes: mpsc::Receiver<PushInfo>,
    /// Held because the channels end with it.
    _connection: Box<dyn Any + Send + Sync>,
}

impl Subscription {
    pub(super) async fn open(route: &Route, channels: &[String]) -> RedisResult<Self> {
        let (queue, pushes) = mpsc::channel(MOST_WAITING);
        // Full is as bad as lost: the queue is closed with its sender, and the reader sees its end.
        let queue = std::sync::Mutex::new(Some(queue));
        let send = move |push: PushInfo| {
            let mut held = queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let sent = held.as_ref().is_some_and(|queue| queue.try_send(push).is_ok());
            if sent {
                Ok(())
            } else {
                *held = None;
                Err(redis::aio::SendError)
            }
        };
        let connection: Box<dyn Any + Send + Sync> = match route {
            Route::Single(client) => {
                let config = AsyncConnectionConfig::new()
                    .set_connection_timeout(Some(CONNECT_DEADLINE))
                    .set_response_timeout(Some(DEADLINE))
                    .set_push_sender(send);
                let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
                connection.subscribe(channels).await?;
                Box::new(connection)
            }
            Route::Cluster(parts) => {
                let client = parts.builder().push_sender(send).build()?;
                let mut connection = client.get_async_connection().await?;
                for channel in channels {
                    connection.ssubscribe(channel).await?;
                }
                Box::new(connection)
            }
        };
        Ok(Self {
            pushes,
            _connection: connection,
        })
    }

    /// Waits for the next news. Dropping the wait loses nothing.
    pub async fn next(&mut self) -> News {
        loop {
            let Some(push) = self.pushes.recv().await else {
                return News::Lost;
            };
            match push.kind {
                PushKind::Message | PushKind::SMessage => {
                    if let Some(message) = message(push.data) {
                        return News::Message(message);
                    }
                }
                PushKind::Disconnection | PushKind::Unsubscribe | PushKind::SUnsubscribe => return News::Lost,
                _ => {}
            }
        }
    }
}

/// A message is its channel and its payload.
fn message(data: Vec<Value>) -> Option<Message> {
    let mut parts = data.into_iter();
    let (channel, payload) = (bytes(parts.next()?)?, bytes(parts.next()?)?);
    Some(Message {
        channel: String::from_utf8(channel).ok()?,
        payload,
    })
}

fn bytes(value: Value) -> Option<Vec<u8>> {
    match value {
        Value::BulkString(bytes) => Some(bytes),
        Value::SimpleString(text) => Some(text.into_bytes()),
        _ => None,
    }
}
