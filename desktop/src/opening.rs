//! The client, while it is being opened and after.
//!
//! The window appears at once; opening reads the disk and may wait for a person to unlock the keychain.
//! So every command first waits here, and a client that cannot be opened is an answer like any other.

use client::Client;
use client::view::Failure;
use tokio::sync::watch;

type Outcome = Option<Result<Client, Failure>>;

/// Where the opened client is handed in.
pub(crate) struct Opener(watch::Sender<Outcome>);

/// Where commands get the client. Clones see the same one.
#[derive(Clone)]
pub(crate) struct OpenClient(watch::Receiver<Outcome>);

/// Both ends, before anything is opened.
pub(crate) fn opening() -> (Opener, OpenClient) {
    let (sender, receiver) = watch::channel(None);
    (Opener(sender), OpenClient(receiver))
}

impl Opener {
    /// Lets every waiting command go on.
    pub(crate) fn finish(self, outcome: Result<Client, Failure>) {
        self.0.send_replace(Some(outcome));
    }
}

impl OpenClient {
    /// The client, as soon as it is open. The wait ends because opening has deadlines of its own.
    pub(crate) async fn ready(&self) -> Result<Client, Failure> {
        let mut outcome = self.0.clone();
        match outcome.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().unwrap_or_else(|| Err(never_opened())),
            Err(_) => Err(never_opened()),
        }
    }

    /// The client, if it is open by now.
    pub(crate) fn if_ready(&self) -> Option<Client> {
        self.0.borrow().as_ref().and_then(|outcome| outcome.clone().ok())
    }
}

fn never_opened() -> Failure {
    Failure::Storage {
        detail: "the app ended before its data was open".to_owned(),
    }
}
