//! One connection: the commands of RFC 5321 that a sender uses.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::TcpStream;

use super::{Fault, Mail, Shared};

const DEFAULT_SIZE_LIMIT: usize = 1024 * 1024;
/// RFC 5321 §4.5.3.1.6 allows 1000; more than that is no mail program.
const LONGEST_LINE: u64 = 4096;

/// What a connection is, with or without TLS.
trait Line: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Line for T {}

/// What was said on this connection so far.
#[derive(Debug, Default)]
struct Said {
    greeted_as: String,
    user: Option<String>,
    from: Option<String>,
    to: Vec<String>,
}

/// How the commands on one stream ended.
enum End {
    Closed,
    StartTls,
}

/// Talks with one sender until either side closes.
pub(super) async fn hold(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut plain = BufStream::new(stream);
    say(&mut plain, "220 localhost ESMTP test").await?;
    match converse(&mut plain, shared, false).await? {
        End::Closed => Ok(()),
        End::StartTls => {
            let Some(tls) = &shared.tls else { return Ok(()) };
            let mut encrypted = BufStream::new(tls.accept(plain.into_inner()).await?);
            converse(&mut encrypted, shared, true).await.map(drop)
        }
    }
}

async fn converse(line: &mut BufStream<impl Line>, shared: &Shared, encrypted: bool) -> std::io::Result<End> {
    let mut said = Said::default();
    while let Some(command) = hear(line).await? {
        if shared.fault() == Some(Fault::Hang) {
            return std::future::pending().await;
        }
        let (verb, rest) = command.split_once(' ').unwrap_or((command.as_str(), ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                said = Said {
                    greeted_as: rest.to_owned(),
                    user: said.user,
                    ..Said::default()
                };
                say(line, &capabilities(shared, encrypted)).await?;
            }
            "HELO" => {
                rest.clone_into(&mut said.greeted_as);
                say(line, "250 localhost").await?;
            }
            "STARTTLS" if shared.tls.is_some() && !encrypted => {
                say(line, "220 go ahead").await?;
                return Ok(End::StartTls);
            }
            "AUTH" => log_in(line, rest, shared, &mut said).await?,
            "MAIL" => {
                let answer = begin(rest, shared, &mut said);
                say(line, &answer).await?;
            }
            "RCPT" => {
                let answer = add_recipient(rest, shared, &mut said);
                say(line, &answer).await?;
            }
            "DATA" if said.to.is_empty() => say(line, "503 no recipient").await?,
            "DATA" => {
                say(line, "354 end with a dot").await?;
                let raw = take_mail(line).await?;
                let Some(answer) = judge(raw, shared, &mut said, encrypted) else {
                    return Ok(End::Closed);
                };
                say(line, &answer).await?;
            }
            "RSET" => {
                (said.from, said.to) = (None, Vec::new());
                say(line, "250 ok").await?;
            }
            "NOOP" => say(line, "250 ok").await?,
            "QUIT" => {
                say(line, "221 bye").await?;
                return Ok(End::Closed);
            }
            _ => say(line, "502 not known").await?,
        }
    }
    Ok(End::Closed)
}

fn capabilities(shared: &Shared, encrypted: bool) -> String {
    let size = shared.settings.size_limit.unwrap_or(DEFAULT_SIZE_LIMIT);
    let mut lines = vec![
        "250-localhost".to_owned(),
        format!("250-SIZE {size}"),
        "250-8BITMIME".to_owned(),
    ];
    if shared.tls.is_some() && !encrypted {
        lines.push("250-STARTTLS".to_owned());
    }
    if shared.settings.credentials.is_some() {
        lines.push("250-AUTH PLAIN LOGIN".to_owned());
    }
    lines.push("250 PIPELINING".to_owned());
    lines.join("\r\n")
}

