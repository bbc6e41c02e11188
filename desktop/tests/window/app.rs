//! The real app in its real window, driven as a person would drive it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use fantoccini::elements::Element;
use fantoccini::wd::TimeoutConfiguration;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use test_kit::wait::{self, PATIENCE};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Child;

use crate::desk::Desk;
use crate::names;

/// Waits for the fonts and makes one invisible point change from frame to frame, until `window.settle()`: the driver's
/// picture is the next frame that is drawn, and without a graphics card a page where nothing changes draws none.
const STIR: &str = "
const done = arguments[0];
const point = document.createElement('div');
point.style.cssText = 'position: fixed; top: 0; left: 0; width: 1px; height: 1px; pointer-events: none';
document.documentElement.append(point);
let beat = 0;
const stirring = setInterval(() => { point.style.background = beat++ % 2 ? 'rgb(0 0 0 / 0.4%)' : 'transparent'; }, 15);
window.settle = () => { clearInterval(stirring); point.remove(); };
document.fonts.ready.then(() => requestAnimationFrame(() => done(true)));";

/// How long a measurement in the page may take.
const MEASURING: Duration = Duration::from_mins(5);

/// A running app. Dropping it takes the window down with its driver.
pub(crate) struct App {
    window: Client,
    driver: Child,
    pid: u32,
    pictures: PathBuf,
}

impl App {
    /// Starts the app at this desk and waits until its interface is drawn.
    pub(crate) async fn start(desk: &Desk, program: &Path, pictures: &Path) -> anyhow::Result<Self> {
        let (driver, address) = start_driver(desk, &[]).await?;
        let options = json!({ "binary": program, "args": [] });
        let capabilities = [("webkitgtk:browserOptions".to_owned(), options)].into_iter().collect();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let connecting = builder.connect(&address);
        let window = tokio::time::timeout(PATIENCE, connecting).await.with_context(|| {
            let log = std::fs::read_to_string(desk.folder().join("app.log")).unwrap_or_default();
            format!("the window did not open; its programs wrote:\n{log}")
        })??;
        let app = Self {
            pid: process_of(desk).await?,
            window,
            driver,
            pictures: pictures.to_owned(),
        };
        app.find("main, [role=main]").await?;
        app.script(WATCH_POLICY, Vec::new()).await?;
        Ok(app)
    }

    /// The window of an app that runs already, which was started with this place for its inspector.
    pub(crate) async fn attach(desk: &Desk, inspector: &str, pictures: &Path) -> anyhow::Result<Self> {
        let (driver, address) = start_driver(desk, &[format!("--target={inspector}")]).await?;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(serde_json::Map::new());
        let window = wait::until("the window to be there", PATIENCE, || async {
            let connecting = tokio::time::timeout(PATIENCE, builder.connect(&address));
            connecting.await.ok()?.ok()
        });
        let app = Self {
            window: window.await?,
            driver,
            pid: process_of(desk).await?,
            pictures: pictures.to_owned(),
        };
        app.find("main, [role=main]").await?;
        app.script(WATCH_POLICY, Vec::new()).await?;
        Ok(app)
    }

    /// Lets go of the window, which may end or go on.
    pub(crate) async fn leave(mut self) -> anyhow::Result<()> {
        self.driver.kill().await?;
        Ok(())
    }

    /// Takes the window off the screen, as the interface does; where a hidden window is unloaded at once, it goes.
    pub(crate) async fn hide(&self) {
        let script =
            "setTimeout(() => window.__TAURI_INTERNALS__.invoke('ask', { command: 'hide_window', arguments: {} }))";
        // The window may be gone before the driver has its answer. Whoever hides a window waits for it to be gone.
        drop(self.script(script, Vec::new()).await);
    }

    /// `kill -9`: the app has no moment to tidy up.
    pub(crate) async fn kill(mut self) -> anyhow::Result<()> {
        self.signal("-KILL").await
    }

