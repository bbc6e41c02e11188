//! People: who is known here, who is in the directory, and oneself.

use protocol::ErrorCode;
use protocol::rest::identity::{People, Person, ProfileChange};

use super::Client;
use crate::people;
use crate::rest::identity;
use crate::shared::SignedIn;
use crate::store::people::{self as known, view};
use crate::view::{Failure, PersonView, Session};

impl Client {
    /// Everyone this device knows, by name.
    pub async fn people(&self) -> Result<Vec<PersonView>, Failure> {
        let signed_in = self.shared().signed_in()?;
        Ok(signed_in.store.read(known::all).await?)
    }

    /// People whose name or address contains a text: from the directory, or from this device when there is no connection.
    pub async fn find_people(&self, query: String) -> Result<Vec<PersonView>, Failure> {
        let signed_in = self.shared().signed_in()?;
        match signed_in.api.send::<People>(identity::search(&query)).await {
            Ok(found) => {
                let views = found.people.iter().map(view).collect();
                people::keep(&signed_in.store, found.people).await?;
                Ok(views)
            }
            Err(
                Failure::Unreachable { .. }
                | Failure::Refused {
                    code: ErrorCode::Unavailable,
                    ..
                },
            ) => Ok(signed_in.store.read(move |disk| known::search(disk, &query)).await?),
            Err(failure) => Err(failure),
        }
    }

    /// Changes one's own profile.
    pub async fn update_profile(&self, change: ProfileChange) -> Result<PersonView, Failure> {
        let signed_in = self.shared().signed_in()?;
        let me: Person = signed_in.api.send(identity::change_me(&change)).await?;
        self.keep_person(&signed_in, me).await
    }

    /// Keeps somebody as the directory gave them, and shows it where it is oneself.
    pub(super) async fn keep_person(&self, signed_in: &SignedIn, person: Person) -> Result<PersonView, Failure> {
        let shown = view(&person);
        people::keep(&signed_in.store, vec![person]).await?;
        if shown.id == signed_in.me
            && let Session::SignedIn { keychain, .. } = self.shared().session()
        {
            self.shared().show_again(keychain).await?;
        }
        Ok(shown)
    }
}
