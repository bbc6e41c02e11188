//! How somebody comes into the workspace by an invitation, and what becomes of them when they leave the company.

use test_kit::wait::PATIENCE;
use tokio::time::Instant;

use crate::app::App;
use crate::desk::{Desk, Keyring, Theme};
use crate::devices::SIGNED_OUT_WITHIN;
use crate::{Office, secrets, steps};

const GUEST: &str = "guest@elsewhere.org";

#[tokio::test]
async fn somebody_is_invited_and_leaves_the_company_again() -> anyhow::Result<()> {
    let office = Office::open_with("people", &[("SIGN_IN_DOMAINS", "example.org")]).await?;
    let desk = office.desk(Keyring::Unlocked, Theme::Light).await?;
    let app = office.signed_in(&desk).await?;
    let guest = Desk::set_up(&office.folder.path().join("guest"), Keyring::Unlocked, Theme::Dark).await?;
    let guest_app = office.start_app(&guest).await?;

    let link = invite(&app, &office).await?;
    join(&guest_app, &link).await?;
    steps::start_conversation(&guest_app, "Ada").await?;
    steps::write(&guest_app, "Ada", "Thank you for having me.").await?;
    steps::sees_once(&guest_app, "Thank you for having me.", "stored").await?;
    guest.kept_secret().await?;

    steps::open_place(&app, "People").await?;
    app.press("What can be done with Guest").await?;
    app.click("menuitem", "Deactivate").await?;
    app.find("[role=alertdialog]").await?;
    app.picture("6-deactivating").await?;
    let told = Instant::now();
    app.press("Deactivate").await?;
    guest_app
        .shows("Your account was deactivated. What this device held was erased.")
        .await?;
    let took = told.elapsed();
    anyhow::ensure!(took < SIGNED_OUT_WITHIN, "the window went on for {took:?}");
    guest_app.picture("7-signed-out").await?;
    app.shows("Guest was deactivated.").await?;
    app.picture("7-deactivated").await?;
    steps::open_place(&app, "Invitations").await?;
    app.count("li", "Accepted", 1).await?;

    guest_app.close().await?;
    secrets::text_is_in_no_file("Thank you for having me.", &guest.app_data())?;
    guest.keeps_no_secret().await?;
    app.close().await
}

/// Sends an invitation; answers the link that came by mail.
async fn invite(app: &App, office: &Office) -> anyhow::Result<String> {
    steps::open_settings(app, "Invitations").await?;
    app.fill("E-mail", GUEST).await?;
    app.press("Send invitation").await?;
    app.shows(&format!("An invitation is on its way to {GUEST}.")).await?;
    app.picture("4-invited").await?;
    let mail = office.post.next_mail(GUEST, PATIENCE).await?;
    steps::invitation_link(&mail)
}

/// Pastes the link of the invitation and joins.
async fn join(app: &App, link: &str) -> anyhow::Result<()> {
    app.press("I have an invitation").await?;
    app.fill("Invitation link", link).await?;
    app.picture("1-invitation").await?;
    app.press("Continue").await?;
    app.named("button", "Join").await?;
    app.picture("2-join").await?;
    app.press("Join").await?;
    app.named("button", "New message").await?;
    app.picture("5-joined").await
}
