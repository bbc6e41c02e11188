//! What a text has to look like: as a sentence, as a pattern for editors of policies, and as the check that counts.

use url::Url;

use super::Words;
use crate::policy::Hours;

/// A longer text is none of these.
const LONGEST: usize = 1024;

/// The longest name of a host, in bytes.
const LONGEST_HOST: usize = 255;

/// What a text stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The address of a server: scheme, host and port, nothing else.
    Address,
    /// The address of a folder on an encrypted server.
    Folder,
    /// The address of a proxy.
    Proxy,
    /// A host or a network, as lists of exceptions name them.
    Host,
    /// A file, named from the top.
    Path,
    /// `HH:MM-HH:MM`.
    Hours,
}

impl Form {
    pub(crate) fn expected(self) -> Words {
        match self {
            Self::Address => Words {
                en: "an address such as \"https://chat.example.org\", without a path, a name or a password",
                de: "eine Adresse wie „https://chat.example.org“, ohne Pfad, Namen und Passwort",
            },
            Self::Folder => Words {
                en: "an address such as \"https://updates.example.org/loquat/\", without a name or a password",
                de: "eine Adresse wie „https://updates.example.org/loquat/“, ohne Namen und Passwort",
            },
            Self::Proxy => Words {
                en: "an address such as \"http://proxy.example.org:3128\" or \"socks5://proxy.example.org:1080\", \
                     without a name or a password",
                de: "eine Adresse wie „http://proxy.example.org:3128“ oder „socks5://proxy.example.org:1080“, ohne \
                     Namen und Passwort",
            },
            Self::Host => Words {
                en: "a host such as \"intranet.example.org\", an address or a network such as \"10.0.0.0/8\"",
                de: "ein Host wie „intranet.example.org“, eine Adresse oder ein Netz wie „10.0.0.0/8“",
            },
            Self::Path => Words {
                en: "a path from the top, such as \"/etc/ssl/certs/example-org.pem\" or \"C:\\ProgramData\\ca.pem\"",
                de: "ein vollständiger Pfad wie „/etc/ssl/certs/example-org.pem“ oder „C:\\ProgramData\\ca.pem“",
            },
            Self::Hours => Words {
                en: "two different times such as \"19:00-07:30\"",
                de: "zwei verschiedene Uhrzeiten wie „19:00-07:30“",
            },
        }
    }

    /// An expression that every right text matches and most wrong ones do not, for editors that know no more.
    pub(crate) fn pattern(self) -> &'static str {
        match self {
            Self::Address => r"^https?://[^/?#@\s]+/?$",
            Self::Folder => r"^https://[^/?#@\s]+(/[^?#@\s]*)?$",
            Self::Proxy => r"^(http|https|socks5)://[^/?#@\s]+/?$",
            Self::Host => r"^[A-Za-z0-9._:/*-]{1,255}$",
            Self::Path => r"^(/|[A-Za-z]:[\\/]|\\\\).+$",
            Self::Hours => r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$",
        }
    }

    /// The text as it is used, if it is right.
    pub(crate) fn parse(self, text: &str) -> Option<String> {
        if text.len() > LONGEST {
            return None;
        }
        match self {
            Self::Address => address(text, &["https", "http"]),
            Self::Folder => folder(text),
            Self::Proxy => address(text, &["http", "https", "socks5"]),
            Self::Host => is_host(text).then(|| text.to_owned()),
            Self::Path => is_path(text).then(|| text.to_owned()),
            Self::Hours => hours(text).map(|_| text.to_owned()),
        }
    }
}

/// Scheme, host and port, spelled as the app spells them; anything more is refused.
fn address(text: &str, schemes: &[&str]) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let names_somebody = text.contains('@') || !url.username().is_empty() || url.password().is_some();
    let has_more = !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some();
    let has_host = url.host_str().is_some_and(|host| !host.is_empty());
    let is_right = schemes.contains(&url.scheme()) && has_host && !names_somebody && !has_more;
    // The parser forgives spaces, which the pattern for editors does not.
    let is_plain = !text.contains(char::is_whitespace) && text.contains("://");
    (is_right && is_plain).then(|| url.as_str().trim_end_matches('/').to_owned())
}

