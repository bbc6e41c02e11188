//! The life of the window: started when it is wanted, ended when nobody looked for a while, started again when it
//! died by itself.

use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use door::{Line, ToWindow};
use tokio::process::Child;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::service::{self, Service};
use super::{Program, Sight, Window, Wish};
use crate::desk::Desk;
use crate::due::at;

/// How long the window is waited for at the end of the app.
const CLOSE_WITHIN: Duration = Duration::from_secs(3);

/// How long a window that ends the app may go on handing over what was typed last.
const LAST_WORDS: Duration = Duration::from_millis(600);

/// A window that lived shorter than this is not started again by itself: it would die again.
const WORTH_ANOTHER: Duration = Duration::from_secs(10);

/// The life of the one window, driven by [`Life::run`].
pub(crate) struct Life {
    program: Program,
    /// How long a hidden window stays loaded, to be back at once.
    unload_after: Duration,
    desk: Desk,
    wishes: mpsc::Sender<Wish>,
    wished: mpsc::Receiver<Wish>,
    sight: Arc<watch::Sender<Sight>>,
    child: Option<(Child, Instant)>,
    open: Option<Open>,
    /// When the window is ended, unless it is seen before.
    unload_at: Option<Instant>,
    /// When the app ends with its window.
    end_at: Option<Instant>,
    connections: u64,
    services: JoinSet<()>,
}

/// The connection of the present window.
struct Open {
    number: u64,
    outgoing: mpsc::Sender<ToWindow>,
}

impl Life {
    pub(crate) fn new(
        window: &Window,
        wished: mpsc::Receiver<Wish>,
        (program, unload_after): (Program, Duration),
        desk: Desk,
    ) -> Self {
        Self {
            program,
            unload_after,
            desk,
            wishes: window.wishes.clone(),
            wished,
            sight: Arc::clone(&window.sight),
            child: None,
            open: None,
            unload_at: None,
            end_at: None,
            connections: 0,
            services: JoinSet::new(),
        }
    }

    /// Lives until the app ends, and takes the window with it.
    pub(crate) async fn run(mut self) {
        let ending = self.desk.ending();
        loop {
            let (unload_at, end_at) = (self.unload_at, self.end_at);
            tokio::select! {
                () = ending.cancelled() => break,
                Some(wish) = self.wished.recv() => self.follow(wish).await,
                status = ended(&mut self.child) => self.died(status),
                () = at(unload_at) => self.unload().await,
                () = at(end_at) => self.desk.quit(),
                Some(served) = self.services.join_next() => if let Err(error) = served {
                    tracing::error!(%error, "serving the window failed");
                },
            }
        }
        self.close().await;
    }

    async fn follow(&mut self, wish: Wish) {
        match wish {
            Wish::Show => self.show().await,
            Wish::CameIn(line) => self.came_in(line),
            Wish::Left(number) if self.is_present(number) => {
                self.open = None;
                self.sees(Sight::default());
            }
            Wish::Visible(number, visible) if self.is_present(number) => self.visible(visible),
            Wish::Focused(number, focused) if self.is_present(number) => {
                self.sight.send_modify(|sight| sight.focused = focused);
            }
            Wish::Hide => self.say(ToWindow::Hide).await,
            Wish::HasLink => self.say(ToWindow::Link).await,
            // Of a connection that another one replaced.
            Wish::Left(_) | Wish::Visible(..) | Wish::Focused(..) => {}
        }
    }

    async fn show(&mut self) {
        self.unload_at = None;
        if self.open.is_some() {
            self.say(ToWindow::Show).await;
        } else if self.child.is_none() {
            self.start();
        }
    }

    fn start(&mut self) {
        match self.program.start() {
            Ok(child) => self.child = Some((child, Instant::now())),
            Err(error) => {
                tracing::error!(%error, program = %self.program.file.display(), "the window cannot be started");
            }
        }
    }

    fn came_in(&mut self, line: Line) {
        self.connections += 1;
        let number = self.connections;
        let (outgoing, waiting) = service::way();
        let service = Service {
            number,
            desk: self.desk.clone(),
            wishes: self.wishes.clone(),
            outgoing: outgoing.clone(),
        };
        self.services.spawn(service.run(line, waiting));
        self.open = Some(Open { number, outgoing });
        self.sees(Sight {
            visible: true,
            ..Sight::default()
        });
    }

    fn visible(&mut self, visible: bool) {
        self.sight.send_modify(|sight| {
            sight.visible = visible;
            sight.focused &= visible;
        });
        self.unload_at = None;
        if !visible {
            self.closed();
        }
    }

    fn closed(&mut self) {
        if self.desk.preferences().get().ends_with_window {
            self.end_at = Some(Instant::now() + LAST_WORDS);
        } else {
            self.unload_at = Some(Instant::now() + self.unload_after);
            self.desk.window_closed();
        }
    }

    async fn unload(&mut self) {
        tracing::info!("nobody looked at the window for a while; it is unloaded");
        self.unload_at = None;
        self.say(ToWindow::Close).await;
    }

    fn died(&mut self, status: std::io::Result<ExitStatus>) {
        let lived = self.child.take().map(|(_, since)| since.elapsed()).unwrap_or_default();
        let was_seen = self.sight.borrow().visible || self.open.is_none();
        match status {
            Ok(status) if status.success() => {}
            Ok(status) if was_seen && lived >= WORTH_ANOTHER => {
                tracing::warn!(%status, "the window died and is started again");
                self.start();
            }
            Ok(status) => tracing::error!(%status, "the window died"),
            Err(error) => tracing::error!(%error, "the window cannot be watched"),
        }
    }

    async fn close(&mut self) {
        self.say(ToWindow::Close).await;
        let Some((mut child, _)) = self.child.take() else {
            return;
        };
        if self.open.is_none() {
            // It has not come in yet and hears nothing; dropping it ends it.
            return;
        }
        if tokio::time::timeout(CLOSE_WITHIN, child.wait()).await.is_err() {
            tracing::warn!("the window did not close in time and is ended");
            // It is ended when dropped.
        }
    }

    async fn say(&self, frame: ToWindow) {
        if let Some(open) = &self.open {
            // A window that reads nothing must not hold the app: what it misses, it asks for when it is back.
            let said = tokio::time::timeout(CLOSE_WITHIN, open.outgoing.send(frame)).await;
            if !matches!(said, Ok(Ok(()))) {
                tracing::warn!("the window does not listen");
            }
        }
    }

    fn is_present(&self, number: u64) -> bool {
        self.open.as_ref().is_some_and(|open| open.number == number)
    }

    fn sees(&self, sight: Sight) {
        self.sight.send_replace(sight);
    }
}

/// Waits for the end of the program; for ever when there is none.
async fn ended(child: &mut Option<(Child, Instant)>) -> std::io::Result<ExitStatus> {
    match child {
        Some((child, _)) => child.wait().await,
        None => std::future::pending().await,
    }
}
