//! A whole train ride without a network, with a crash in the middle.

use crate::app::App;
use crate::desk::{Keyring, Theme};
use crate::keyboard::ENTER;
use crate::{BEN, Office, steps};

const MESSAGES: usize = 100;

/// Messages that are typed in one go.
const AT_ONCE: usize = 10;

#[tokio::test]
async fn a_hundred_messages_written_offline_around_a_crash_are_stored_once_and_in_order() -> anyhow::Result<()> {
    let mut office = Office::open("hundred").await?;
    let ben = office.colleague().await?;
    let desk = office.desk(Keyring::Unlocked, Theme::Light).await?;
    let app = office.signed_in(&desk).await?;
    steps::start_conversation(&app, BEN).await?;
    let bodies: Vec<String> = (1..=MESSAGES).map(|number| format!("thought {number:03}")).collect();
    let (before, after) = bodies.split_at(MESSAGES / 2);
    let conversation = ben.conversation().await?.id;
    office.server.kill().await?;
    app.find("[data-testid=connection][data-state=offline]").await?;

    write(&app, before).await?;
    // With the last key just pressed: what was sent in the eyes of the person must not be lost.
    app.kill().await?;
    let app = office.start_app(&desk).await?;
    steps::open_conversation(&app, BEN).await?;
    app.shows(&format!("{} messages will be sent when you are back.", before.len()))
        .await?;
    steps::sees_once(&app, &before[before.len() - 1], "pending").await?;
    app.picture("5-after-the-crash").await?;
    app.named("textbox", &format!("Message {BEN}")).await?.click().await?;
    write(&app, after).await?;

    office.server.restart().await?;

    ben.sees_all(&conversation, &bodies).await?;
    steps::sees_once(&app, &bodies[MESSAGES - 1], "stored").await?;
    app.picture("6-back-online").await?;
    app.close().await
}

/// Types messages, each ended by the key that sends it.
async fn write(app: &App, bodies: &[String]) -> anyhow::Result<()> {
    for some in bodies.chunks(AT_ONCE) {
        let end = ENTER.to_string();
        app.types(&(some.join(&end) + &end)).await?;
    }
    Ok(())
}
