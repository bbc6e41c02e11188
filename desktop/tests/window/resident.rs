//! The app as it runs all day: started once, with windows that come and go.

use std::process::{ExitStatus, Stdio};

use anyhow::Context;
use test_kit::server;
use test_kit::wait::{self, PATIENCE};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Child;

use crate::app::{App, process_of};
use crate::desk::Desk;
use crate::{Office, weight};

/// A resident app, and where its windows can be driven, one after the other.
pub(crate) struct Resident {
    process: Child,
    inspector: String,
}

impl Resident {
    /// Starts the app; a window that is hidden is unloaded at once.
    pub(crate) async fn start(office: &Office, desk: &Desk) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
        let inspector = format!("127.0.0.1:{port}");
        let log = std::fs::File::create(desk.folder().join("resident.log"))?;
        let process = desk
            .command(&office.programs.app)
            .env("WEBKIT_INSPECTOR_SERVER", &inspector)
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("LOQUAT_UNLOAD_AFTER_S", "0")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()?;
        process_of(desk).await?;
        Ok(Self { process, inspector })
    }

    /// Its window, as soon as there is one.
    pub(crate) async fn window(&self, office: &Office, desk: &Desk) -> anyhow::Result<App> {
        let listens = || async { TcpStream::connect(&self.inspector).await.ok() };
        wait::until("the window to listen", PATIENCE, listens).await?;
        App::attach(desk, &self.inspector, &office.programs.pictures).await
    }

    /// Waits until the window's program has ended, and everything that it started.
    pub(crate) async fn window_is_unloaded(&self) -> anyhow::Result<()> {
        let app = self.process.id().context("the app has ended by itself")?;
        let gone = || async { weight::everything_below(app).ok()?.is_empty().then_some(()) };
        Ok(wait::until("the window to be unloaded", PATIENCE, gone).await?)
    }

    /// Waits until the app ends by itself.
    pub(crate) async fn wait(&mut self) -> std::io::Result<ExitStatus> {
        self.process.wait().await
    }

    /// Ends it as the end of a person's session does.
    pub(crate) async fn end(mut self) -> anyhow::Result<()> {
        server::terminate(self.process.id().context("the app has ended by itself")?).await?;
        let ended = tokio::time::timeout(PATIENCE, self.process.wait()).await??;
        anyhow::ensure!(ended.success(), "the app ended with {ended}");
        Ok(())
    }
}
