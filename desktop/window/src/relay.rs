//! Between the interface and the resident: commands go out, answers and changes come in, unread.

#![expect(clippy::let_underscore_must_use, reason = "the code that `tauri::command` writes")]

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use door::{Answer, DoorError, FromWindow, Receiver, Sender, ToWindow};
use serde_json::Value;
use serde_json::value::to_raw_value;
use tauri::ipc::{Invoke, InvokeError, InvokeResponseBody, Response};
use tauri::{AppHandle, Emitter, Manager, Runtime, State};
use tokio::sync::{mpsc, oneshot};

use crate::window;

/// The event that brings changes.
const CHANGE: &str = "change";

/// The event that says a link waits to be taken.
const LINK: &str = "link";

/// What may wait to be written. The interface stops far below it: it waits for answers.
const MOST_WAITING: usize = 4096;

/// Frames that are written together at most.
const MOST_AT_ONCE: usize = 64;

/// All the interface may call here: one command, which names another.
pub(crate) fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![ask]
}

/// Asks the resident and answers what it says.
#[tauri::command]
async fn ask(relay: State<'_, Relay>, command: String, arguments: Value) -> Result<Response, InvokeError> {
    match relay.ask(command, &arguments).await {
        Some(Answer::Done(value)) => Ok(Response::new(InvokeResponseBody::Json(value.get().to_owned()))),
        Some(Answer::Failed(failure)) => {
            let failure = serde_json::from_str(failure.get()).unwrap_or(Value::Null);
            Err(InvokeError(failure))
        }
        Some(Answer::Wrong(what)) => Err(InvokeError(what.into())),
        None => Err(InvokeError("the app is ending".into())),
    }
}

/// What the interface says on its way out, and who waits for which answer.
pub(crate) struct Relay {
    outgoing: mpsc::Sender<FromWindow>,
    next: AtomicU64,
    waiting: Mutex<HashMap<u64, oneshot::Sender<Answer>>>,
}

impl Relay {
    pub(crate) fn over(sender: Sender) -> Self {
        let (outgoing, said) = mpsc::channel(MOST_WAITING);
        tauri::async_runtime::spawn(write(sender, said));
        Self {
            outgoing,
            next: AtomicU64::new(1),
            waiting: Mutex::default(),
        }
    }

    /// Says something that has no answer.
    pub(crate) fn tell(&self, said: FromWindow) {
        if let Err(error) = self.outgoing.try_send(said) {
            tracing::warn!(%error, "the resident was not told something");
        }
    }

    /// Asks and waits; none when the resident is gone.
    async fn ask(&self, command: String, arguments: &Value) -> Option<Answer> {
        let arguments = to_raw_value(arguments).ok()?;
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (answered, answer) = oneshot::channel();
        self.waiting().insert(id, answered);
        let said = FromWindow::Ask { id, command, arguments };
        if self.outgoing.send(said).await.is_err() {
            self.waiting().remove(&id);
            return None;
        }
        answer.await.ok()
    }

    fn answered(&self, id: u64, answer: Answer) {
        if let Some(waiting) = self.waiting().remove(&id) {
            // The page that asked may be gone.
            drop(waiting.send(answer));
        } else {
            tracing::warn!(id, "an answer that nobody waits for");
        }
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, HashMap<u64, oneshot::Sender<Answer>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn write(mut sender: Sender, mut said: mpsc::Receiver<FromWindow>) {
    let mut together = Vec::new();
    while said.recv_many(&mut together, MOST_AT_ONCE).await > 0 {
        if let Err(error) = sender.say_all(&together).await {
            return tracing::info!(%error, "the resident hears no more");
        }
        together.clear();
    }
}

/// Hears the resident until one of both ends.
pub(crate) async fn hear<R: Runtime>(app: AppHandle<R>, mut receiver: Receiver) {
    let end = loop {
        match receiver.next().await {
            Ok(ToWindow::Answer { id, answer }) => app.state::<Relay>().answered(id, answer),
            Ok(ToWindow::Change(change)) => emit(&app, CHANGE, &change),
            Ok(ToWindow::Link) => emit(&app, LINK, &()),
            Ok(ToWindow::Show) => {
                window::show(&app);
                app.state::<Relay>().tell(FromWindow::Visible(true));
            }
            Ok(ToWindow::Hide) => {
                window::hide(&app);
                app.state::<Relay>().tell(FromWindow::Visible(false));
            }
            Ok(ToWindow::Close) => break None,
            Err(error) => break Some(error),
        }
    };
    if let Some(error) = end.filter(|error| !matches!(error, DoorError::Gone)) {
        tracing::error!(%error, "the resident cannot be understood");
    }
    app.exit(0);
}

/// An interface that is gone hears nothing; it asks for everything when it comes back.
fn emit<R: Runtime, T: serde::Serialize + Clone>(app: &AppHandle<R>, event: &str, said: &T) {
    if let Err(error) = app.emit(event, said) {
        tracing::warn!(%error, event, "the interface was not reached");
    }
}

#[cfg(test)]
mod tests {
    use door::place::Door;
    use serde_json::json;
    use tauri::WebviewWindow;
    use tauri::ipc::{CallbackFn, InvokeBody};
    use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets};
    use tauri::webview::InvokeRequest;

    use super::*;

    /// A resident that answers every command by its name: `done`, `failed` or `wrong`.
    async fn resident(mut door: Door) {
        let (mut sender, mut receiver) = door.next().await.unwrap().split();
        while let Ok(FromWindow::Ask { id, command, arguments }) = receiver.next().await {
            let answer = match command.as_str() {
                "done" => Answer::Done(arguments),
                "failed" => Answer::Failed(arguments),
                _ => Answer::Wrong(format!("no command {command}")),
            };
            sender.say(&ToWindow::Answer { id, answer }).await.unwrap();
        }
    }

    fn window(folder: &std::path::Path) -> WebviewWindow<MockRuntime> {
        let place = door::place::of(folder, folder);
        let line = tauri::async_runtime::block_on(async {
            tauri::async_runtime::spawn(resident(Door::open(&place).unwrap()));
            door::connect(&place).await.unwrap()
        });
        let (sender, receiver) = line.split();
        let app = mock_builder()
            .manage(Relay::over(sender))
            .invoke_handler(handler())
            .build(mock_context(noop_assets()))
            .unwrap();
        tauri::async_runtime::spawn(hear(app.handle().clone(), receiver));
        tauri::WebviewWindowBuilder::new(&app, "main", tauri::WebviewUrl::default())
            .build()
            .unwrap()
    }

    fn call(window: &WebviewWindow<MockRuntime>, command: &str, arguments: &Value) -> Result<Value, Value> {
        let request = InvokeRequest {
            cmd: "ask".to_owned(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: "tauri://localhost".parse().unwrap(),
            body: InvokeBody::Json(json!({ "command": command, "arguments": arguments })),
            headers: tauri::http::HeaderMap::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        get_ipc_response(window, request).map(|body| body.deserialize().unwrap())
    }

    #[test]
    fn the_interface_gets_what_the_resident_answers() {
        let folder = tempfile::tempdir().unwrap();
        let window = window(folder.path());
        let arguments = json!({ "conversation": "c_1", "after": 40 });

        assert_eq!(call(&window, "done", &arguments), Ok(arguments.clone()));
        assert_eq!(
            call(&window, "failed", &json!({ "reason": "signed_out" })),
            Err(json!({ "reason": "signed_out" }))
        );
        assert_eq!(call(&window, "dance", &json!({})), Err(json!("no command dance")));
    }
}
