//! What is done to the backend in a round, and undone again.

use std::sync::Arc;
use std::time::Duration;

use test_kit::random::SeededRandom;
use test_kit::server::Server;

use super::backend::Backend;
use super::figures::Figures;
use super::world::World;
use crate::device::Device;
use crate::scaled::{Part, Scaled};

/// How long a part of the services is dead before it is started again, at most.
const DEAD_MS: u64 = 3_000;
/// How long a part stands still: from less than any deadline of the services to longer than most of them.
const PAUSED_MS: std::ops::RangeInclusive<u64> = 1_000..=10_000;

/// Does one random thing, and puts it right again. Then everything runs, though perhaps not all of it works yet.
pub(super) async fn harm(world: &mut World, random: &SeededRandom, figures: &mut Figures) -> anyhow::Result<()> {
    let mut bystanders = Bystanders {
        devices: &world.devices,
        random,
        figures,
    };
    match &mut world.backend {
        Backend::OneServer(server) => kill_server(server, &mut bystanders).await,
        Backend::Services(scaled) => harm_part(scaled, &mut bystanders).await,
    }
}

/// Devices, of which one may be harmed, too.
struct Bystanders<'a> {
    devices: &'a [Arc<Device>],
    random: &'a SeededRandom,
    figures: &'a mut Figures,
}

impl Bystanders<'_> {
    /// Now and then kills a device and opens it again.
    async fn harm_one_perhaps(&mut self) -> anyhow::Result<()> {
        if self.random.once_in(6) {
            let device = usize::try_from(self.random.below(self.devices.len() as u64))?;
            let device = Arc::clone(&self.devices[device]);
            device.kill().await?;
            pause(self.random.below(200)).await;
            device.reopen().await?;
            self.figures.killed("a device");
        }
        Ok(())
    }
}

async fn kill_server(server: &mut Server, bystanders: &mut Bystanders<'_>) -> anyhow::Result<()> {
    const NAME: &str = "the server";
    server.kill().await?;
    bystanders.figures.killed(NAME);
    bystanders.harm_one_perhaps().await?;
    let random = bystanders.random;
    pause(random.below(300)).await;
    if random.once_in(5) {
        // Killed again while it starts: recovery itself must bear it.
        drop(tokio::time::timeout(Duration::from_millis(random.below(250)), server.restart()).await);
        server.kill().await?;
        bystanders.figures.killed(NAME);
    }
    Ok(server.restart().await?)
}

async fn harm_part(scaled: &mut Scaled, bystanders: &mut Bystanders<'_>) -> anyhow::Result<()> {
    let random = bystanders.random;
    let part = Part::ALL[usize::try_from(random.below(Part::ALL.len() as u64))?];
    if random.once_in(2) {
        scaled.kill(part).await?;
        bystanders.figures.killed(&part.to_string());
        bystanders.harm_one_perhaps().await?;
        pause(random.below(DEAD_MS)).await;
        scaled.bring_back(part).await
    } else {
        scaled.pause(part).await?;
        bystanders.figures.paused(&part.to_string());
        bystanders.harm_one_perhaps().await?;
        let (shortest, longest) = (*PAUSED_MS.start(), *PAUSED_MS.end());
        pause(shortest + random.below(longest - shortest + 1)).await;
        scaled.resume(part).await
    }
}

/// A random moment: this is the fault that is injected, not a wait for something.
pub(super) async fn pause(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}
