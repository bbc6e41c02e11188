//! A test of the way to the server, step by step, for whoever has to find out what stands in it.
//!
//! Each step is tried as the connection itself does it: the same proxy, the same trust, the same socket.

use std::sync::Arc;
use std::time::Duration;

use protocol::UnixMs;
use rustls::pki_types::ServerName;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use ts_rs::TS;

use crate::address::Address;
use crate::change::Change;
use crate::network::{Network, Route, Stream, certificate_fault, failure_of, issuer, not_trusted, of_reach, reach};
use crate::shared::Shared;
use crate::view::Failure;

/// How long one step may take; what takes longer does not work.
const STEP_TIMEOUT: Duration = Duration::from_secs(10);
/// Codes and tokens live for minutes: a clock that is wrong by more than this is a cause of trouble.
const CLOCK_MAY_DIFFER_MS: UnixMs = 60_000;
/// Addresses of a name that are shown.
const MOST_ADDRESSES: usize = 4;

/// How far a test of the connection has come, in the order of the steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConnectionTest {
    pub server: String,
    pub started_at: UnixMs,
    /// The proxy on the way; null without one.
    pub proxy: Option<String>,
    pub steps: Vec<TestStep>,
    pub done: bool,
}

/// One step that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestStep {
    pub kind: StepKind,
    pub took_ms: u32,
    pub outcome: StepOutcome,
}

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    Dns,
    Tcp,
    Proxy,
    Tls,
    Https,
    Socket,
    Clock,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum StepOutcome {
    /// It works; the detail is for people who know what it means.
    Fine {
        detail: String,
    },
    /// There is nothing to try.
    Skipped {
        why: SkipReason,
    },
    Failed {
        failure: Failure,
    },
    /// This device's clock is ahead of the server's by so much; behind it when negative.
    ClockDiffers {
        seconds: i32,
    },
}

/// Why a step was not tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// The proxy does it.
    LeftToProxy,
    /// There is no proxy on the way.
    NoProxy,
    /// The server is spoken to without TLS.
    NoTls,
    /// An earlier step failed.
    OutOfReach,
    /// The server did not say what time it is.
    Unknown,
}

/// A test that is running.
struct Running<'a> {
    shared: &'a Shared,
    server: Address,
    network: Network,
    route: Route,
    test: ConnectionTest,
}

/// Tests the way to a server, telling each step as a change. `token` proves the socket; without one the server can only
/// say that it wants one.
pub(crate) async fn run(shared: &Shared, server: Address, token: Option<String>) -> ConnectionTest {
    let network = shared.settings.network.clone();
    // What is found out now must not be what was found out a moment ago.
    network.forget();
    let route = network.route(server.url()).await;
    let test = ConnectionTest {
        server: server.text().to_owned(),
        started_at: shared.around.clock.now(),
        proxy: route.proxy(),
        steps: Vec::new(),
        done: false,
    };
    let mut running = Running {
        shared,
        server,
        network,
        route,
        test,
    };
    running.all(token.as_deref().unwrap_or_default()).await;
    running.test.done = true;
    running.tell();
    running.test
}

