//! The opening handshake (RFC 6455 §4.2).

use http::{HeaderMap, header};
use protocol::SUBPROTOCOL;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// 16 bytes in base64.
const KEY_LENGTH: usize = 24;

/// A request that may be upgraded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handshake {
    /// The value of `Sec-WebSocket-Accept`.
    pub accept: String,
    /// Whether the client offered [`SUBPROTOCOL`].
    pub speaks_loquat: bool,
}

/// Reads the headers; the error says which one is missing.
pub fn read(headers: &HeaderMap) -> Result<Handshake, &'static str> {
    if !has_token(headers, header::CONNECTION, "upgrade") {
        return Err("the header Connection must say Upgrade");
    }
    if !has_token(headers, header::UPGRADE, "websocket") {
        return Err("the header Upgrade must say websocket");
    }
    if !has_token(headers, header::SEC_WEBSOCKET_VERSION, "13") {
        return Err("the header Sec-WebSocket-Version must say 13");
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY);
    let key = key.filter(|key| key.len() == KEY_LENGTH);
    let key = key.ok_or("the header Sec-WebSocket-Key must be 16 bytes in base64")?;
    Ok(Handshake {
        accept: derive_accept_key(key.as_bytes()),
        speaks_loquat: has_token(headers, header::SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL),
    })
}

/// Whether a header that is a list of tokens, perhaps given several times, has this one.
fn has_token(headers: &HeaderMap, name: header::HeaderName, token: &str) -> bool {
    let lists = headers.get_all(name);
    let mut tokens = lists
        .iter()
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(','));
    tokens.any(|offered| offered.trim().eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    /// The example of RFC 6455 §1.3.
    fn example() -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "keep-alive, Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("sec-websocket-protocol", "chat, loquat.v1"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn the_example_of_the_standard_is_accepted() {
        let handshake = read(&example()).unwrap();
        assert_eq!(handshake.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert!(handshake.speaks_loquat);
    }

    #[test]
    fn a_missing_header_is_named() {
        for name in ["connection", "upgrade", "sec-websocket-version", "sec-websocket-key"] {
            let mut headers = example();
            headers.remove(name);
            let missing = read(&headers).unwrap_err();
            assert!(missing.to_lowercase().contains(name), "{missing}");
        }
    }

    #[test]
    fn another_subprotocol_is_noticed() {
        let mut headers = example();
        headers.insert("sec-websocket-protocol", HeaderValue::from_static("loquat.v2"));
        assert!(!read(&headers).unwrap().speaks_loquat);
    }
}
