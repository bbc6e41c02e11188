//! How the parts are put together, from the start of the process to its end.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use client::clock::SystemClock;
use client::{Client, ClientSettings};
use door::{Door, Hello, Line, Shown};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::autostart::Autostart;
use crate::desk::{Desk, Errand, Parts};
use crate::keychain::Keychain;
use crate::network::NetworkDesk;
use crate::notifications::follow::{Follower, State};
use crate::notifications::journal::Journal;
use crate::notifications::{Clicks, system};
use crate::opening::{OpenClient, Opener, opening};
use crate::organisation::Organisation;
use crate::preferences::Kept;
use crate::profile::{Entered, Profile};
use crate::settings::Settings;
use crate::start::{Start, USAGE};
use crate::support::Support;
use crate::telemetry::Log;
use crate::updates::{in_app, updates};
use crate::window::{Life, Program, window};
use crate::words::Spoken;
use crate::{device, local_time, profile, tray};

/// The settings or the data folder cannot be used; nothing was started.
const CANNOT_START: u8 = 2;

/// How long the client may take to close its connection and its data at the end.
const SHUT_DOWN_WITHIN: Duration = Duration::from_secs(3);

/// Threads for everything that waits. What computes for long has threads of its own.
const THREADS: usize = 2;

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Runs the app until it is ended.
pub fn run() -> ExitCode {
    if std::env::args_os().skip(1).any(|argument| argument == "--help") {
        return say(USAGE);
    }
    if std::env::args_os().skip(1).any(|argument| argument == "--version") {
        return say(concat!("loquat ", env!("CARGO_PKG_VERSION")));
    }
    let started = Start::read(std::env::args_os().skip(1))
        .map_err(Fault::from)
        .and_then(|start| Ok((start, Settings::from_environment()?)));
    let (start, mut settings) = match started {
        Ok(started) => started,
        Err(error) => return refuse(&*error),
    };
    Organisation::read().settle(&mut settings);
    let log = Log::start(&settings.log);
    // One TLS provider for the whole process. An error means that one is installed, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(THREADS)
        .enable_all()
        .build();
    let lived = runtime.map_err(Fault::from).and_then(|runtime| {
        let lived = runtime.block_on(enter(start, settings, log));
        // What still waits for a person, such as a question of the keychain, is not waited for.
        runtime.shutdown_background();
        lived
    });
    match lived {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&*error),
    }
}

async fn enter(start: Start, settings: Settings, log: Log) -> Result<(), Fault> {
    let place = door::place::of(&settings.data_dir, &settings.runtime_dir);
    match profile::enter(&settings.data_dir, &place, &start, profile::PATIENCE).await? {
        Entered::First(profile) => live(start, (settings, log), profile, place).await,
        Entered::Second => {
            tracing::info!("this profile is open already; the app that has it was told");
            Ok(())
        }
    }
}

/// Opens the door and the window and, beside them, the client: none waits for the other.
async fn live(start: Start, (settings, log): (Settings, Log), profile: Profile, place: PathBuf) -> Result<(), Fault> {
    let (organisation, staying_fresh) = Organisation::followed();
    let (updates, wished_updates) = updates();
    let given = in_app::Given::of(&settings, &organisation, profile.folder());
    let support = Support::open(profile.folder(), log, &organisation);
    let door = Door::open(&place)?;
    let program = Program::find(place.clone(), settings.data_dir.clone())?;
    let (opener, client) = opening();
    let (window, wished) = window();
    let ending = CancellationToken::new();
    let (notifier, clicks) = system::notifier();
    let (errands, to_run) = mpsc::unbounded_channel();
    let network = NetworkDesk::open(profile.folder(), &settings, &organisation);
    let desk = Desk::of(Parts {
        client: client.clone(),
        network: network.clone(),
        support,
        window: window.clone(),
        downloads: downloads().unwrap_or_else(|| settings.data_dir.join("downloads")),
        ending: ending.clone(),
        link: Mutex::default(),
        preferences: Kept::open(profile.folder(), organisation.clone()),
        autostart: Autostart::of(settings.program.clone(), organisation.clone()),
        organisation: organisation.clone(),
        words: Spoken::open(profile.folder()),
        journal: Journal::default(),
        notifier,
        updates: updates.clone(),
        errands,
    });
    let mut parts = JoinSet::new();
    parts.spawn(Life::new(&window, wished, (program, settings.unload_after), desk.clone()).run());
    if !start.hidden || start.link.is_some() {
        desk.open(start.link);
    }
    let mut beside = JoinSet::new();
    beside.spawn(let_in(door, desk.clone()));
    beside.spawn(staying_fresh);
    beside.spawn(open_client(settings, organisation, network, opener));
    beside.spawn(run_errands(to_run));
    beside.spawn(tell_of_messages(desk.clone(), clicks));
    beside.spawn(show_tray(desk.clone()));
    beside.spawn(in_app::keep(desk.clone(), wished_updates, given));
    beside.spawn(obey(desk));
    tokio::select! {
        () = ending.cancelled() => {}
        () = told_to_end() => ending.cancel(),
    }
    // The window first: a person sees it go at once, and nothing more is asked.
    while parts.join_next().await.is_some() {}
    // Also the door, before a successor opens it.
    beside.shutdown().await;
    shut_down(&client).await;
    drop(profile);
    in_app::give_way(&updates, place).await;
    Ok(())
}

