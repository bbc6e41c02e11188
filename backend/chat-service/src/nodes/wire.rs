//! The way from node to node, which may lose anything at any time.

use async_trait::async_trait;
use service_kit::cache::CacheError;

/// Bytes for those who listen to a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    pub channel: String,
    pub bytes: Vec<u8>,
}

/// Sends, and listens.
#[async_trait]
pub trait Wire: Send + Sync {
    /// Sends in this order; each channel keeps it. On an error any of them may be lost.
    async fn send(&self, parcels: Vec<Parcel>) -> Result<(), CacheError>;

    /// Listens to these channels; what is sent after this has answered is heard, until the line is lost.
    async fn listen(&self, channels: &[String]) -> Result<Box<dyn Line>, CacheError>;

    /// Whether each channel may fail alone, so that each must be heard to live.
    fn has_separate_channels(&self) -> bool;
}

/// One listening.
#[async_trait]
pub trait Line: Send {
    /// The next parcel; none when the line is lost. Dropping the wait loses nothing.
    async fn next(&mut self) -> Option<Parcel>;
}
