//! `SMTP_URL`, read.

use url::Url;

/// Where mails go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    Console,
    Smtp(SmtpRoute),
}

/// A mail server and how to talk to it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SmtpRoute {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) encryption: Encryption,
    pub(crate) login: Option<Login>,
    /// The name to greet with, if the URL names one.
    pub(crate) ehlo: Option<String>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) password: String,
}

/// How the connection is kept private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// Not at all: only for a server on the same machine or network.
    None,
    /// STARTTLS, without which nothing is sent.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

impl std::fmt::Debug for SmtpRoute {
    /// Leaves out the login.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SmtpRoute")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("encryption", &self.encryption)
            .finish_non_exhaustive()
    }
}

impl Route {
    /// Reads `console:`, `smtp://…` or `smtps://…`; the error is a sentence without the password.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|fault| format!("this is not a URL ({fault})"))?;
        match url.scheme() {
            "console" => Ok(Self::Console),
            "smtp" | "smtps" => SmtpRoute::read(&url).map(Self::Smtp),
            other => Err(format!("{other}: is not known; use smtp://, smtps:// or console:")),
        }
    }
}

impl SmtpRoute {
    fn read(url: &Url) -> Result<Self, String> {
        let host = url
            .host_str()
            .filter(|host| !host.is_empty())
            .ok_or("the host is missing")?;
        if !matches!(url.path(), "" | "/") {
            return Err("there is something behind the host that does not belong there".to_owned());
        }
        let mut encryption = if url.scheme() == "smtps" {
            Encryption::Tls
        } else {
            Encryption::StartTls
        };
        let mut ehlo = None;
        for (name, value) in url.query_pairs() {
            match (&*name, &*value) {
                ("tls", "none") if url.scheme() == "smtp" => encryption = Encryption::None,
                ("tls", "required") if url.scheme() == "smtp" => {}
                ("tls", _) => return Err("tls can be `none` or `required`, and only with smtp://".to_owned()),
                ("ehlo", value) => ehlo = Some(greeting_name(value)?),
                (unknown, _) => return Err(format!("the option {unknown:?} is not known; there are tls and ehlo")),
            }
        }
        let port = url.port().unwrap_or(match encryption {
            Encryption::None => 25,
            Encryption::StartTls => 587,
            Encryption::Tls => 465,
        });
        // A URL writes an IPv6 address in brackets; connecting wants it without.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self {
            host,
            port,
            encryption,
            login: login(url)?,
            ehlo,
        })
    }

    /// The server as people write it.
    pub(crate) fn server(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

fn greeting_name(text: &str) -> Result<String, String> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-[]:".contains(&byte));
    if text.is_empty() || !plain {
        return Err("ehlo must be a host name or an address in brackets".to_owned());
    }
    Ok(text.to_owned())
}

fn login(url: &Url) -> Result<Option<Login>, String> {
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) => Err("there is a password but no user".to_owned()),
        (_, None) => Err("there is a user but no password".to_owned()),
        (user, Some(password)) => {
            let decoded = |text: &str| percent_decoded(text).ok_or("user and password must be percent-encoded UTF-8");
            Ok(Some(Login {
                user: decoded(user)?,
                password: decoded(password)?,
            }))
        }
    }
}

/// `%XX` to the byte it stands for; a `+` stays a plus sign, because this is not a query.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smtp(text: &str) -> SmtpRoute {
        match Route::parse(text) {
            Ok(Route::Smtp(route)) => route,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn encryption_is_the_default_and_each_form_has_its_port() {
        let server = |text| (smtp(text).encryption, smtp(text).port);
        assert_eq!(server("smtp://mail.example.org"), (Encryption::StartTls, 587));
        assert_eq!(server("smtp://mail.example.org?tls=none"), (Encryption::None, 25));
        assert_eq!(server("smtps://mail.example.org"), (Encryption::Tls, 465));
        assert_eq!(
            server("smtp://mail.example.org:2525?tls=required"),
            (Encryption::StartTls, 2525)
        );
        assert_eq!(smtp("smtp://[::1]:25?tls=none").host, "::1");
        assert_eq!(Route::parse("console:"), Ok(Route::Console));
    }

    #[test]
    fn user_and_password_are_percent_decoded() {
        let login = smtp("smtp://ada%40example.org:p%2Fa+s%3As%25@mail.example.org?ehlo=chat.example.org")
            .login
            .unwrap();
        assert_eq!(
            (login.user.as_str(), login.password.as_str()),
            ("ada@example.org", "p/a+s:s%")
        );
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for text in [
            "mail.example.org",
            "http://mail.example.org",
            "smtp://",
            "smtps://mail.example.org?tls=none",
            "smtp://mail.example.org?tls=maybe",
            "smtp://mail.example.org?starttls=no",
            "smtp://user@mail.example.org",
            "smtp://mail.example.org/inbox",
            "smtp://mail.example.org?ehlo=two%20words",
        ] {
            assert!(Route::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_password_is_in_no_error_and_no_debug_text() {
        let fault = Route::parse("smtp://user:hunter2@mail.example.org?tls=maybe").unwrap_err();
        assert!(!fault.contains("hunter2"), "{fault}");
        assert!(!format!("{:?}", smtp("smtp://user:hunter2@mail.example.org")).contains("hunter2"));
    }
}
