//! The rooms of a run and who is in them.

use client::clock::{Clock as _, SystemClock};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use protocol::{ConversationId, SessionId, UserId};
use test_kit::random::SeededRandom;

use crate::load::key::KeyFile;
use crate::rest::Rest;
use crate::scaled::Scaled;

/// Rooms, and people in each.
pub(super) const ROOMS: usize = 20;
pub(super) const MEMBERS: usize = 10;
/// Rooms that are made at a time.
const MADE_AT_ONCE: usize = 4;

/// Everybody is in one room.
pub(super) struct People {
    pub(super) rooms: Vec<Room>,
}

pub(super) struct Room {
    pub(super) id: ConversationId,
    /// Access tokens; the first one writes.
    pub(super) tokens: Vec<String>,
}

impl People {
    /// Makes the rooms at the first node.
    pub(super) async fn gather(scaled: &Scaled, key: &KeyFile, random: &SeededRandom) -> anyhow::Result<Self> {
        let users = Rest::at(scaled.services.user_service.url())?;
        let mint = key.mint(&users, &scaled.url(), SystemClock.now()).await?;
        let mut making = Vec::new();
        for number in 0..ROOMS {
            let mut tokens = Vec::new();
            for _ in 0..MEMBERS {
                let (user, session) = (
                    UserId::from_random(random.bits()),
                    SessionId::from_random(random.bits()),
                );
                tokens.push(mint.token(&user, &session)?);
            }
            making.push(make_room(Rest::at(scaled.chat_url(0))?, number, tokens));
        }
        let rooms = stream::iter(making).buffered(MADE_AT_ONCE).try_collect().await?;
        Ok(Self { rooms })
    }
}

async fn make_room(rest: Rest, number: usize, tokens: Vec<String>) -> anyhow::Result<Room> {
    let id = rest.gather(format!("room {number}"), &tokens).await?;
    Ok(Room { id, tokens })
}
