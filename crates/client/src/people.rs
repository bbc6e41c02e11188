//! Asking about people who were seen and are not known, many at a time.

use std::sync::Arc;
use std::time::Duration;

use protocol::UserId;
use protocol::rest::identity::{People, Person};

use crate::link::Wake;
use crate::rest::identity::{MOST_IDS, people};
use crate::session::Api;
use crate::store::{Store, people as known};
use crate::view::Failure;

/// The wait after a failed try. Names are missing until then, nothing else.
const PAUSE: Duration = Duration::from_secs(10);

/// Asks whenever there is somebody to ask about, until dropped.
pub(crate) async fn run(store: Store, api: Api, wake: Arc<Wake>) {
    loop {
        match ask(&store, &api).await {
            Ok(0) => wake.people.notified().await,
            Ok(_) => {}
            Err(failure) => {
                tracing::info!(%failure, "people could not be asked about");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Asks about one batch; returns how many it was.
async fn ask(store: &Store, api: &Api) -> Result<usize, Failure> {
    let wanted = store.read(|disk| known::wanted(disk, MOST_IDS)).await?;
    if wanted.is_empty() {
        return Ok(0);
    }
    fetch(store, api, wanted.clone()).await?;
    Ok(wanted.len())
}

/// Asks about these people, at most [`MOST_IDS`], and keeps the answers.
pub(crate) async fn fetch(store: &Store, api: &Api, wanted: Vec<UserId>) -> Result<(), Failure> {
    let answer: People = api.send(people(&wanted)).await?;
    let keep = move |writing: &mut crate::store::Writing<'_>| {
        for person in &answer.people {
            known::put(writing, person)?;
        }
        // Whoever the server does not know is not asked about again.
        for person in &wanted {
            known::wanted_no_more(writing.disk, person)?;
        }
        Ok(())
    };
    Ok(store.write(keep).await?)
}

/// Keeps people as the directory gave them.
pub(crate) async fn keep(store: &Store, people: Vec<Person>) -> Result<(), Failure> {
    let keep =
        move |writing: &mut crate::store::Writing<'_>| people.iter().try_for_each(|person| known::put(writing, person));
    Ok(store.write(keep).await?)
}