/// Scheme, host, port and path; anything more is refused.
fn folder(text: &str) -> Option<String> {
    let mut bare = Url::parse(text).ok().filter(|url| !url.path().contains('@'))?;
    let path = bare.path().to_owned();
    bare.set_path("");
    let address = address(bare.as_str(), &["https"])?;
    let is_plain = !text.contains(char::is_whitespace) && text.contains("://");
    is_plain.then(|| format!("{address}{path}"))
}

/// Whether a text has only what hosts, addresses and networks are written with.
fn is_host(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/*-".contains(&byte);
    (1..=LONGEST_HOST).contains(&text.len()) && text.bytes().all(is_plain)
}

/// Whether a path begins at the top, by the rules of any system: a policy is often written on another one.
fn is_path(text: &str) -> bool {
    let drive = text.as_bytes();
    let has_drive =
        drive.len() > 3 && drive[0].is_ascii_alphabetic() && drive[1] == b':' && matches!(drive[2], b'\\' | b'/');
    let starts_at_top = text.len() > 1 && text.starts_with('/');
    let is_share = text.len() > 2 && text.starts_with(r"\\");
    !text.contains(char::is_control) && (has_drive || starts_at_top || is_share)
}

/// Reads `19:00-07:30`.
pub(super) fn hours(text: &str) -> Option<Hours> {
    let (from, until) = text.split_once('-')?;
    let hours = Hours {
        from: minutes(from)?,
        until: minutes(until)?,
    };
    (hours.from != hours.until).then_some(hours)
}

/// Reads `HH:MM` as minutes after midnight.
fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let number = |digits: &str| {
        let is_plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_plain.then(|| digits.parse::<u16>().ok())?
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_spelled_as_the_app_spells_it() {
        assert_eq!(
            Form::Address.parse("https://Chat.Example.org/").as_deref(),
            Some("https://chat.example.org")
        );
        assert_eq!(
            Form::Address.parse("http://10.0.0.7:8080").as_deref(),
            Some("http://10.0.0.7:8080")
        );
    }

    #[test]
    fn what_is_more_or_less_than_an_address_is_refused() {
        for wrong in [
            "",
            "chat.example.org",
            "https://",
            "https://chat.example.org/team",
            "https://chat.example.org?x=1",
            "https://ada@chat.example.org",
            "https://@chat.example.org",
            "https://ada:secret@chat.example.org",
            "https://chat.example.org ",
            "https:chat.example.org",
            "ftp://chat.example.org",
        ] {
            assert_eq!(Form::Address.parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_proxy_keeps_no_password() {
        assert_eq!(
            Form::Proxy.parse("socks5://proxy.example.org:1080").as_deref(),
            Some("socks5://proxy.example.org:1080")
        );
        assert_eq!(Form::Proxy.parse("http://ada:secret@proxy.example.org:3128"), None);
    }

    #[test]
    fn a_path_starts_at_the_top_on_any_system() {
        for right in [
            "/etc/ca.pem",
            r"C:\ProgramData\ca.pem",
            "C:/ca.pem",
            r"\\server\share\ca.pem",
        ] {
            assert!(Form::Path.parse(right).is_some(), "{right}");
        }
        for wrong in [
            "",
            "/",
            "ca.pem",
            "~/ca.pem",
            "C:",
            r"%ProgramData%\ca.pem",
            "/etc/\nca.pem",
        ] {
            assert_eq!(Form::Path.parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn hours_are_minutes_of_the_day() {
        let over_midnight = Hours {
            from: 19 * 60,
            until: 7 * 60 + 30,
        };

        assert_eq!(hours("19:00-07:30"), Some(over_midnight));
        for wrong in [
            "",
            "19:00",
            "7:00-8:00",
            "24:00-07:00",
            "19:60-07:00",
            "+9:00-07:00",
            "08:00-08:00",
            "19:00 - 07:30",
        ] {
            assert_eq!(hours(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn nothing_is_longer_than_anything_can_be() {
        assert_eq!(Form::Path.parse(&format!("/{}", "x".repeat(5000))), None);
    }
}
