//! What belongs to this device: what the person chose for it, and how it tells them of messages.

use client::view::Failure;

use super::table::commands;
use crate::desk::Desk;
use crate::notifications::TestResult;
use crate::notifications::note::Note;
use crate::preferences::Preferences;
use crate::words::Words;

commands! { for desk:
    preferences() => |desk| Ok(desk.preferences().get());
    set_preferences(preferences: Preferences) => |desk| desk.preferences().set(preferences).map_err(|error| {
        Failure::Storage { detail: error.to_string() }
    });
    organisation() => |desk| Ok(desk.organisation().view());
    autostart() => |desk| Ok(desk.autostart().view());
    set_autostart(on: bool) => |desk| desk.autostart().set(on).map_err(|error| {
        Failure::Storage { detail: error.to_string() }
    });
    speak(words: Words) => |desk| {
        desk.words().set(words);
        Ok(())
    };
    test_notification() => |desk| Ok(test(desk).await);
    notification_journal() => |desk| Ok(desk.journal().lines());
}

/// Shows a note whatever else is chosen, and says what would have kept a message from being shown.
async fn test(desk: &Desk) -> TestResult {
    let words = desk.words().get();
    let note = Note {
        title: words.test_title.clone(),
        body: words.test_body.clone(),
        sound: desk.preferences().get().sound,
        open: words.open.clone(),
    };
    let problem = desk.notifier().show(&note, None).await.err();
    let (paused, quiet_hour) = desk.silence_now();
    TestResult {
        problem,
        paused,
        quiet_hour,
    }
}
