//! Pictures of people.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use protocol::rest::identity::Person;
use protocol::{ErrorCode, UserId};

use super::Client;
use crate::rest::{identity, refused_here};
use crate::store::{Writing, pictures};
use crate::view::{Failure, PersonView};

/// The beginning of every PNG file.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

impl Client {
    /// A person's picture as a data URL: from the disk, else from the server. `picture` is the one in their view.
    pub async fn picture(&self, person: UserId, picture: String) -> Result<String, Failure> {
        let signed_in = self.shared().signed_in()?;
        let now = self.shared().around.clock.now();
        let wanted = (person.clone(), picture.clone());
        let find = move |writing: &mut Writing<'_>| pictures::find(writing, &wanted.0, &wanted.1, now);
        if let Some(held) = signed_in.store.write(find).await? {
            return Ok(data_url(&held));
        }
        let image = signed_in.api.bytes(identity::picture(&person, &picture)?).await?;
        if !image.starts_with(PNG) {
            return Err(signed_in.api.rest.not_loquat());
        }
        let shown = data_url(&image);
        let keep = move |writing: &mut Writing<'_>| pictures::put(writing, (&person, &picture), &image, now);
        signed_in.store.write(keep).await?;
        Ok(shown)
    }

    /// Gives oneself a picture. `data` is the file's content in base64: PNG, JPEG or WebP.
    pub async fn set_picture(&self, data: String) -> Result<PersonView, Failure> {
        let longest = self.shared().limits().picture_bytes as usize;
        if data.len() / 4 * 3 > longest.saturating_add(2) {
            return Err(refused_here(ErrorCode::TooLarge));
        }
        let image = STANDARD
            .decode(data.trim())
            .map_err(|_| refused_here(ErrorCode::InvalidPicture))?;
        if image.len() > longest {
            return Err(refused_here(ErrorCode::TooLarge));
        }
        let kind = kind_of(&image).ok_or_else(|| refused_here(ErrorCode::InvalidPicture))?;
        let signed_in = self.shared().signed_in()?;
        let me: Person = signed_in.api.send(identity::set_picture(kind, image)).await?;
        self.keep_person(&signed_in, me).await
    }

    /// Takes one's own picture away.
    pub async fn remove_picture(&self) -> Result<PersonView, Failure> {
        let signed_in = self.shared().signed_in()?;
        let me: Person = signed_in.api.send(identity::remove_picture()).await?;
        self.keep_person(&signed_in, me).await
    }
}

fn data_url(image: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(image))
}

/// The media type of a picture by how the file begins.
fn kind_of(image: &[u8]) -> Option<&'static str> {
    match image {
        _ if image.starts_with(PNG) => Some("image/png"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}
