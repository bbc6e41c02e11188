//! Live signs: what is on the screen, whether somebody is at it, and who is there.

use protocol::{Activity, ConversationId, UserId};

use super::Client;
use crate::signs::Watched;
use crate::view::{Failure, PresenceView};

impl Client {
    /// What is on the screen: of these, and of the partners of direct conversations, who types, who is there and who has
    /// read what is told. Replaces the last call.
    pub async fn watch(&self, conversations: Vec<ConversationId>, people: Vec<UserId>) -> Result<(), Failure> {
        let signed_in = self.shared().signed_in()?;
        signed_in.signs.show(Watched { conversations, people });
        signed_in.wake.work.notify_one();
        Ok(())
    }

    /// Whether somebody is at this device.
    pub async fn set_activity(&self, activity: Activity) -> Result<(), Failure> {
        let signed_in = self.shared().signed_in()?;
        signed_in.signs.set_activity(activity);
        signed_in.wake.work.notify_one();
        Ok(())
    }

    /// Everyone whose presence is known just now: nobody's without a connection.
    pub async fn presence(&self) -> Result<Vec<PresenceView>, Failure> {
        Ok(self.shared().signed_in()?.signs.presence())
    }
}
