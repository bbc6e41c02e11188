//! Messages that are told outside the window, and the way back to them.

use test_kit::wait::PATIENCE;

use crate::app::process_of;
use crate::colleague::Colleague;
use crate::desk::{Keyring, Theme};
use crate::notification_service::NotificationService;
use crate::panel::Panel;
use crate::resident::Resident;
use crate::{ADA, Office, steps, weight};

/// What the app may take without its window, in megabytes.
const MOST_HIDDEN_MB: u64 = 60;

#[tokio::test]
async fn a_click_on_a_notification_opens_its_message_also_when_the_window_is_unloaded() -> anyhow::Result<()> {
    let office = Office::open("notifications").await?;
    let ben = office.colleague().await?;
    let desk = office.desk(Keyring::Unlocked, Theme::Light).await?;
    let notes = NotificationService::start(&desk).await?;
    let resident = Resident::start(&office, &desk).await?;
    let app = resident.window(&office, &desk).await?;
    steps::sign_in(&app, &office.server.url(), ADA, &office.post).await?;
    let conversation = ben.start_conversation(ADA).await?.id;

    ben.write(&conversation, "Are <you> there?").await?;
    let first = notes.shows("Are &lt;you&gt; there?").await?;
    anyhow::ensure!(first.title == "Ben Okafor", "the note says {:?}", first.title);
    notes.click(&first).await?;
    steps::sees_once(&app, "Are <you> there?", "stored").await?;
    app.picture("5-opened-by-a-click").await?;
    let in_use = weight::megabytes(process_of(&desk).await?)?;

    app.hide().await;
    app.leave().await?;
    resident.window_is_unloaded().await?;
    let hidden = weight::megabytes(process_of(&desk).await?)?;
    println!("memory over all processes of the app: {in_use} MB with its window, {hidden} MB without");
    anyhow::ensure!(hidden < MOST_HIDDEN_MB, "without its window the app takes {hidden} MB");
    ben.write(&conversation, "The first of two").await?;
    let second = notes.shows("The first of two").await?;
    ben.write(&conversation, "Come to the kitchen").await?;
    let third = notes.shows("Come to the kitchen").await?;
    anyhow::ensure!(third.id == second.id, "the second note was stacked on the first");
    notes.click(&third).await?;
    let app = resident.window(&office, &desk).await?;
    steps::sees_once(&app, "Come to the kitchen", "stored").await?;
    app.picture("6-opened-again-by-a-click").await?;

    app.hide().await;
    app.leave().await?;
    resident.window_is_unloaded().await?;
    ben.write(&conversation, "Never mind").await?;
    let last = notes.shows("Never mind").await?;
    let tablet = office.folder.path().join("tablet");
    let ada_elsewhere = Colleague::sign_in(&tablet, &office.server.url(), &office.post, "Ada").await?;
    ada_elsewhere.conversation().await?;
    ada_elsewhere.read_all(&conversation).await?;
    notes.withdraws(last.id).await?;
    resident.end().await
}

#[tokio::test]
async fn the_tray_counts_opens_and_ends_the_app_while_the_window_is_unloaded() -> anyhow::Result<()> {
    let office = Office::open("tray").await?;
    let ben = office.colleague().await?;
    let desk = office.desk(Keyring::Unlocked, Theme::Dark).await?;
    let notes = NotificationService::start(&desk).await?;
    let mut resident = Resident::start(&office, &desk).await?;
    let app = resident.window(&office, &desk).await?;
    steps::sign_in(&app, &office.server.url(), ADA, &office.post).await?;
    let panel = Panel::of(&desk, process_of(&desk).await?).await?;
    panel.has_status("Active").await?;

    app.hide().await;
    app.leave().await?;
    resident.window_is_unloaded().await?;
    notes
        .shows("You are told of new messages. Quit with Ctrl Q or in the tray.")
        .await?;
    let conversation = ben.start_conversation(ADA).await?.id;
    ben.write(&conversation, "Where are you?").await?;
    panel.has_status("NeedsAttention").await?;
    panel.click().await?;
    let app = resident.window(&office, &desk).await?;
    app.named("button", "New message").await?;
    app.hide().await;
    app.leave().await?;
    resident.window_is_unloaded().await?;

    panel.choose("Ben Okafor").await?;
    let app = resident.window(&office, &desk).await?;
    steps::sees_once(&app, "Where are you?", "stored").await?;
    app.picture("5-opened-from-the-tray").await?;
    panel.choose("Quit Loquat").await?;
    let ended = tokio::time::timeout(PATIENCE, resident.wait()).await??;
    anyhow::ensure!(ended.success(), "the app ended with {ended}");
    app.leave().await
}
