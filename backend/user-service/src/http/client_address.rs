//! Where a request really comes from.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use http::HeaderMap;
use http::request::Parts;
use service_kit::ApiError;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of the client, behind the proxies we trust.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClientAddress(pub(super) IpAddr);

/// The reverse proxies whose `X-Forwarded-For` is believed. Everybody else could write anything there.
#[derive(Debug, Clone)]
pub(crate) struct TrustedProxies(Arc<[Network]>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: u128,
    mask: u128,
}

/// A text that names no network.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not an address or a network such as 10.0.0.0/8")]
pub(crate) struct InvalidNetwork(String);

impl TrustedProxies {
    pub(crate) fn parse(texts: &[String]) -> Result<Self, InvalidNetwork> {
        let named = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        named
            .map(Network::parse)
            .collect::<Result<Vec<_>, _>>()
            .map(|networks| Self(networks.into()))
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }

    /// The last address that no trusted proxy vouches for: each proxy appends the one it was called from.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        let values: Vec<&str> = headers
            .get_all(FORWARDED_FOR)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        for hop in values.iter().flat_map(|value| value.split(',')).rev() {
            if !self.trusts(client) {
                break;
            }
            match forwarded_address(hop.trim()) {
                Some(address) => client = address,
                None => break,
            }
        }
        client
    }
}

impl Network {
    fn parse(text: &str) -> Result<Self, InvalidNetwork> {
        let invalid = || InvalidNetwork(text.to_owned());
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().map_err(|_| invalid())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| invalid())?;
        let family_bits = if address.is_ipv4() { 32 } else { 128 };
        let length = length.unwrap_or(family_bits);
        if length > family_bits {
            return Err(invalid());
        }
        // An IPv4 network is the end of ::ffff:0:0/96.
        let host_bits = family_bits - length;
        let mask = u128::MAX.checked_shl(host_bits).unwrap_or(0);
        Ok(Self {
            address: number(address) & mask,
            mask,
        })
    }

    fn contains(self, address: IpAddr) -> bool {
        number(address) & self.mask == self.address
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().into(),
        IpAddr::V6(address) => address.into(),
    }
}

/// Some proxies add the port, and brackets with it.
fn forwarded_address(text: &str) -> Option<IpAddr> {
    text.parse()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

impl<S> FromRequestParts<S> for ClientAddress
where
    TrustedProxies: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer
            .ok_or_else(|| ApiError::internal(anyhow::anyhow!("the server does not tell where requests come from")))?;
        Ok(Self(
            TrustedProxies::from_ref(state).client(peer.0.ip(), &parts.headers),
        ))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn client(trusted: &[&str], peer: &str, forwarded: &[&'static str]) -> String {
        let texts: Vec<String> = trusted.iter().map(|text| (*text).to_owned()).collect();
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_static(value));
        }
        TrustedProxies::parse(&texts)
            .unwrap()
            .client(peer.parse().unwrap(), &headers)
            .to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        assert_eq!(client(&[], "192.0.2.1", &["203.0.113.9"]), "192.0.2.1");
        assert_eq!(client(&["10.0.0.0/8"], "192.0.2.1", &["203.0.113.9"]), "192.0.2.1");
        // What the client itself wrote stands before what the proxy appended.
        assert_eq!(
            client(&["10.0.0.0/8"], "10.1.2.3", &["1.1.1.1, 203.0.113.9"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn a_chain_of_trusted_proxies_is_followed_to_the_client() {
        let trusted = ["10.0.0.0/8", "2001:db8::/32"];
        assert_eq!(
            client(&trusted, "10.1.2.3", &["203.0.113.9, 10.9.9.9", "2001:db8::7"]),
            "203.0.113.9"
        );
        assert_eq!(client(&trusted, "10.1.2.3", &["203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(client(&trusted, "::ffff:10.1.2.3", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(client(&trusted, "10.1.2.3", &["nonsense"]), "10.1.2.3");
        assert_eq!(client(&trusted, "10.1.2.3", &[]), "10.1.2.3");
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["proxy", "10.0.0.0/33", "10.0.0.0/x", "2001:db8::/129"] {
            assert!(TrustedProxies::parse(&[text.to_owned()]).is_err(), "{text}");
        }
    }
}
