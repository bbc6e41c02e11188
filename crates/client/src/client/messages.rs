//! Writing and reading: messages, drafts and read marks. All of it works without a connection (P5).

use protocol::{ClientId, ConversationId, ErrorCode, ReadMark};

use super::Client;
use crate::rest::refused_here;
use crate::store::{Writing, conversations, drafts, outbox};
use crate::view::{Failure, PendingMessage};

impl Client {
    /// Writes a message. When this returns it will be sent, whatever happens to this device's power.
    ///
    /// A draft that this message was is removed with the same write.
    pub async fn send_message(&self, conversation: ConversationId, body: String) -> Result<PendingMessage, Failure> {
        let shared = self.shared();
        let signed_in = shared.signed_in()?;
        protocol::text::message_body(&body, shared.limits().body_bytes as usize).map_err(refused_here)?;
        let client_id = ClientId::from_random(shared.around.random.bits()).into();
        let message = PendingMessage {
            client_id,
            conversation,
            body,
            written_at: shared.server_now(),
            failure: None,
        };
        let row = message.clone();
        let write = move |writing: &mut Writing<'_>| {
            if conversations::held(writing.disk, &row.conversation)?.is_none() {
                return Ok(false);
            }
            outbox::add(writing, &row)?;
            drafts::became(writing, &row.conversation, &row.body)?;
            Ok(true)
        };
        if !signed_in.store.write_through(write).await? {
            return Err(refused_here(ErrorCode::NotFound));
        }
        signed_in.wake.work.notify_one();
        shared.count_unsent().await;
        Ok(message)
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
}
