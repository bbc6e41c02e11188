//! A network that breaks between a device and the server.

use anyhow::ensure;
use test_kit::fault_proxy::{Direction, FaultProxy, Network};
use test_kit::random::SeededRandom;
use test_kit::wait::{self, PATIENCE};

use super::Outcome;
use super::stage::{Stage, check_kept, settled};

const CUTS: u64 = 16;

pub(super) async fn a_socket_cut_in_the_middle_of_a_send_sends_it_once(stage: &Stage) -> anyhow::Result<Outcome> {
    let random = SeededRandom::from_seed(rand::random());
    println!("  seed {}", random.seed());
    let play = stage.play().await?;
    let proxy = FaultProxy::to(play.server.address()).await?;
    let ada = play.person("ada@example.org").await?;
    let ben = play.person("ben@example.org").await?;
    let conversation = play.direct(&ada, &ben).await?.id;
    let device = stage
        .device("ada@example.org", &proxy.url(), play.server.console())
        .await?;

    let mut bodies = Vec::new();
    for number in 0..CUTS {
        device.until("to be online", |state| state.online).await?;
        // In the middle of the frame, or of the answer, or of what other sockets say.
        let direction = if number % 2 == 0 {
            Direction::ToServer
        } else {
            Direction::ToClient
        };
        proxy.cut_after(direction, u32::try_from(random.below(260))?);
        for part in 0..2 {
            let body = format!(
                "message {number}.{part}, {}",
                "x".repeat(usize::try_from(random.below(400))?)
            );
            device.write(&conversation, &body).await?;
            bodies.push(body);
        }
        device.reconnect().await?;
    }
    settled(&device, &conversation).await?;

    ensure!(
        proxy.connections() > CUTS,
        "only {} connections: nothing was cut",
        proxy.connections()
    );
    let stored = play.rest.log(&ben.access_token, &conversation).await?;
    let shown = device.view(&conversation).await?;
    check_kept(&ada, &conversation, &bodies, stored, Some(shown))?;
    Ok(Outcome::Held)
}

pub(super) async fn a_frozen_network_is_noticed_and_left(stage: &Stage) -> anyhow::Result<Outcome> {
    let play = stage.play_with(stage.settings().with("PING_INTERVAL_S", "1")).await?;
    let proxy = FaultProxy::to(play.server.address()).await?;
    let ada = play.person("ada@example.org").await?;
    let ben = play.person("ben@example.org").await?;
    let conversation = play.direct(&ada, &ben).await?.id;
    let device = stage
        .device("ada@example.org", &proxy.url(), play.server.console())
        .await?;
    let mut bodies = Vec::new();
    for freeze in [Network::DeafServer, Network::DeafClient, Network::Stalled] {
        let before = proxy.connections();
        proxy.set(freeze);
        let body = format!("written while the network was {freeze:?}");
        device.write(&conversation, &body).await?;
        bodies.push(body);
        // Only who gave the frozen connection up comes back with another one.
        let look = || std::future::ready((proxy.connections() > before).then_some(()));
        wait::until(&format!("another connection while {freeze:?}"), PATIENCE, look).await?;
        proxy.set(Network::Whole);
        proxy.cut();
        device.reconnect().await?;
        settled(&device, &conversation).await?;
    }
    let stored = play.rest.log(&ben.access_token, &conversation).await?;
    let shown = device.view(&conversation).await?;
    check_kept(&ada, &conversation, &bodies, stored, Some(shown))?;
    Ok(Outcome::Held)
}