    /// SIGTERM: the app closes as it does with its window. By then the page must have kept to its content policy.
    pub(crate) async fn close(mut self) -> anyhow::Result<()> {
        let violations = self.script("return window.violations", Vec::new()).await?;
        anyhow::ensure!(
            violations == json!([]),
            "the page did what its content policy forbids: {violations}"
        );
        self.signal("-TERM").await
    }

    async fn signal(&mut self, signal: &str) -> anyhow::Result<()> {
        let sent = tokio::process::Command::new("kill")
            .arg(signal)
            .arg(self.pid.to_string())
            .status()
            .await?;
        anyhow::ensure!(sent.success(), "the signal did not reach the app");
        let process = PathBuf::from(format!("/proc/{}/stat", self.pid));
        wait::until("the app to end", PATIENCE, || {
            std::future::ready(has_ended(&process).then_some(()))
        })
        .await?;
        self.driver.kill().await?;
        Ok(())
    }

    /// Keeps a picture of the window as it is now.
    pub(crate) async fn picture(&self, name: &str) -> anyhow::Result<()> {
        tokio::time::timeout(PATIENCE, self.window.execute_async(STIR, Vec::new()))
            .await
            .context("no fonts")??;
        let png = tokio::time::timeout(PATIENCE, self.window.screenshot())
            .await
            .context("no picture")??;
        self.script("window.settle()", Vec::new()).await?;
        std::fs::write(self.pictures.join(format!("{name}.png")), png)?;
        Ok(())
    }

    /// The first element this CSS selector finds; waits for it.
    pub(crate) async fn find(&self, css: &str) -> anyhow::Result<Element> {
        self.until(css, || async { self.window.find(Locator::Css(css)).await.ok() })
            .await
    }

    /// Waits until this selector finds exactly `count` elements with this text in them.
    pub(crate) async fn count(&self, css: &str, text: &str, count: usize) -> anyhow::Result<()> {
        let script = "return [...document.querySelectorAll(arguments[0])]\
            .filter((element) => element.textContent.includes(arguments[1])).length";
        let look = || async {
            let found = self.script(script, vec![json!(css), json!(text)]).await.ok()?;
            (found.as_u64() == u64::try_from(count).ok()).then_some(())
        };
        self.until(&format!("{count} of {css} with {text:?}"), look).await
    }

    /// The control with this role and accessible name; waits for it.
    ///
    /// A name that ends in `…` is the beginning of the name.
    pub(crate) async fn named(&self, role: &str, name: &str) -> anyhow::Result<Element> {
        let look = || async {
            let found = self.script(&names::find(), vec![json!(role), json!(name)]).await.ok()?;
            let id = found.get(ELEMENT_KEY)?.as_str()?.to_owned();
            Some(Element::from_element_id(self.window.clone(), id.into()))
        };
        self.until(&format!("the {role} {name:?}"), look).await
    }

    /// Waits until the focus is at the control with this role and name.
    pub(crate) async fn focused(&self, role: &str, name: &str) -> anyhow::Result<()> {
        let look = || async {
            let script = names::has_focus();
            let found = self.script(&script, vec![json!(role), json!(name)]).await.ok()?;
            (found == json!(true)).then_some(())
        };
        self.until(&format!("the focus at the {role} {name:?}"), look).await
    }

    /// Presses the button with this name.
    pub(crate) async fn press(&self, name: &str) -> anyhow::Result<()> {
        self.click("button", name).await
    }

    /// Clicks the control with this role and name, as soon as it takes a click.
    pub(crate) async fn click(&self, role: &str, name: &str) -> anyhow::Result<()> {
        let look = || async {
            let control = self.named(role, name).await.ok()?;
            match control.click().await {
                Ok(()) => Some(Ok(())),
                // It has a place but is not drawn yet, or was drawn anew just now.
                Err(error) if error.is_element_not_interactable() || error.is_stale_element_reference() => None,
                Err(error) => Some(Err(anyhow::anyhow!("clicking the {role} {name:?}: {error:?}"))),
            }
        };
        self.until(&format!("the {role} {name:?} to take a click"), look)
            .await?
    }

