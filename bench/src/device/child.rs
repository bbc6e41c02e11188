//! The process of a device: opens the real client and does what it is told on standard input.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use client::change::Change;
use client::clock::{Clock, SystemClock};
use client::view::{Connection, Failure, Session, TimelineItem};
use client::{Client, ClientSettings, HistoryLimit, Servers, Surroundings};
use protocol::rest::identity::Device;
use protocol::{ConversationId, UnixMs};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::line::{Answer, Ask, Event, Question, Said, State};
use super::secrets::SecretFile;

/// The settings of one device process.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ChildSettings {
    /// Address of the server.
    #[arg(long)]
    server: String,
    /// Name of this device.
    #[arg(long)]
    name: String,
    /// Where its store and its session lie.
    #[arg(long)]
    folder: PathBuf,
    /// How far its clock is ahead, in milliseconds.
    #[arg(long, default_value_t = 0)]
    clock_ahead_ms: i64,
}

/// Runs until standard input ends.
pub(crate) async fn run(settings: ChildSettings) -> anyhow::Result<()> {
    let (lines, mut to_print) = mpsc::unbounded_channel::<Said>();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        while let Some(said) = to_print.recv().await {
            // When nobody reads any more, this process is about to end as well.
            if print(&said).is_err() {
                return;
            }
        }
    });
    drop(lines.send(Said::Event(Event::Opened {
        device: settings.name.clone(),
    })));
    let client = open(&settings).await?;
    tasks.spawn(tell_changes(client.changes(), settings.name.clone(), lines.clone()));
    let mut commands = read_commands();
    while let Some(line) = commands.recv().await {
        let Question { id, ask } = serde_json::from_str(&line)?;
        let (client, lines, server) = (client.clone(), lines.clone(), settings.server.clone());
        // What is written is written in the order of the commands; everything else may take its time beside it.
        if matches!(ask, Ask::Write { .. } | Ask::Act { .. }) {
            drop(lines.send(Said::Answer {
                id,
                answer: answer(&client, &server, ask).await,
            }));
        } else {
            tasks.spawn(async move {
                drop(lines.send(Said::Answer {
                    id,
                    answer: answer(&client, &server, ask).await,
                }));
            });
        }
    }
    client.shut_down().await;
    Ok(())
}

fn print(said: &Said) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    serde_json::to_writer(&mut stdout, said)?;
    stdout.write_all(b"\n")?;
    stdout.flush()
}

/// The lines of standard input, from a thread of their own.
fn read_commands() -> mpsc::UnboundedReceiver<String> {
    let (commands, received) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            let Ok(line) = line else { return };
            if commands.send(line).is_err() {
                return;
            }
        }
    });
    received
}

async fn open(settings: &ChildSettings) -> Result<Client, Failure> {
    let secrets = Arc::new(SecretFile::at(settings.folder.join("session.json")));
    let device = Device {
        name: settings.name.clone(),
        system: "bench".to_owned(),
    };
    let data_dir = settings.folder.join("store");
    let around = Surroundings {
        clock: Arc::new(WrongClock {
            ahead_ms: settings.clock_ahead_ms,
        }),
        ..Default::default()
    };
    let settings = ClientSettings {
        data_dir,
        device,
        servers: Servers::proposing(settings.server.clone()),
        history: HistoryLimit::default(),
        network: client::Network::default(),
    };
    Client::open_in(settings, secrets, around).await
}

/// The machine's clock, but for a difference.
struct WrongClock {
    ahead_ms: i64,
}

impl Clock for WrongClock {
    fn now(&self) -> UnixMs {
        SystemClock.now() + self.ahead_ms
    }
}

async fn tell_changes(mut changes: client::Changes, device: String, lines: mpsc::UnboundedSender<Said>) {
    while let Some(change) = changes.next().await {
        let device = device.clone();
        let event = match change {
            Change::Appended {
                conversation,
                items,
                last,
            } => Event::Appended {
                device,
                conversation,
                items,
                last,
            },
            Change::ActRefused {
                conversation,
                seq,
                failure,
                ..
            } => Event::ActRefused {
                device,
                conversation,
                seq,
                failure,
            },
            Change::Reloaded { conversation } => Event::Reloaded { device, conversation },
            _ => continue,
        };
        if lines.send(Said::Event(event)).is_err() {
            return;
        }
    }
}

async fn answer(client: &Client, server: &str, ask: Ask) -> Answer {
    carry_out(client, server, ask).await.unwrap_or_else(Answer::Failed)
}

async fn carry_out(client: &Client, server: &str, ask: Ask) -> Result<Answer, Failure> {
    match ask {
        Ask::RequestCode { email } => client.request_code(server, &email).await.map(|_| Answer::Done),
        Ask::SignIn { code } => match client.sign_in(&code).await? {
            Session::SignedIn { me, .. } => Ok(Answer::SignedIn { user: me.id }),
            Session::SignedOut { .. } => Err(Failure::SignedOut),
        },
        Ask::Write {
            conversation,
            body,
            reply_to,
        } => {
            let pending = client.send_message(conversation, body, reply_to).await?;
            Ok(Answer::Written {
                client_id: pending.client_id,
            })
        }
        Ask::Act { conversation, seq, act } => {
            client.act_on_message(conversation, seq, act).await?;
            Ok(Answer::Done)
        }
        Ask::State => state(client).await.map(Answer::State),
        Ask::Reconnect => {
            client.reconnect_now().await;
            Ok(Answer::Done)
        }
        Ask::View { conversation } => Ok(Answer::View {
            items: whole_view(client, conversation).await?,
        }),
    }
}

async fn state(client: &Client) -> Result<State, Failure> {
    let (signed_in, signed_out_because) = match client.session().await {
        Session::SignedIn { .. } => (true, None),
        Session::SignedOut { reason, .. } => (false, reason),
    };
    let mut state = State {
        online: client.connection() == Connection::Online,
        signed_in,
        signed_out_because,
        unsent: 0,
        refused: 0,
        first_refusal: None,
        heads: Vec::new(),
    };
    if signed_in {
        for row in client.conversations().await? {
            for pending in client.open_conversation(row.id.clone()).await?.pending {
                match pending.failure {
                    None => state.unsent += 1,
                    Some(failure) => {
                        state.refused += 1;
                        state.first_refusal.get_or_insert(failure);
                    }
                }
            }
            state.heads.push((row.id, row.head));
        }
    }
    Ok(state)
}

/// Everything, from the newest page back to the first, as a person who scrolls up sees it; and once more, because what
/// an early message says may only then be there to stand above the one that answers it.
pub(crate) async fn whole_view(client: &Client, conversation: ConversationId) -> Result<Vec<TimelineItem>, Failure> {
    scroll_up(client, conversation.clone()).await?;
    scroll_up(client, conversation).await
}

async fn scroll_up(client: &Client, conversation: ConversationId) -> Result<Vec<TimelineItem>, Failure> {
    let mut page = client.open_conversation(conversation.clone()).await?.page;
    let mut pages: Vec<Vec<TimelineItem>> = Vec::new();
    loop {
        let first = page.first;
        pages.push(page.items);
        if first == 0 || !page.has_earlier {
            break;
        }
        page = client.earlier(conversation.clone(), first).await?;
    }
    Ok(pages.into_iter().rev().flatten().collect())
}