async fn log_in(line: &mut BufStream<impl Line>, rest: &str, shared: &Shared, said: &mut Said) -> std::io::Result<()> {
    let (how, first) = rest.split_once(' ').unwrap_or((rest, ""));
    let given = match how.to_ascii_uppercase().as_str() {
        "PLAIN" => {
            let whole = if first.is_empty() {
                ask(line, "").await?
            } else {
                decoded(first)
            };
            let mut parts = whole.split('\0').skip(1);
            (
                parts.next().unwrap_or("").to_owned(),
                parts.next().unwrap_or("").to_owned(),
            )
        }
        "LOGIN" => {
            let name = if first.is_empty() {
                ask(line, "Username:").await?
            } else {
                decoded(first)
            };
            (name, ask(line, "Password:").await?)
        }
        _ => return say(line, "504 not known").await,
    };
    if shared.settings.credentials.as_ref() == Some(&given) {
        said.user = Some(given.0);
        say(line, "235 welcome").await
    } else {
        say(line, "535 wrong user name or password").await
    }
}

async fn ask(line: &mut BufStream<impl Line>, question: &str) -> std::io::Result<String> {
    say(line, &format!("334 {}", STANDARD.encode(question))).await?;
    Ok(decoded(&hear(line).await?.unwrap_or_default()))
}

fn decoded(text: &str) -> String {
    String::from_utf8_lossy(&STANDARD.decode(text).unwrap_or_default()).into_owned()
}

fn begin(rest: &str, shared: &Shared, said: &mut Said) -> String {
    if shared.settings.credentials.is_some() && said.user.is_none() {
        return "530 log in first".to_owned();
    }
    let announced = rest
        .split_whitespace()
        .find_map(|part| part.strip_prefix("SIZE=")?.parse::<usize>().ok());
    if announced.is_some_and(|size| size > shared.settings.size_limit.unwrap_or(DEFAULT_SIZE_LIMIT)) {
        return "552 too large".to_owned();
    }
    said.from = Some(address_in(rest));
    said.to.clear();
    "250 ok".to_owned()
}

fn add_recipient(rest: &str, shared: &Shared, said: &mut Said) -> String {
    if said.from.is_none() {
        return "503 who is it from".to_owned();
    }
    if let Some(Fault::RefuseRecipient(code)) = shared.fault() {
        return format!("{code} refused by the test");
    }
    said.to.push(address_in(rest));
    "250 ok".to_owned()
}

/// Keeps the mail or refuses it; none means to close without an answer.
fn judge(raw: String, shared: &Shared, said: &mut Said, encrypted: bool) -> Option<String> {
    let fault = shared.fault();
    if raw.len() > shared.settings.size_limit.unwrap_or(DEFAULT_SIZE_LIMIT) {
        return Some("552 too large".to_owned());
    }
    match fault {
        Some(Fault::CloseAfterData) => return None,
        Some(Fault::RefuseMail(code)) => return Some(format!("{code} refused by the test")),
        _ => {}
    }
    let mail = Mail {
        greeted_as: said.greeted_as.clone(),
        user: said.user.clone(),
        encrypted,
        from: said.from.take().unwrap_or_default(),
        to: std::mem::take(&mut said.to),
        raw,
    };
    shared.state().mails.push(mail);
    (fault != Some(Fault::KeepAndClose)).then(|| "250 kept".to_owned())
}

async fn take_mail(line: &mut BufStream<impl Line>) -> std::io::Result<String> {
    let mut raw = String::new();
    loop {
        let Some(text) = hear(line).await? else {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        };
        if text == "." {
            return Ok(raw);
        }
        raw.push_str(text.strip_prefix('.').unwrap_or(&text));
        raw.push_str("\r\n");
    }
}

/// The next line without its end; none when the sender closed.
async fn hear(line: &mut BufStream<impl Line>) -> std::io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let length = line.take(LONGEST_LINE).read_until(b'\n', &mut bytes).await?;
    if length == 0 {
        return Ok(None);
    }
    let text = String::from_utf8_lossy(&bytes);
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

async fn say(line: &mut BufStream<impl Line>, text: &str) -> std::io::Result<()> {
    line.write_all(text.as_bytes()).await?;
    line.write_all(b"\r\n").await?;
    line.flush().await
}

/// What stands between `<` and `>`.
fn address_in(rest: &str) -> String {
    let inner = rest.split_once('<').and_then(|(_, after)| after.split_once('>'));
    inner.map_or(rest, |(address, _)| address).to_owned()
}
