//! Links in messages open in the person's browser or mail program, never in our window.

use client::view::Failure;
use url::Url;

/// The only schemes a link may have. Others could start programs on this computer (`file:`, `smb:` …).
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// Opens the link with the program that this system has for it.
pub(crate) async fn open(url: &str) -> Result<(), Failure> {
    let Some(link) = safe_link(url) else {
        return Err(Failure::InvalidAddress {
            address: url.to_owned(),
        });
    };
    // Looking for the program reads the disk.
    let opened = tokio::task::spawn_blocking(move || open::that_detached(link.as_str())).await;
    let detail = match opened {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    Err(Failure::Unreachable {
        address: url.to_owned(),
        detail,
    })
}

/// The link as it is handed to the system, if it is one that may be opened.
fn safe_link(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|link| SCHEMES.contains(&link.scheme()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_and_mail_links_are_opened() {
        for link in [
            "https://example.org/a?b#c",
            "http://localhost:8080",
            "mailto:ada@example.org",
            "HTTPS://x.org",
        ] {
            assert!(safe_link(link).is_some(), "{link}");
        }
    }

    #[test]
    fn links_that_could_start_a_program_are_refused() {
        for link in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,x",
            "smb://host",
            "--version",
            "example.org",
        ] {
            assert!(safe_link(link).is_none(), "{link}");
        }
    }
}
