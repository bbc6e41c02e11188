//! The window from its start to its end.

use std::process::ExitCode;

use door::{FromWindow, Hello, Line, Receiver};
use tauri::{Manager, WindowEvent};
use tracing_subscriber::EnvFilter;

use crate::relay::{self, Relay};
use crate::start::Start;
use crate::window;

/// The window cannot be opened; the resident says why.
const CANNOT_START: u8 = 2;

/// Shows the window until the resident ends it or is gone.
pub fn run() -> ExitCode {
    start_log();
    let start = match Start::read(std::env::args_os().skip(1)) {
        Ok(start) => start,
        Err(error) => return refuse(&error),
    };
    match tauri::async_runtime::block_on(come_in(&start)) {
        Ok(line) => show(&start, line),
        Err(error) => refuse(&error),
    }
}

async fn come_in(start: &Start) -> Result<Line, door::DoorError> {
    let mut line = door::connect(&start.door).await?;
    line.say(&Hello::Window).await?;
    Ok(line)
}

fn show(start: &Start, line: Line) -> ExitCode {
    let (sender, receiver) = line.split();
    let data = start.data.clone();
    let app = tauri::Builder::default()
        .plugin(window::remember(&start.data))
        .manage(Relay::over(sender))
        .invoke_handler(relay::handler())
        .on_window_event(|window, event| {
            let relay = window.state::<Relay>();
            match event {
                WindowEvent::CloseRequested { api, .. } => {
                    // The resident decides what a closed window means: ending this program, or everything.
                    api.prevent_close();
                    window::hide(window.app_handle());
                    relay.tell(FromWindow::Visible(false));
                }
                WindowEvent::Focused(focused) => relay.tell(FromWindow::Focus(*focused)),
                _ => {}
            }
        })
        .setup(move |app| open(app.handle().clone(), &data, receiver))
        .build(tauri::generate_context!());
    match app {
        Ok(app) => ExitCode::from(u8::try_from(app.run_return(|_, _| {})).unwrap_or(1)),
        Err(error) => refuse(&error),
    }
}

fn open(
    app: tauri::AppHandle,
    data: &std::path::Path,
    receiver: Receiver,
) -> Result<(), Box<dyn std::error::Error + 'static>> {
    window::open(&app, data)?;
    tauri::async_runtime::spawn(relay::hear(app, receiver));
    Ok(())
}

/// Logs to standard error, which is the resident's.
#[expect(
    clippy::disallowed_methods,
    reason = "this program's one setting from the environment"
)]
fn start_log() {
    let filter = std::env::var("LOQUAT_LOG").unwrap_or_else(|_| "warn,loquat_window=info".to_owned());
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("warn"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .finish();
    // Only the first subscriber of a process counts; a second one would come from a test.
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        tracing::debug!("logging was already set up");
    }
}

/// Says on standard error why there is no window.
fn refuse(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("the window of Loquat cannot open: {error}");
    ExitCode::from(CANNOT_START)
}
