//! What happens to a conversation after it was written, and to devices and people, in the real window.

use client::view::MessageAct;

use crate::desk::{Desk, Keyring, Theme};
use crate::{ADA, BEN, Office, steps};

const ENTER: &str = "\u{e007}";
const UP: &str = "\u{e013}";
const DELETE: &str = "\u{e017}";
const F6: &str = "\u{e036}";

#[tokio::test]
async fn a_whole_conversation_is_held_without_a_mouse() -> anyhow::Result<()> {
    let office = Office::open("without-a-mouse").await?;
    let ben = office.colleague().await?;
    let desk = office.desk(Keyring::Unlocked, Theme::Light).await?;
    let app = office.signed_in(&desk).await?;
    steps::start_conversation(&app, BEN).await?;

    // From here on nothing is clicked. The composer has the focus.
    app.keys("Hello Ben").await?;
    app.keys(ENTER).await?;
    steps::sees_once(&app, "Hello Ben", "stored").await?;
    let conversation = ben.conversation().await?.id;

    app.keys(UP).await?;
    app.named("textbox", "Edit message").await?;
    app.keys(", good morning").await?;
    app.keys(ENTER).await?;
    steps::sees_once(&app, "Hello Ben, good morning", "stored").await?;
    app.shows("(edited)").await?;
    ben.sees(&conversation, &["Hello Ben, good morning"]).await?;

    let emoji = "👍".to_owned();
    ben.act(&conversation, MessageAct::React { emoji, on: true }).await?;
    app.named("button", "👍 1").await?;
    ben.act(&conversation, MessageAct::Pin { on: true }).await?;
    app.shows("Pinned").await?;
    ben.type_something(&conversation).await?;
    app.shows(&format!("{BEN} is typing")).await?;
    ben.read_all(&conversation).await?;
    app.named("group", &format!("Seen by {BEN}")).await?;
    app.picture("5-edited-and-seen").await?;

    app.keys("This was a mistake").await?;
    app.keys(ENTER).await?;
    steps::sees_once(&app, "This was a mistake", "stored").await?;
    // From the composer round to the messages, where the newest one has the focus.
    app.keys(F6).await?;
    app.keys(F6).await?;
    app.keys(DELETE).await?;
    app.named("button", "Delete").await?;
    app.picture("6-deleting").await?;
    app.keys(ENTER).await?;
    app.shows("This message was deleted").await?;
    ben.sees(&conversation, &["Hello Ben, good morning", ""]).await?;
    app.picture("7-deleted").await?;
    app.close().await
}

#[tokio::test]
async fn a_device_that_is_signed_out_from_another_one_says_so_and_is_erased() -> anyhow::Result<()> {
    let office = Office::open("devices").await?;
    let ben = office.colleague().await?;
    let lost = Desk::set_up(&office.folder.path().join("lost"), Keyring::Unlocked, Theme::Light).await?;
    let lost_app = office.signed_in(&lost).await?;
    steps::start_conversation(&lost_app, BEN).await?;
    steps::write(&lost_app, BEN, "Between the two of us.").await?;
    steps::sees_once(&lost_app, "Between the two of us.", "stored").await?;
    ben.conversation().await?;

    let desk = office.desk(Keyring::Unlocked, Theme::Dark).await?;
    let app = office.start_app(&desk).await?;
    steps::sign_in(&app, &office.server.url(), ADA, &office.post).await?;
    steps::open_settings(&app, "Devices").await?;
    app.count("li", "This device", 1).await?;
    app.picture("5-devices").await?;
    app.find("li button[aria-label^='Sign out']").await?.click().await?;
    app.find("[role=alertdialog]").await?;
    app.press("Sign out").await?;
    app.shows("was signed out.").await?;
    app.picture("6-signed-out").await?;

    lost_app
        .shows("This device was signed out from another device. What it held was erased.")
        .await?;
    lost_app.picture("5-erased").await?;
    lost_app.close().await?;
    crate::secrets::text_is_in_no_file("Between the two of us.", &lost.app_data())?;
    app.close().await
}

#[tokio::test]
async fn somebody_is_invited_and_leaves_the_company_again() -> anyhow::Result<()> {
    let office = Office::open_with("people", &[("SIGN_IN_DOMAINS", "example.org")]).await?;
    let desk = office.desk(Keyring::Unlocked, Theme::Light).await?;
    let app = office.signed_in(&desk).await?;
    steps::open_settings(&app, "Invitations").await?;
    app.fill("E-mail", "guest@elsewhere.org").await?;
    app.press("Send invitation").await?;
    let mail = office
        .post
        .next_mail("guest@elsewhere.org", test_kit::wait::PATIENCE)
        .await?;
    app.picture("5-invited").await?;

    let guest = Desk::set_up(&office.folder.path().join("guest"), Keyring::Unlocked, Theme::Dark).await?;
    let guest_app = office.start_app(&guest).await?;
    guest_app.press("I have an invitation").await?;
    guest_app
        .fill("Invitation link", &steps::invitation_link(&mail)?)
        .await?;
    guest_app.press("Continue").await?;
    guest_app.press("Join").await?;
    guest_app.named("button", "New message").await?;
    guest_app.picture("5-joined").await?;

    steps::open_place(&app, "People").await?;
    app.named("button", "What can be done with Guest")
        .await?
        .click()
        .await?;
    app.named("menuitem", "Deactivate").await?.click().await?;
    app.picture("6-deactivating").await?;
    app.find("[role=alertdialog] button:last-of-type")
        .await?
        .click()
        .await?;
    app.shows("Guest was deactivated.").await?;
    guest_app.shows("Your account was deactivated.").await?;
    guest_app.picture("6-deactivated").await?;
    guest_app.close().await?;
    app.close().await
}
