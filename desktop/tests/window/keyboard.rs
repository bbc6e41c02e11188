//! Keys as a keyboard sends them: they go wherever the window has its focus.

use anyhow::Context;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use test_kit::wait::PATIENCE;

use crate::app::App;

pub(crate) const ENTER: char = '\u{e007}';
pub(crate) const TAB: char = '\u{e004}';
pub(crate) const UP: char = '\u{e013}';
pub(crate) const DELETE: char = '\u{e017}';
pub(crate) const END: char = '\u{e010}';
pub(crate) const F6: char = '\u{e036}';
pub(crate) const CONTROL: char = '\u{e009}';

impl App {
    /// Types a text.
    pub(crate) async fn types(&self, text: &str) -> anyhow::Result<()> {
        let keys = text.chars().flat_map(pressed).collect();
        self.keyboard(keys).await.with_context(|| format!("typing {text:?}"))
    }

    /// Presses one key.
    pub(crate) async fn key(&self, key: char) -> anyhow::Result<()> {
        let keys = pressed(key).into();
        self.keyboard(keys).await.with_context(|| format!("the key {key:?}"))
    }

    /// Presses a key while another is held.
    pub(crate) async fn chord(&self, held: char, key: char) -> anyhow::Result<()> {
        let [down, up] = pressed(key);
        let keys = vec![KeyAction::Down { value: held }, down, up, KeyAction::Up { value: held }];
        self.keyboard(keys)
            .await
            .with_context(|| format!("the key {key:?} with {held:?}"))
    }

    async fn keyboard(&self, keys: Vec<KeyAction>) -> anyhow::Result<()> {
        let keyboard = KeyActions::new("keyboard".to_owned());
        let actions = keys.into_iter().fold(keyboard, KeyActions::then);
        Ok(tokio::time::timeout(PATIENCE, self.window().perform_actions(actions)).await??)
    }
}

fn pressed(key: char) -> [KeyAction; 2] {
    [KeyAction::Down { value: key }, KeyAction::Up { value: key }]
}
