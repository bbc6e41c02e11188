//! The devices of one person, and what becomes of one that is signed out from another.

use std::time::Duration;

use tokio::time::Instant;

use crate::desk::{Desk, Keyring, Theme};
use crate::{ADA, BEN, Office, steps};

/// How long a window may go on after its session was ended: 2 s are promised, and then it has to be drawn.
pub(crate) const SIGNED_OUT_WITHIN: Duration = Duration::from_millis(2_500);

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
    lost.kept_secret().await?;

    let desk = office.desk(Keyring::Unlocked, Theme::Dark).await?;
    let app = office.start_app(&desk).await?;
    steps::sign_in(&app, &office.server.url(), ADA, &office.post).await?;
    steps::open_settings(&app, "Devices").await?;
    app.count("li", "Signed in", 2).await?;
    app.count("li", "This device", 1).await?;
    app.picture("5-devices").await?;
    app.press("Sign out …").await?;
    app.find("[role=alertdialog]").await?;
    app.picture("6-asked").await?;
    let told = Instant::now();
    app.press("Sign out").await?;
    lost_app
        .shows("This device was signed out from another device. What it held was erased.")
        .await?;
    let took = told.elapsed();
    anyhow::ensure!(took < SIGNED_OUT_WITHIN, "the window went on for {took:?}");
    lost_app.picture("7-erased").await?;
    app.shows("was signed out.").await?;
    app.count("li", "Signed in", 1).await?;
    app.picture("7-signed-out").await?;

    lost_app.close().await?;
    crate::secrets::text_is_in_no_file("Between the two of us.", &lost.app_data())?;
    lost.keeps_no_secret().await?;
    app.close().await
}