/// Lets everyone in who comes to the door, until the app ends.
async fn let_in(mut door: Door, desk: Desk) {
    let mut greetings = JoinSet::new();
    loop {
        tokio::select! {
            came = door.next() => match came {
                Ok(line) => drop(greetings.spawn(greet(line, desk.clone()))),
                Err(error) => {
                    tracing::warn!(%error, "somebody could not come in");
                    // Out of file handles, perhaps: trying again at once would only burn the processor.
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            },
            Some(_) = greetings.join_next() => {}
        }
    }
}

/// Runs errands side by side, each to its end.
async fn run_errands(mut to_run: mpsc::UnboundedReceiver<Errand>) {
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            Some(errand) = to_run.recv() => drop(running.spawn(errand)),
            Some(_) = running.join_next() => {}
            else => return,
        }
    }
}

async fn tell_of_messages(desk: Desk, clicks: Clicks) {
    let Ok(client) = desk.client().await else {
        return;
    };
    let changes = client.changes();
    let follower = Follower {
        notifier: Arc::clone(desk.notifier()),
        desk,
        client,
        clock: Arc::new(SystemClock),
        local_time: local_time::minute_of_day,
        state: State::default(),
    };
    follower.run(changes, clicks).await;
}

/// Follows what the organisation decides while the app runs.
async fn obey(desk: Desk) {
    tokio::join!(desk.autostart().obey(), desk.network().obey(), desk.support().obey());
}

async fn show_tray(desk: Desk) {
    if let Ok(client) = desk.client().await {
        tray::keep(desk, client.changes(), client).await;
    }
}

async fn greet(mut line: Line, desk: Desk) {
    match line.first::<Hello>().await {
        Ok(Hello::Window) => desk.window().came_in(line),
        Ok(Hello::Start { link, hidden }) => {
            if !hidden || link.is_some() {
                desk.open(link);
            }
            // Who knocked may have gone away; the window shows all the same.
            drop(line.say(&Shown).await);
        }
        Err(error) => tracing::warn!(%error, "somebody at the door was not understood"),
    }
}

async fn open_client(settings: Settings, organisation: Organisation, network: NetworkDesk, opener: Opener) {
    let network = network.ready().await;
    let keychain = Keychain::of_profile(&settings.profile);
    let client_settings = ClientSettings {
        data_dir: settings.data_dir,
        device: device::this_device(),
        servers: organisation.servers(settings.server),
        history: organisation.history(),
        network,
    };
    let opened = Client::open(client_settings, Arc::new(keychain)).await;
    if let Err(failure) = &opened {
        tracing::error!(%failure, "the client cannot be opened");
    }
    opener.finish(opened);
}

/// Waits for Ctrl-C or SIGTERM.
#[cfg(unix)]
async fn told_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let heard = signal(SignalKind::interrupt()).and_then(|interrupt| {
        Ok((
            interrupt,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        ))
    });
    match heard {
        Ok((mut interrupt, mut terminate, mut hang_up)) => tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        },
        Err(error) => {
            tracing::warn!(%error, "signals are not heard; only the person ends the app");
            std::future::pending::<()>().await;
        }
    }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
async fn told_to_end() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::warn!(%error, "Ctrl-C is not heard; only the person ends the app");
        std::future::pending::<()>().await;
    }
}

/// The last thing that happens: connections are closed, what is typed lies on disk already.
async fn shut_down(client: &OpenClient) {
    let Some(client) = client.if_ready() else {
        return;
    };
    if tokio::time::timeout(SHUT_DOWN_WITHIN, client.shut_down())
        .await
        .is_err()
    {
        tracing::warn!("the client did not close in time");
    }
}

/// Where people look for files that a program made for them.
fn downloads() -> Option<PathBuf> {
    dirs::download_dir().or_else(dirs::home_dir)
}

#[expect(clippy::print_stdout, reason = "somebody in a terminal asked")]
fn say(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}

/// Says on standard error why the app cannot start.
fn refuse(error: &(dyn std::error::Error + Send + Sync)) -> ExitCode {
    eprintln!("Loquat cannot start: {error}");
    ExitCode::from(CANNOT_START)
}
