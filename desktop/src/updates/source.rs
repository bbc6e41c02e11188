//! Whose versions this build takes. Both halves are chosen by whoever builds the app; nothing else can name a key.

use updates::{Key, Source};

use crate::settings::TrialUpdates;

/// The public key of minisign whose owner makes new versions of this build.
const KEY: Option<&str> = option_env!("LOQUAT_UPDATE_KEY");

/// The folder on the web with `stable.json` and `beta.json`.
const URL: Option<&str> = option_env!("LOQUAT_UPDATE_URL");

/// Where versions come from and who has to have signed them.
pub(crate) struct Supply {
    pub(crate) source: Source,
    pub(crate) key: Key,
    /// A server on this machine may speak plainly.
    pub(crate) is_trial: bool,
}

/// What was built in. The organisation may name another server, which can only hand out what the same key signed. A
/// debug build may be given both for a trial.
pub(crate) fn built_in(organisation: Option<&str>, trial: &TrialUpdates) -> Option<Supply> {
    let is_trial = cfg!(debug_assertions) && trial.url.is_some();
    let trial = is_trial.then_some(trial);
    let key = trial.and_then(|trial| trial.key.as_deref()).or(KEY)?;
    let url = trial.and_then(|trial| trial.url.as_deref()).or(organisation).or(URL)?;
    let key = match Key::read(key) {
        Ok(key) => key,
        Err(error) => {
            tracing::error!(%error, "this build cannot be updated");
            return None;
        }
    };
    let Some(source) = Source::read(url) else {
        tracing::error!(url, "this is not the address of a server of updates");
        return None;
    };
    Some(Supply { source, key, is_trial })
}
