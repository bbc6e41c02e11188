//! A whole conversation by keys alone, from the first screen on, with everything that can be done to a message.

use client::view::{MessageAct, MessageView};
use protocol::ConversationId;

use crate::app::App;
use crate::colleague::Colleague;
use crate::desk::{Keyring, Theme};
use crate::keyboard::{DELETE, END, ENTER, F6, TAB, UP};
use crate::{ADA, BEN, Office, steps};

#[tokio::test]
async fn a_whole_conversation_is_held_without_a_mouse() -> anyhow::Result<()> {
    let office = Office::open("without-a-mouse").await?;
    let ben = office.colleague().await?;
    let desk = office.desk(Keyring::Unlocked, Theme::Light).await?;
    let app = office.start_app(&desk).await?;
    steps::sign_in_by_keys(&app, &office.server.url(), ADA, &office.post).await?;
    steps::start_conversation_by_keys(&app, BEN).await?;

    says(&app, "Hello Ben").await?;
    let conversation = ben.conversation().await?.id;
    edit_the_last_message(&app, &ben, &conversation).await?;
    see_the_other_type_and_read(&app, &ben, &conversation).await?;
    react_and_pin(&app, &ben, &conversation).await?;
    answer(&app, &ben, &conversation).await?;
    delete_a_mistake(&app, &ben, &conversation).await?;
    app.close().await
}

/// Writes where the focus is, and waits until the server has it.
async fn says(app: &App, body: &str) -> anyhow::Result<()> {
    app.focused("textbox", &format!("Message {BEN}")).await?;
    app.types(body).await?;
    app.key(ENTER).await?;
    steps::sees_once(app, body, "stored").await
}

/// Up in an empty composer; saving gives the focus back to it.
async fn edit_the_last_message(app: &App, ben: &Colleague, conversation: &ConversationId) -> anyhow::Result<()> {
    app.key(UP).await?;
    app.focused("textbox", "Edit message").await?;
    app.types(", good morning").await?;
    app.picture("5-editing").await?;
    app.key(ENTER).await?;
    steps::sees_once(app, "Hello Ben, good morning", "stored").await?;
    app.shows("(edited)").await?;
    app.focused("textbox", &format!("Message {BEN}")).await?;
    let is_edited = |message: &MessageView| message.body == "Hello Ben, good morning" && message.edited_at.is_some();
    ben.sees_newest(conversation, "the edit", is_edited).await
}

async fn see_the_other_type_and_read(app: &App, ben: &Colleague, conversation: &ConversationId) -> anyhow::Result<()> {
    ben.read_all(conversation).await?;
    app.named("button", &format!("Seen by {BEN}")).await?;
    ben.type_something(conversation).await?;
    app.shows(&format!("{BEN} is typing")).await?;
    app.picture("6-typing-and-seen").await?;

    ben.write(conversation, "Good morning Ada").await?;
    steps::sees_once(app, "Good morning Ada", "stored").await?;
    ben.sees_all_read(conversation).await?;
    let sees_typing = ben.sees_typing(conversation);
    app.types("Did").await?;
    sees_typing.await?;
    says(app, " you sleep well?").await
}

/// From the composer round to the messages, and to the last of them.
async fn go_to_the_newest_message(app: &App) -> anyhow::Result<()> {
    app.key(F6).await?;
    app.key(F6).await?;
    app.key(END).await?;
    app.find("[data-testid=message]:focus").await?;
    Ok(())
}

async fn react_and_pin(app: &App, ben: &Colleague, conversation: &ConversationId) -> anyhow::Result<()> {
    let emoji = "👍".to_owned();
    ben.act(conversation, MessageAct::React { emoji, on: true }).await?;
    app.named("button", "👍 1").await?;

    go_to_the_newest_message(app).await?;
    app.key('+').await?;
    app.focused("combobox", "Search emoji").await?;
    app.types("thumbs up").await?;
    app.named("gridcell", "thumbs up").await?;
    app.picture("7-choosing-an-emoji").await?;
    app.key(ENTER).await?;
    app.named("button", "👍 2").await?;
    let both = |message: &MessageView| message.reactions.iter().any(|reaction| reaction.people.len() == 2);
    ben.sees_newest(conversation, "both reactions", both).await?;

    // The focus is back at the message.
    app.find("[data-testid=message]:focus").await?;
    app.key('p').await?;
    app.count("[data-testid=message]", "Pinned", 1).await?;
    ben.sees_newest(conversation, "the pin", |message| message.pinned)
        .await?;
    app.picture("8-reacted-and-pinned").await
}

/// Walks up to the colleague's message and answers it.
async fn answer(app: &App, ben: &Colleague, conversation: &ConversationId) -> anyhow::Result<()> {
    app.key(UP).await?;
    app.count("[data-testid=message]:focus", "Good morning Ada", 1).await?;
    app.key('r').await?;
    says(app, "And to you").await?;
    let answers = |message: &MessageView| {
        let quoted = message.reply.as_ref().and_then(|reply| reply.excerpt.as_deref());
        quoted == Some("Good morning Ada")
    };
    ben.sees_newest(conversation, "the answer", answers).await?;
    app.picture("9-answered").await
}

/// The question has its focus at the harmless answer; Tab leads to the other.
async fn delete_a_mistake(app: &App, ben: &Colleague, conversation: &ConversationId) -> anyhow::Result<()> {
    says(app, "This was a mistake").await?;
    go_to_the_newest_message(app).await?;
    app.key(DELETE).await?;
    app.focused("button", "Cancel").await?;
    app.key(TAB).await?;
    app.focused("button", "Delete").await?;
    app.picture("10-deleting").await?;
    app.key(ENTER).await?;
    app.shows("This message was deleted").await?;
    app.find("[data-testid=message]:focus").await?;
    let is_gone = |message: &MessageView| message.deleted_by.is_some() && message.body.is_empty();
    ben.sees_newest(conversation, "the deletion", is_gone).await?;
    app.picture("11-deleted").await
}
