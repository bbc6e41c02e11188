//! Two chat nodes on one set of engines: how long a message takes from one to the other, how soon an ended session is
//! out of both, and what people see when the nodes cannot hear each other.
//!
//! The programs are real, in processes of their own; between each node and Redis stands a network that can be broken.

mod cut;
mod endings;
mod passage;
mod people;
mod traffic;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use test_kit::engines::redis_url;
use test_kit::fault_proxy::FaultProxy;
use test_kit::random::SeededRandom;
use url::Url;

use self::people::People;
use crate::load::key::KeyFile;
use crate::scaled::{Scaled, ScaledSettings, Wishes};

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct NodesSettings {
    #[command(flatten)]
    scaled: ScaledSettings,
    /// How long messages are sent while their passage is measured, in seconds.
    #[arg(long, default_value_t = 30)]
    seconds: u32,
    /// How often a session is ended.
    #[arg(long, default_value_t = 20)]
    endings: u32,
    /// How long the nodes cannot hear each other, in seconds.
    #[arg(long, default_value_t = 30)]
    cut: u32,
    /// Fails when the 99th percentile of the passage is longer, in milliseconds; only programs built for speed are held
    /// to it.
    #[arg(long)]
    passage_within_ms: Option<u32>,
    /// Keeps all output in this folder, for looking into.
    #[arg(long)]
    keep: Option<PathBuf>,
}

/// The form that scales out, with a breakable network between each node and Redis.
struct Stage {
    scaled: Scaled,
    /// One for each node.
    to_redis: Vec<FaultProxy>,
    people: People,
}

/// Runs all three; true when all of them showed what they must.
pub(crate) async fn run(settings: NodesSettings) -> anyhow::Result<bool> {
    let scratch = tempfile::tempdir()?;
    let folder = settings.keep.as_deref().unwrap_or(scratch.path());
    let stage = Stage::set_up(&settings.scaled, folder).await?;
    let seconds = |number: u32| Duration::from_secs(u64::from(number));
    let passage = passage::measure(&stage, seconds(settings.seconds)).await?;
    println!("passage: {passage}");
    let is_quick = settings
        .passage_within_ms
        .is_none_or(|most| passage.p99_ms() < f64::from(most));
    if !is_quick {
        println!("passage: the 99th percentile is too long");
    }
    let endings = endings::measure(&stage, settings.endings).await?;
    println!("ended sessions: {endings}");
    let cut = cut::show(&stage, seconds(settings.cut)).await?;
    println!("cut: {cut}");
    Ok(is_quick && passage.is_complete() && endings.is_in_time() && cut.is_whole())
}

impl Stage {
    async fn set_up(settings: &ScaledSettings, folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let random = SeededRandom::from_seed(rand::random());
        let key_path = folder.join("signing-key.pem");
        let key = KeyFile::make(&key_path, &random)?;
        let redis = Url::parse(&redis_url()).context("TEST_REDIS_URL is no URL")?;
        let mut to_redis = Vec::new();
        let mut wishes = Wishes {
            of_all: vec![
                ("SIGNING_KEY_FILE".to_owned(), key_path.to_string_lossy().into_owned()),
                ("LOG".to_owned(), "warn".to_owned()),
            ],
            ..Wishes::default()
        };
        for of_node in &mut wishes.of_chat_nodes {
            let server = redis.socket_addrs(|| Some(6379))?;
            let proxy = FaultProxy::to(*server.first().context("TEST_REDIS_URL names no server")?).await?;
            of_node.push(("CACHE_URL".to_owned(), by_way_of(&redis, &proxy)?));
            to_redis.push(proxy);
        }
        let scaled = Scaled::start(settings, folder, &wishes).await?;
        let people = People::gather(&scaled, &key, &random).await?;
        Ok(Self {
            scaled,
            to_redis,
            people,
        })
    }
}

fn by_way_of(server: &Url, proxy: &FaultProxy) -> anyhow::Result<String> {
    let mut url = server.clone();
    let address = proxy.address();
    url.set_host(Some(&address.ip().to_string()))?;
    url.set_port(Some(address.port()))
        .map_err(|()| anyhow::anyhow!("TEST_REDIS_URL takes no port"))?;
    Ok(url.into())
}