impl Running<'_> {
    async fn all(&mut self, token: &str) {
        self.tell();
        let began = Instant::now();
        let found = self.lookup().await;
        let mut reachable = self.note(StepKind::Dns, began, found);
        let stream = self.connect(reachable).await;
        reachable = stream.is_some();
        let began = Instant::now();
        let shaken = match stream {
            None => Ok(skipped(SkipReason::OutOfReach)),
            Some(_) if !self.server.is_encrypted() => Ok(skipped(SkipReason::NoTls)),
            Some(stream) => in_time(&self.server, self.shake_hands(stream)).await,
        };
        reachable &= self.note(StepKind::Tls, began, shaken);
        let began = Instant::now();
        let mut date = None;
        let answered = if reachable {
            in_time(&self.server, self.ask(&mut date)).await
        } else {
            Ok(skipped(SkipReason::OutOfReach))
        };
        reachable &= self.note(StepKind::Https, began, answered);
        let began = Instant::now();
        let opened = if reachable {
            in_time(&self.server, self.open_socket(token)).await
        } else {
            Ok(skipped(SkipReason::OutOfReach))
        };
        self.note(StepKind::Socket, began, opened);
        let clock = self.clock(date, reachable);
        self.note(StepKind::Clock, Instant::now(), Ok(clock));
    }

    /// Keeps and tells what came of a step; whether the next one may be tried.
    fn note(&mut self, kind: StepKind, began: Instant, outcome: Result<StepOutcome, Failure>) -> bool {
        let outcome = outcome.unwrap_or_else(|failure| StepOutcome::Failed { failure });
        let goes_on = !matches!(
            outcome,
            StepOutcome::Failed { .. }
                | StepOutcome::Skipped {
                    why: SkipReason::OutOfReach
                }
        );
        let took_ms = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
        self.test.steps.push(TestStep { kind, took_ms, outcome });
        self.tell();
        goes_on
    }

    fn tell(&self) {
        let test = self.test.clone();
        self.shared.feed.tell([Change::ConnectionTest { test }]);
    }

    async fn lookup(&self) -> Result<StepOutcome, Failure> {
        if self.route != Route::Direct {
            return Ok(skipped(SkipReason::LeftToProxy));
        }
        in_time(&self.server, async {
            let found = tokio::net::lookup_host(self.server.place()).await;
            let found = found.map_err(|error| unreachable(&self.server, &error))?;
            let addresses: Vec<String> = found
                .map(|address| address.ip().to_string())
                .take(MOST_ADDRESSES)
                .collect();
            Ok(fine(addresses.join(", ")))
        })
        .await
    }

    /// A stream to the server: straight, which is the step of TCP, or through the proxy, which is that of the proxy.
    async fn connect(&mut self, reachable: bool) -> Option<Stream> {
        let is_direct = self.route == Route::Direct;
        let began = Instant::now();
        if !reachable {
            self.note(StepKind::Tcp, began, Ok(skipped(SkipReason::OutOfReach)));
            self.note(StepKind::Proxy, began, Ok(skipped(SkipReason::NoProxy)));
            return None;
        }
        let (host, port) = self.server.place();
        let reached = in_time(&self.server, async {
            let reached = reach(&self.network, &self.route, host, port).await;
            reached.map_err(|error| of_reach(self.server.text(), error))
        })
        .await;
        let place = if is_direct {
            format!("{host}:{port}")
        } else {
            self.test.proxy.clone().unwrap_or_default()
        };
        let (stream, outcome) = match reached {
            Ok(stream) => (Some(stream), Ok(fine(place))),
            Err(failure) => (None, Err(failure)),
        };
        let (tcp, proxy) = if is_direct {
            (outcome, Ok(skipped(SkipReason::NoProxy)))
        } else {
            (Ok(skipped(SkipReason::LeftToProxy)), outcome)
        };
        self.note(StepKind::Tcp, began, tcp);
        self.note(StepKind::Proxy, began, proxy);
        stream
    }

    async fn shake_hands(&self, stream: Stream) -> Result<StepOutcome, Failure> {
        let tls = self
            .network
            .tls()
            .await
            .map_err(|error| unreachable(&self.server, &error))?;
        let name = ServerName::try_from(self.server.place().0.to_owned());
        let name = name.map_err(|error| unreachable(&self.server, &error))?;
        let shaken = TlsConnector::from(Arc::new(tls)).connect(name, stream).await;
        let stream = shaken.map_err(|error| match certificate_fault(&error) {
            Some(certificate) => not_trusted(self.server.text(), certificate),
            None => unreachable(&self.server, &error),
        })?;
        let session = stream.get_ref().1;
        let version = session
            .protocol_version()
            .and_then(|version| version.as_str())
            .unwrap_or("TLS");
        let issuer = session
            .peer_certificates()
            .and_then(|chain| chain.first())
            .and_then(issuer);
        Ok(fine(match issuer {
            Some(issuer) => format!("{version}, {issuer}"),
            None => version.to_owned(),
        }))
    }

    /// Asks the server who it is, and notes what time it has.
    async fn ask(&self, date: &mut Option<UnixMs>) -> Result<StepOutcome, Failure> {
        let http = self.network.http(&self.route, self.server.is_encrypted()).await;
        let http = http.map_err(|error| unreachable(&self.server, &error))?;
        let sent = http.get(self.server.at("/v1/auth/workspace")).send().await;
        let answer = match sent {
            Ok(answer) => answer,
            Err(error) => return Err(failure_of(&self.network, &self.route, self.server.text(), &error).await),
        };
        let said = answer
            .headers()
            .get(http::header::DATE)
            .and_then(|date| date.to_str().ok());
        *date = said
            .and_then(|text| httpdate::parse_http_date(text).ok())
            .and_then(|time| {
                let since = time.duration_since(std::time::UNIX_EPOCH).ok()?;
                UnixMs::try_from(since.as_millis()).ok()
            });
        let status = answer.status();
        let is_json = answer
            .headers()
            .get(http::header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().ends_with(b"json"));
        if status.is_success() && is_json {
            return Ok(fine(status.to_string()));
        }
        Err(Failure::NotLoquat {
            address: self.server.text().to_owned(),
        })
    }

    async fn open_socket(&self, token: &str) -> Result<StepOutcome, Failure> {
        crate::link::try_socket(&self.network, &self.server, token)
            .await
            .map(fine)
    }

    fn clock(&self, date: Option<UnixMs>, reachable: bool) -> StepOutcome {
        let Some(date) = date else {
            let why = if reachable {
                SkipReason::Unknown
            } else {
                SkipReason::OutOfReach
            };
            return skipped(why);
        };
        let ahead = self.shared.around.clock.now().saturating_sub(date);
        if ahead.abs() > CLOCK_MAY_DIFFER_MS {
            let seconds = i32::try_from(ahead / 1000).unwrap_or(if ahead > 0 { i32::MAX } else { i32::MIN });
            return StepOutcome::ClockDiffers { seconds };
        }
        fine(String::new())
    }
}

/// A step with an end.
async fn in_time<T>(server: &Address, step: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    timeout(STEP_TIMEOUT, step).await.unwrap_or_else(|_| {
        Err(Failure::Unreachable {
            address: server.text().to_owned(),
            detail: format!("nothing within {} s", STEP_TIMEOUT.as_secs()),
        })
    })
}

fn unreachable(server: &Address, error: &dyn std::error::Error) -> Failure {
    Failure::Unreachable {
        address: server.text().to_owned(),
        detail: error.to_string(),
    }
}

fn fine(detail: impl Into<String>) -> StepOutcome {
    StepOutcome::Fine { detail: detail.into() }
}

fn skipped(why: SkipReason) -> StepOutcome {
    StepOutcome::Skipped { why }
}
