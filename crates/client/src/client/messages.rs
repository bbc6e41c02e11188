//! Writing and reading: messages, drafts and read marks. All of it works without a connection (P5).

use std::time::Duration;

use protocol::{ClientId, ConversationId, ErrorCode, ReadMark};

use super::Client;
use crate::rest::refused_here;
use crate::store::{Writing, conversations, drafts, outbox};
use crate::view::{Connection, Failure, PendingMessage};
use crate::views::Viewer;

impl Client {
    /// Writes a message. When this returns it will be sent, whatever happens to this device's power.
    ///
    /// `reply_to` is the seq of the message it answers. A draft that this message was is removed with the same write.
    pub async fn send_message(
        &self,
        conversation: ConversationId,
        body: String,
        reply_to: Option<u64>,
    ) -> Result<PendingMessage, Failure> {
        let shared = self.shared();
        let signed_in = shared.signed_in()?;
        protocol::text::message_body(&body, shared.limits().body_bytes as usize).map_err(refused_here)?;
        let mut message = PendingMessage {
            client_id: ClientId::from_random(shared.around.random.bits()).into(),
            conversation,
            body,
            reply: None,
            written_at: shared.server_now(),
            failure: None,
        };
        let write = move |writing: &mut Writing<'_>| {
            if conversations::held(writing.disk, &message.conversation)?.is_none() {
                return Ok(None);
            }
            let viewer = Viewer::new(writing.disk)?;
            message.reply = reply_to
                .map(|seq| viewer.reply(&message.conversation, seq))
                .transpose()?;
            outbox::add(writing, &message)?;
            drafts::became(writing, &message.conversation, &message.body)?;
            Ok(Some(message))
        };
        let written = signed_in.store.write_through(write).await?;
        let message = written.ok_or_else(|| refused_here(ErrorCode::NotFound))?;
        signed_in.signs.types_no_more(&message.conversation);
        signed_in.wake.work.notify_one();
        shared.count_unsent().await;
        Ok(message)
    }

    /// How many messages would be lost by signing out: those that wait, and those that were refused, everywhere.
    pub async fn unsent_count(&self) -> Result<u32, Failure> {
        let signed_in = self.shared().signed_in()?;
        Ok(signed_in.store.read(outbox::not_stored).await?)
    }

    /// Tries a refused message again. It keeps its place among those that wait.
    pub async fn retry_message(&self, client_id: String) -> Result<(), Failure> {
        let signed_in = self.shared().signed_in()?;
        signed_in
            .store
            .write_through(move |writing| outbox::retry(writing, &client_id))
            .await?;
        signed_in.wake.work.notify_one();
        self.shared().count_unsent().await;
        Ok(())
    }

    /// Gives up a message that is not stored yet. One that is already on its way may still arrive.
    pub async fn discard_message(&self, client_id: String) -> Result<(), Failure> {
        let signed_in = self.shared().signed_in()?;
        signed_in
            .store
            .write_through(move |writing| outbox::discard(writing, &client_id))
            .await?;
        self.shared().count_unsent().await;
        Ok(())
    }

    /// Keeps what is typed and not sent; an empty text removes it.
    pub async fn save_draft(&self, conversation: ConversationId, text: String) -> Result<(), Failure> {
        let signed_in = self.shared().signed_in()?;
        Ok(signed_in
            .store
            .write_through(move |writing| drafts::put(writing, &conversation, &text))
            .await?)
    }

    /// Everything up to this ordinal was on the screen. The server and the other devices are told when they can be.
    pub async fn mark_read(&self, conversation: ConversationId, ordinal: u64) -> Result<(), Failure> {
        let signed_in = self.shared().signed_in()?;
        let mark = move |writing: &mut Writing<'_>| {
            let Some(held) = conversations::held(writing.disk, &conversation)? else {
                return Ok(false);
            };
            let mark = ReadMark {
                generation: held.read.generation,
                ordinal: ordinal.min(held.ordinal),
            };
            let moved = conversations::raise_read(writing, &conversation, mark)?;
            if moved {
                conversations::owe_read(writing.disk, &conversation)?;
            }
            Ok(moved)
        };
        // A mark that a power cut takes is set again by the next look at the conversation.
        if signed_in.store.write(mark).await? {
            signed_in.wake.work.notify_one();
        }
        Ok(())
    }

    /// The message with this ordinal and everything after it count as unread again, on all devices.
    pub async fn mark_unread(&self, conversation: ConversationId, ordinal: u64) -> Result<(), Failure> {
        let signed_in = self.shared().signed_in()?;
        let mark = move |writing: &mut Writing<'_>| {
            let Some(held) = conversations::held(writing.disk, &conversation)? else {
                return Ok(());
            };
            // A device that comes back late with the old generation changes nothing any more.
            let mark = ReadMark {
                generation: held.read.generation.saturating_add(1),
                ordinal: ordinal.saturating_sub(1).min(held.ordinal),
            };
            conversations::raise_read(writing, &conversation, mark)?;
            conversations::owe_read(writing.disk, &conversation)
        };
        signed_in.store.write_through(mark).await?;
        signed_in.wake.work.notify_one();
        Ok(())
    }

    /// A key was pressed in the composer. May be called at every key: the server is told once in a while.
    pub async fn typing(&self, conversation: ConversationId) -> Result<(), Failure> {
        let shared = self.shared();
        let signed_in = shared.signed_in()?;
        let interval = Duration::from_secs(shared.limits().typing_interval_s.into());
        let now = tokio::time::Instant::now();
        if shared.connection() == Connection::Online && signed_in.signs.types(conversation, interval, now) {
            signed_in.wake.work.notify_one();
        }
        Ok(())
    }
}
