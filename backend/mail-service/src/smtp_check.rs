//! `smtp-check`: tries the mail settings as far as possible without sending a mail, and says what is wrong.

use url::Url;

use crate::delivery::{ConnectionFault, Encryption, Route, SmtpConnector, SmtpRoute};
use crate::settings::Settings;

/// What is wrong, as sentences for an operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SmtpCheckFailure(String);

/// Connects, greets, encrypts, logs in and asks whether the sender is accepted. Answers what it found, as a sentence.
pub async fn smtp_check(settings: &Settings, public_url: Option<&Url>) -> Result<String, SmtpCheckFailure> {
    let faults = settings.faults(false);
    if !faults.is_empty() {
        return Err(SmtpCheckFailure(faults.join("\n")));
    }
    let route = match settings.route().map_err(SmtpCheckFailure)? {
        Route::Console => return Ok("SMTP_URL is console: mails are printed, none leaves this machine.".to_owned()),
        Route::Smtp(route) => route,
    };
    let sender = settings.sender().map_err(SmtpCheckFailure)?;
    let connector =
        SmtpConnector::new(route, settings, public_url).map_err(|fault| SmtpCheckFailure(format!("{fault:#}")))?;
    match connector.rehearse(&sender).await {
        Ok(()) => Ok(good_news(connector.route())),
        Err(fault) => Err(SmtpCheckFailure(bad_news(connector.route(), &fault))),
    }
}

fn good_news(route: &SmtpRoute) -> String {
    let encryption = match route.encryption {
        Encryption::None => "without encryption",
        Encryption::StartTls => "encrypted with STARTTLS",
        Encryption::Tls => "encrypted with TLS",
    };
    let login = if route.login.is_some() {
        "the login works"
    } else {
        "no login was asked for"
    };
    format!(
        "{} answers, {encryption}; {login}; the sender is accepted. Mails can be sent.",
        route.server()
    )
}

fn bad_news(route: &SmtpRoute, fault: &ConnectionFault) -> String {
    let advice = match fault {
        ConnectionFault::Unreachable(_) => "Check host and port in SMTP_URL, and that no firewall is in between.",
        ConnectionFault::Greeting(_) if route.encryption == Encryption::Tls => {
            "Check the port; with STARTTLS use smtp:// instead of smtps://."
        }
        ConnectionFault::Greeting(_) => {
            "Check the port; if the server encrypts from the start, use smtps:// instead of smtp://."
        }
        ConnectionFault::NoStartTls => {
            "If the server encrypts from the start, use smtps://. If the way to it is safe without encryption, add ?tls=none."
        }
        ConnectionFault::Tls(_) => {
            "The certificate must be valid for the host in SMTP_URL; if a private authority made it, name that in SMTP_CA_FILE."
        }
        ConnectionFault::NoLogin => {
            "Take user and password out of SMTP_URL, or check the port: many servers take logins on 587 or 465 only."
        }
        ConnectionFault::LoginRefused(_) => {
            "Check user and password in SMTP_URL; special characters must be percent-encoded."
        }
        ConnectionFault::SenderRefused(_) => "Check MAIL_FROM, and that this login may send as that address.",
        ConnectionFault::Timeout(_) => {
            "Check the port, and that no firewall swallows the connection; smtp:// and smtps:// must fit the port."
        }
    };
    format!("{}: {fault}.\n{advice}", route.server())
}
