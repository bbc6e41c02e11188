//! What a person does in the window, in the words of the interface.

use anyhow::Context;
use test_kit::smtp::{Mail, SmtpServer};
use test_kit::wait::PATIENCE;

use crate::app::App;
use crate::keyboard::{CONTROL, ENTER};

/// Types the address of the server, the e-mail address, and the code that comes by mail.
pub(crate) async fn sign_in(app: &App, server: &str, email: &str, post: &SmtpServer) -> anyhow::Result<()> {
    app.fill("Server address", server).await?;
    app.picture("1-server").await?;
    app.press("Continue").await?;
    app.fill("E-mail", email).await?;
    app.picture("2-email").await?;
    app.press("Send code").await?;
    app.named("group", "Sign-in code").await?;
    app.picture("3-code").await?;
    let mail = post.next_mail(email, PATIENCE).await?;
    let code = mail.code().context("no code in the mail")?;
    app.types(&code).await?;
    app.named("button", "New message").await?;
    Ok(())
}

/// The same without a mouse: every step has the focus where one types next.
pub(crate) async fn sign_in_by_keys(app: &App, server: &str, email: &str, post: &SmtpServer) -> anyhow::Result<()> {
    app.focused("textbox", "Server address").await?;
    app.types(server).await?;
    app.key(ENTER).await?;
    app.focused("textbox", "E-mail").await?;
    app.types(email).await?;
    app.key(ENTER).await?;
    app.focused("textbox", "Digit 1 of 6").await?;
    let mail = post.next_mail(email, PATIENCE).await?;
    app.types(&mail.code().context("no code in the mail")?).await?;
    app.named("button", "New message").await?;
    Ok(())
}

/// Finds a colleague and opens the conversation with them.
pub(crate) async fn start_conversation(app: &App, colleague: &str) -> anyhow::Result<()> {
    app.press("New message").await?;
    app.fill("Search people", colleague).await?;
    app.click("option", &format!("{colleague}…")).await?;
    app.picture("4-people").await?;
    app.press("Start conversation").await?;
    app.named("textbox", &format!("Message {colleague}")).await?;
    Ok(())
}

/// The same without a mouse.
pub(crate) async fn start_conversation_by_keys(app: &App, colleague: &str) -> anyhow::Result<()> {
    app.chord(CONTROL, 'n').await?;
    app.focused("textbox", "Search people").await?;
    app.types(colleague).await?;
    app.named("option", &format!("{colleague}…")).await?;
    // The first takes the person who was found, the second is the answer.
    app.key(ENTER).await?;
    app.named("button", &format!("Remove {colleague}")).await?;
    app.key(ENTER).await?;
    app.focused("textbox", &format!("Message {colleague}")).await
}

/// Opens the conversation with this name from the list.
pub(crate) async fn open_conversation(app: &App, name: &str) -> anyhow::Result<()> {
    app.count("[data-testid=conversation-row]", name, 1).await?;
    app.find("[data-testid=conversation-row]").await?.click().await?;
    app.named("textbox", &format!("Message {name}")).await?;
    Ok(())
}

/// Writes a message into the open conversation.
pub(crate) async fn write(app: &App, colleague: &str, body: &str) -> anyhow::Result<()> {
    let composer = app.named("textbox", &format!("Message {colleague}")).await?;
    composer.click().await?;
    app.types(body).await?;
    app.key(ENTER).await
}

/// Waits until exactly one message with this text is in the open conversation, in this state.
pub(crate) async fn sees_once(app: &App, body: &str, state: &str) -> anyhow::Result<()> {
    app.count(&format!("[data-testid=message][data-state={state}]"), body, 1)
        .await?;
    app.count("[data-testid=message]", body, 1).await
}

/// Opens the settings by key, at this place.
pub(crate) async fn open_settings(app: &App, place: &str) -> anyhow::Result<()> {
    app.chord(CONTROL, ',').await?;
    app.find("[data-testid=settings-content]").await?;
    open_place(app, place).await
}

/// Goes to a place of the settings.
pub(crate) async fn open_place(app: &App, place: &str) -> anyhow::Result<()> {
    app.press(place).await?;
    app.count("[data-testid=settings-content] h1", place, 1).await
}

/// The link in an invitation's mail.
pub(crate) fn invitation_link(mail: &Mail) -> anyhow::Result<String> {
    let text = mail.text().context("the mail has no text")?;
    let link = text.split_whitespace().find(|word| word.starts_with("loquat://join?"));
    Ok(link.context("the mail has no link")?.to_owned())
}
