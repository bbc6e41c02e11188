//! A picture of everything, for whoever missed what changed.

use super::Shared;
use crate::change::Change;
use crate::store::{conversations, people as known, workspace};

impl Shared {
    /// Everything, for a reader of changes that fell behind.
    pub(crate) async fn picture(&self) -> Vec<Change> {
        let mut picture = vec![
            Change::Session {
                session: self.session(),
            },
            Change::Connection {
                connection: self.connection(),
            },
        ];
        let read = self
            .store
            .read(|disk| {
                Ok((
                    known::all(disk)?,
                    conversations::rows(disk)?,
                    workspace::settings(disk)?,
                ))
            })
            .await;
        match read {
            Ok((people, rows, workspace)) => {
                let conversations: Vec<_> = rows.iter().map(|row| row.id.clone()).collect();
                picture.push(Change::People { people });
                picture.push(Change::Conversations { rows });
                picture.extend(workspace.map(|settings| Change::Workspace { settings }));
                picture.extend(
                    conversations
                        .into_iter()
                        .map(|conversation| Change::Reloaded { conversation }),
                );
            }
            Err(error) => tracing::error!(%error, "a slow reader of changes could not be brought up to date"),
        }
        if let Ok(signed_in) = self.signed_in() {
            picture.extend(signed_in.signs.picture());
        }
        picture
    }
}
