//! The page's examples, told to a real server from top to bottom.

use anyhow::{Context as _, anyhow, bail};
use reqwest::Method;
use serde_json::Value;
use test_kit::console::Mark;
use test_kit::server::Server;
use test_kit::wait::PATIENCE;

use super::page::{self, Example, ExampleKind};
use super::shape::Bindings;
use crate::plain_socket::{Arrival, PlainSocket};
use crate::rest::{Answer, Rest};

/// Where the story is.
struct Told<'a> {
    server: &'a Server,
    rest: Rest,
    bindings: Bindings,
    /// Who asked for a code last, and where the output was then.
    asked: Option<(String, Mark)>,
    answer: Option<Answer>,
    socket: Option<PlainSocket>,
    /// Frames of the socket that came before the one that was awaited.
    passed: Vec<Value>,
}

/// Sends every example that is to be sent and compares every one that is to come; returns how many there were.
pub(super) async fn tell(page: &str, server: &Server) -> anyhow::Result<usize> {
    let mut told = Told {
        server,
        rest: Rest::at(server.url())?,
        bindings: Bindings::default(),
        asked: None,
        answer: None,
        socket: None,
        passed: Vec::new(),
    };
    let mut count = 0;
    for example in page::examples(page)? {
        if !matches!(example.kind, ExampleKind::Answer { .. }) {
            told.expect_a_yes()?;
        }
        if !matches!(example.kind, ExampleKind::Shown { .. }) {
            told.tell_one(&example)
                .await
                .with_context(|| format!("the example at line {}", example.line))?;
            count += 1;
        }
    }
    Ok(count)
}

impl Told<'_> {
    async fn tell_one(&mut self, example: &Example) -> anyhow::Result<()> {
        match &example.kind {
            ExampleKind::Http => self.request(&example.text).await,
            ExampleKind::Answer { status, .. } => self.compare_answer(*status, &example.text),
            ExampleKind::Send => {
                let text = self.bindings.fill(&example.text);
                self.socket
                    .as_mut()
                    .context("no socket is open")?
                    .send_text(&text)
                    .await
            }
            ExampleKind::Receive => self.await_frame(&example.text).await,
            ExampleKind::Shown { .. } => Ok(()),
        }
    }

    async fn request(&mut self, text: &str) -> anyhow::Result<()> {
        self.bind_code(text).await?;
        let text = self.bindings.fill(text);
        let (head, body) = text.split_once("\n\n").unwrap_or((text.as_str(), ""));
        let mut lines = head.lines();
        let (method, path) = lines
            .next()
            .and_then(|line| line.split_once(' '))
            .context("no request line")?;
        let headers: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(": ")).collect();
        if path == "/v1/socket" {
            let bearer = headers
                .iter()
                .find_map(|(_, value)| value.strip_prefix("Bearer "))
                .context("no token")?;
            self.socket = Some(PlainSocket::open(self.rest.base(), bearer).await?);
            self.passed.clear();
            return Ok(());
        }
        if path == "/v1/auth/code" {
            let body: Value = serde_json::from_str(body)?;
            let email = body["email"].as_str().context("no address")?;
            self.asked = Some((email.to_owned(), self.server.console().mark()));
        }
        let mut request = self.rest.request(Method::from_bytes(method.as_bytes())?, path, None);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = self.rest.answer(request.body(body.to_owned())).await?;
        if answer.status >= 500 {
            bail!("answered {}: {}", answer.status, answer.body);
        }
        self.answer = Some(answer);
        Ok(())
    }

    /// The code in the example stands for the one that was mailed; a wrong one is shown as `000000`.
    async fn bind_code(&mut self, text: &str) -> anyhow::Result<()> {
        let Some((_, body)) = text.split_once("\n\n") else {
            return Ok(());
        };
        let Ok(body) = serde_json::from_str::<Value>(body) else {
            return Ok(());
        };
        if let (Some(shown), Some((email, mark))) = (body["code"].as_str(), &self.asked)
            && shown != "000000"
        {
            let code = self.server.console().code_for(email, *mark, PATIENCE).await?;
            self.bindings.bind(shown, &code);
        }
        Ok(())
    }

    /// The answer to a request whose answer the page does not show.
    fn expect_a_yes(&mut self) -> anyhow::Result<()> {
        match self.answer.take() {
            Some(answer) if answer.status >= 300 => bail!("an answer that is not shown: {answer:?}"),
            _ => Ok(()),
        }
    }

    fn compare_answer(&mut self, status: u16, example: &str) -> anyhow::Result<()> {
        let answer = self.answer.take().context("there was no request")?;
        if answer.status != status {
            bail!("answered {} instead of {status}: {}", answer.status, answer.body);
        }
        let (example, came) = (serde_json::from_str(example)?, serde_json::from_str(&answer.body)?);
        self.bindings
            .match_up(&example, &came, "body")
            .map_err(|difference| anyhow!("{difference}\ncame: {came}"))
    }

    /// Waits for a frame of this type about this request or conversation. Frames that come in another order, and
    /// those that the story leaves out, are kept aside.
    async fn await_frame(&mut self, example: &str) -> anyhow::Result<()> {
        let example: Value = serde_json::from_str(&self.bindings.fill(example))?;
        let wanted = example["type"].as_str().context("no type")?;
        let held = self.passed.iter().position(|frame| is_about(frame, &example));
        let came = match held {
            Some(index) => self.passed.remove(index),
            None => self
                .read_until(&example)
                .await
                .with_context(|| format!("waiting for {wanted}"))?,
        };
        let matched = self.bindings.match_up(&example, &came, wanted);
        matched.map_err(|difference| anyhow!("{difference}\ncame: {came}"))
    }

    async fn read_until(&mut self, example: &Value) -> anyhow::Result<Value> {
        let socket = self.socket.as_mut().context("no socket is open")?;
        loop {
            let Arrival::Frame(frame) = socket.next().await? else {
                bail!("the server closed instead")
            };
            let came = serde_json::to_value(&*frame)?;
            if is_about(&came, example) {
                return Ok(came);
            }
            self.passed.push(came);
        }
    }
}

/// Whether a frame is the one an example shows: same type, request and conversation.
fn is_about(frame: &Value, example: &Value) -> bool {
    let same = |pointer: &str| frame.pointer(pointer) == example.pointer(pointer);
    same("/type") && same("/id") && same("/conversation") && same("/entry/conversation") && same("/entry/seq")
}
