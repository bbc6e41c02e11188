//! A mail server that is away.

use anyhow::{Context as _, ensure};
use protocol::rest::identity::CodeRequested;
use test_kit::smtp::{Fault, SmtpServer, SmtpSettings};
use test_kit::wait::{self, PATIENCE};

use super::Outcome;
use super::stage::{Playing, Stage};

pub(super) async fn a_code_arrives_once_after_the_mail_server_was_down(stage: &Stage) -> anyhow::Result<Outcome> {
    let mut smtp = SmtpServer::start(SmtpSettings::default()).await?;
    let play = stage.play_with(stage.settings().with("SMTP_URL", &smtp.url())).await?;

    smtp.down().await;
    let asked: CodeRequested = play.rest.request_code("ada@example.org").await?.json()?;
    await_mail_part(&play, |state| state != "ready").await?;
    ensure!(
        play.rest.get("/healthz", None).await?.status == 200,
        "a mail server that is away must not end this one"
    );
    smtp.up().await?;
    let mail = smtp.next_mail("ada@example.org", PATIENCE).await?;
    await_mail_part(&play, |state| state == "ready").await?;
    let code = mail.code().context("a mail without a code")?;
    ensure!(
        mail.html().is_some_and(|html| html.contains(&code)),
        "the HTML part has another code"
    );
    ensure!(
        play.rest.token(&asked.request, &code).await?.status == 200,
        "the mailed code was refused"
    );

    // A mail server that says "later" gets it again; one that has it must not.
    smtp.set_fault(Some(Fault::RefuseMail(451)));
    play.rest
        .request_code("ben@example.org")
        .await?
        .json::<CodeRequested>()?;
    let refused_once = || std::future::ready((smtp.connections() > 1).then_some(()));
    wait::until("the refused try", PATIENCE, refused_once).await?;
    smtp.set_fault(None);
    smtp.next_mail("ben@example.org", PATIENCE).await?;

    play.rest
        .request_code("cleo@example.org")
        .await?
        .json::<CodeRequested>()?;
    smtp.next_mail("cleo@example.org", PATIENCE).await?;
    let mails = smtp.mails();
    let ids: std::collections::HashSet<_> = mails.iter().map(|mail| mail.header("Message-ID")).collect();
    ensure!(
        mails.len() == 3 && ids.len() == 3 && !ids.contains(&None),
        "{} mails, {} ids",
        mails.len(),
        ids.len()
    );
    Ok(Outcome::Held)
}

/// Waits until `/readyz` says this about mail.
async fn await_mail_part(play: &Playing, is_wanted: impl Fn(&str) -> bool) -> anyhow::Result<()> {
    let look = || async {
        let answer = play.rest.get("/readyz", None).await.ok()?;
        let readiness: serde_json::Value = serde_json::from_str(&answer.body).ok()?;
        readiness["parts"]["mail"]
            .as_str()
            .filter(|state| is_wanted(state))
            .map(drop)
    };
    Ok(wait::until("/readyz to notice the mail server", PATIENCE, look).await?)
}
