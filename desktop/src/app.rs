//! How the parts are put together, from the start of the process to its end.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use client::{Client, ClientSettings};
use tauri::{AppHandle, Manager, RunEvent, Runtime};

use crate::keychain::Keychain;
use crate::opening::{OpenClient, Opener, opening};
use crate::profile::{Entered, Profile};
use crate::settings::Settings;
use crate::{changes, commands, device, profile, telemetry, window};

/// The settings or the data folder cannot be used; nothing was started.
const CANNOT_START: u8 = 2;

/// How long the client may take to close its connection and its data at the end.
const SHUT_DOWN_WITHIN: Duration = Duration::from_secs(3);

/// Runs the app until its window is closed.
pub fn run() -> ExitCode {
    let settings = match Settings::from_environment() {
        Ok(settings) => settings,
        Err(error) => return refuse(&error),
    };
    telemetry::start(&settings.log);
    match profile::enter(&settings.data_dir, profile::PATIENCE) {
        Ok(Entered::First(profile)) => run_window(settings, profile),
        Ok(Entered::Second) => {
            tracing::info!("this profile is open already; its window comes to the front");
            ExitCode::SUCCESS
        }
        Err(error) => refuse(&error),
    }
}

fn run_window(settings: Settings, profile: Profile) -> ExitCode {
    // One TLS provider for the whole process. An error means that one is installed, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    let (opener, open_client) = opening();
    let app = tauri::Builder::default()
        .plugin(
            tauri_plugin_opener::Builder::new()
                .open_js_links_on_click(false)
                .build(),
        )
        .plugin(window::remember(profile.folder()))
        .manage(open_client)
        .invoke_handler(commands::handler())
        .setup(move |app| {
            start(app.handle(), settings, &profile, opener)?;
            // Held until the process ends.
            app.manage(profile);
            Ok(())
        })
        .build(tauri::generate_context!());
    match app {
        Ok(app) => {
            let code = app.run_return(|app, event| {
                if let RunEvent::Exit = event {
                    shut_down(app);
                }
            });
            ExitCode::from(u8::try_from(code).unwrap_or(1))
        }
        Err(error) => refuse(&error),
    }
}

/// Opens the window and, beside it, the client: neither waits for the other.
fn start<R: Runtime>(app: &AppHandle<R>, settings: Settings, profile: &Profile, opener: Opener) -> tauri::Result<()> {
    window::open(app, profile.folder())?;
    exit_when_told(app);
    let handle = app.clone();
    if let Err(error) = profile.on_second_start(move || window::show(&handle)) {
        tracing::warn!(%error, "a second start cannot bring this window to the front");
    }
    tauri::async_runtime::spawn(open_client(app.clone(), settings, opener));
    Ok(())
}

async fn open_client<R: Runtime>(app: AppHandle<R>, settings: Settings, opener: Opener) {
    let keychain = Keychain::of_profile(&settings.profile);
    let client_settings = ClientSettings {
        data_dir: settings.data_dir,
        device: device::this_device(),
        server: settings.server,
    };
    let opened = Client::open(client_settings, Arc::new(keychain)).await;
    match &opened {
        // Before any command can be answered, so no change falls between an answer and the changes.
        Ok(client) => drop(tauri::async_runtime::spawn(changes::forward(app, client.changes()))),
        Err(failure) => tracing::error!(%failure, "the client cannot be opened"),
    }
    opener.finish(opened);
}

/// Ctrl-C and SIGTERM end the app as closing its window does.
#[cfg(unix)]
fn exit_when_told<R: Runtime>(app: &AppHandle<R>) {
    use tokio::signal::unix::{SignalKind, signal};
    // Heard from here on; only waiting for them is left to the background.
    let heard = tauri::async_runtime::block_on(async {
        signal(SignalKind::interrupt()).and_then(|interrupt| Ok((interrupt, signal(SignalKind::terminate())?)))
    });
    let (mut interrupt, mut terminate) = match heard {
        Ok(signals) => signals,
        Err(error) => return tracing::warn!(%error, "signals are not heard; only the window ends the app"),
    };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        app.exit(0);
    });
}

/// Ctrl-C ends the app as closing its window does.
#[cfg(not(unix))]
fn exit_when_told<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        match tokio::signal::ctrl_c().await {
            Ok(()) => app.exit(0),
            Err(error) => tracing::warn!(%error, "Ctrl-C is not heard; only the window ends the app"),
        }
    });
}

/// The last thing that happens: connections are closed, what is typed lies on disk already.
fn shut_down<R: Runtime>(app: &AppHandle<R>) {
    let Some(client) = app.state::<OpenClient>().if_ready() else {
        return;
    };
    tauri::async_runtime::block_on(async {
        if tokio::time::timeout(SHUT_DOWN_WITHIN, client.shut_down())
            .await
            .is_err()
        {
            tracing::warn!("the client did not close in time");
        }
    });
}

/// Says on standard error why the app cannot start.
fn refuse(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("Loquat cannot start: {error}");
    ExitCode::from(CANNOT_START)
}
