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
pub(super) const LAST_WORDS: Duration = Duration::from_millis(600);

/// A window that lived shorter than this is not started again by itself: it would die again.
const WORTH_ANOTHER: Duration = Duration::from_secs(10);

/// What becomes of a window that nobody looks at.
#[derive(Debug, Clone, Copy)]
enum Next {
    /// It is told to go, and the app lives on without it.
    Unload,
    /// The app ends with it.
    EndApp,
    /// It was told to go and did not.
    Kill,
}

/// Whether the present program is on its way out: it comes in no more and shows nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leaving {
    No,
    ByItself,
    Told,
}

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
    /// What happens when, unless the window is seen before.
    due: Option<(Instant, Next)>,
    leaving: Leaving,
    /// Whether somebody wanted to see the window while it was leaving.
    wanted_again: bool,
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
            due: None,
            leaving: Leaving::No,
            wanted_again: false,
            connections: 0,
            services: JoinSet::new(),
        }
    }

    /// Lives until the app ends, and takes the window with it.
    pub(crate) async fn run(mut self) {
        let ending = self.desk.ending();
        loop {
            let due = self.due.map(|(time, _)| time);
            tokio::select! {
                () = ending.cancelled() => break,
                Some(wish) = self.wished.recv() => self.follow(wish).await,
                status = ended(&mut self.child) => self.died(status),
                () = at(due) => self.nobody_looked().await,
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
                if self.child.is_some() && self.leaving == Leaving::No {
                    self.leaving = Leaving::ByItself;
                }
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
        if self.leaving != Leaving::No {
            self.wanted_again = true;
            return;
        }
        self.due = None;
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
        if self.leaving != Leaving::No {
            return;
        }
        self.due = None;
        if !visible {
            self.closed();
        }
    }

    fn closed(&mut self) {
        if self.desk.preferences().get().ends_with_window {
            self.due = Some((Instant::now() + LAST_WORDS, Next::EndApp));
        } else {
            self.due = Some((Instant::now() + self.unload_after, Next::Unload));
            self.desk.window_closed();
        }
    }

    async fn nobody_looked(&mut self) {
        match self.due.take() {
            Some((_, Next::Unload)) => self.unload().await,
            Some((_, Next::EndApp)) => self.desk.quit(),
            Some((_, Next::Kill)) => self.kill(),
            None => {}
        }
    }

    async fn unload(&mut self) {
        tracing::info!("nobody looked at the window for a while; it is unloaded");
        self.say(ToWindow::Close).await;
        if self.child.is_some() {
            self.leaving = Leaving::Told;
            self.due = Some((Instant::now() + CLOSE_WITHIN, Next::Kill));
        }
    }

    fn kill(&mut self) {
        tracing::warn!("the window did not close in time and is ended");
        if let Some((child, _)) = &mut self.child
            && let Err(error) = child.start_kill()
        {
            tracing::error!(%error, "the window cannot be ended");
        }
    }

    fn died(&mut self, status: std::io::Result<ExitStatus>) {
        let lived = self.child.take().map(|(_, since)| since.elapsed()).unwrap_or_default();
        let was_seen = self.sight.borrow().visible || self.open.is_none();
        let told = self.leaving == Leaving::Told;
        self.leaving = Leaving::No;
        self.due = None;
        self.open = None;
        self.sees(Sight::default());
        if std::mem::take(&mut self.wanted_again) {
            return self.start();
        }
        match status {
            Ok(_) if told => {}
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