    /// Replaces what stands in the text field with this name.
    pub(crate) async fn fill(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let field = self.named("textbox", name).await?;
        field.clear().await.with_context(|| format!("emptying {name:?}"))?;
        field.send_keys(text).await.with_context(|| format!("filling {name:?}"))
    }

    /// Waits until the page shows this text anywhere.
    pub(crate) async fn shows(&self, text: &str) -> anyhow::Result<()> {
        let look = || async { self.page_text().await.ok()?.contains(text).then_some(()) };
        self.until(&format!("{text:?} on the page"), look).await
    }

    /// The session with the driver.
    pub(crate) fn window(&self) -> &Client {
        &self.window
    }

    /// Runs a script in the page.
    pub(crate) async fn script(&self, script: &str, arguments: Vec<Value>) -> anyhow::Result<Value> {
        Ok(tokio::time::timeout(PATIENCE, self.window.execute(script, arguments)).await??)
    }

    /// Runs a script that calls its last argument with what it measured.
    pub(crate) async fn measure(&self, script: &str, arguments: Vec<Value>) -> anyhow::Result<Value> {
        let limits = TimeoutConfiguration::new(Some(MEASURING), None, None);
        self.window.update_timeouts(limits).await?;
        let measuring = self.window.execute_async(script, arguments);
        Ok(tokio::time::timeout(MEASURING, measuring).await??)
    }

    /// Looks until there is something; in vain, it keeps a picture and says what the page showed.
    async fn until<T, Look: Future<Output = Option<T>>>(
        &self,
        what: &str,
        look: impl FnMut() -> Look,
    ) -> anyhow::Result<T> {
        match wait::until(what, PATIENCE, look).await {
            Ok(found) => Ok(found),
            Err(waited) => {
                // A window that has gone has neither a picture nor a text; what was waited for is said all the same.
                drop(self.picture("failed").await);
                let text = self
                    .page_text()
                    .await
                    .unwrap_or_else(|error| format!("(no page: {error})"));
                anyhow::bail!("{waited}; the page shows:\n{text}")
            }
        }
    }

    async fn page_text(&self) -> anyhow::Result<String> {
        let text = self.script("return document.body.innerText", Vec::new()).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }
}

/// Writes down everything the content security policy stops.
const WATCH_POLICY: &str = "
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
";

/// How `WebDriver` marks a reference to an element in JSON.
const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Whether the process is gone, or only waits for its parent to take note.
///
/// The first of its threads may be gone while another still writes to the disk and holds the locks.
fn has_ended(process: &Path) -> bool {
    let tasks = process.with_file_name("task");
    if std::fs::read_dir(tasks).is_ok_and(|tasks| tasks.count() > 1) {
        return false;
    }
    let Ok(stat) = std::fs::read_to_string(process) else {
        return true;
    };
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('Z'))
}

/// The process of the app at this desk, by its own word.
pub(crate) async fn process_of(desk: &Desk) -> anyhow::Result<u32> {
    let lock = desk.app_data().join("profile.lock");
    let look = || async { std::fs::read_to_string(&lock).ok()?.trim().parse().ok() };
    Ok(wait::until("the app to name itself", PATIENCE, look).await?)
}

/// A driver of its own for each start of the app, so that a killed one leaves nothing behind.
async fn start_driver(desk: &Desk, arguments: &[String]) -> anyhow::Result<(Child, String)> {
    let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
    let log = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(desk.folder().join("app.log"))?;
    let driver = desk
        .command("WebKitWebDriver")
        .arg(format!("--port={port}"))
        .args(arguments)
        // Without it the request for a session is never answered.
        .env("TAURI_WEBVIEW_AUTOMATION", "true")
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .context("WebKitWebDriver")?;
    let connect = || async { TcpStream::connect(("127.0.0.1", port)).await.ok() };
    wait::until("WebKitWebDriver to listen", PATIENCE, connect).await?;
    Ok((driver, format!("http://127.0.0.1:{port}")))
}
