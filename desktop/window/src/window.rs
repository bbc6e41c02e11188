//! The one window: how it looks before the interface draws, and where it may go.

use std::path::Path;

use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager, Runtime, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};
use tauri_plugin_window_state::StateFlags;

/// The label of the window, as capabilities name it.
const MAIN: &str = "main";

/// Size at the very first start, in logical pixels.
const FIRST_SIZE: (f64, f64) = (1180.0, 780.0);

/// The smallest size the interface is drawn for.
const SMALLEST_SIZE: (f64, f64) = (480.0, 480.0);

/// Opens the window. The theme follows the system because none is chosen.
pub(crate) fn open<R: Runtime>(app: &AppHandle<R>, data: &Path) -> tauri::Result<WebviewWindow<R>> {
    let home = interface(app);
    WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Loquat")
        .inner_size(FIRST_SIZE.0, FIRST_SIZE.1)
        .min_inner_size(SMALLEST_SIZE.0, SMALLEST_SIZE.1)
        .data_directory(data.join("webview"))
        .on_navigation(move |target| stays_inside(home.as_ref(), target))
        .build()
}

/// Brings the window in front of the others.
pub(crate) fn show<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    let shown = window
        .unminimize()
        .and_then(|()| window.show())
        .and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window could not be brought to the front");
    }
}

/// Takes the window off the screen; it is still there and can be shown at once.
pub(crate) fn hide<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    if let Err(error) = window.hide() {
        tracing::warn!(%error, "the window could not be hidden");
    }
}

/// Remembers size and place, per profile.
pub(crate) fn remember<R: Runtime>(data: &Path) -> TauriPlugin<R> {
    // Absolute, so it wins over the configuration folder that all profiles share.
    let file = data.join("window.json").to_string_lossy().into_owned();
    tauri_plugin_window_state::Builder::new()
        .with_filename(file)
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        .build()
}

/// Where the interface comes from: the program itself, or the development server of a build without it.
fn interface<R: Runtime>(app: &AppHandle<R>) -> Option<Url> {
    if tauri::is_dev() {
        app.config().build.dev_url.clone()
    } else {
        None
    }
}

/// The window shows the interface and nothing else, whatever a link or a script says.
fn stays_inside(home: Option<&Url>, target: &Url) -> bool {
    match home {
        Some(home) => target.origin() == home.origin(),
        None => target.scheme() == "tauri" || target.host_str() == Some("tauri.localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn the_window_leaves_the_interface_for_no_link() {
        assert!(stays_inside(None, &url("tauri://localhost/#/c/1")));
        assert!(stays_inside(None, &url("http://tauri.localhost/")));
        assert!(!stays_inside(None, &url("https://example.org/")));
        assert!(!stays_inside(None, &url("https://tauri.localhost.example.org/")));
        assert!(!stays_inside(None, &url("data:text/html,x")));
    }

    #[test]
    fn the_development_server_is_the_interface_of_a_development_build() {
        let home = url("http://localhost:1420");
        assert!(stays_inside(Some(&home), &url("http://localhost:1420/index.html")));
        assert!(!stays_inside(Some(&home), &url("http://localhost:8080/")));
    }
}
