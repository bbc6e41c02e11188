//! How many connections each address has, so that one of them cannot take every seat.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// Connections by address. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Addresses {
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One connection of an address; given back when dropped.
pub(super) struct Place {
    addresses: Addresses,
    address: IpAddr,
}

impl Addresses {
    /// A place for one more connection; none when the address has `most` of them.
    pub(super) fn take(&self, address: IpAddr, most: usize) -> Option<Place> {
        let address = holder(address);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(address).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place {
            addresses: self.clone(),
            address,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.addresses.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.address);
            }
        }
    }
}

/// Who holds an IPv6 address holds the 2^64 beside it as well.
fn holder(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (!0 << 64))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_takes_no_more_than_its_share_and_gets_back_what_it_gives_up() {
        let addresses = Addresses::default();
        let (first, second) = (
            addresses.take(address("192.0.2.1"), 2),
            addresses.take(address("192.0.2.1"), 2),
        );
        assert!(first.is_some() && second.is_some());
        assert!(
            addresses.take(address("::ffff:192.0.2.1"), 2).is_none(),
            "the same in other words"
        );
        assert!(addresses.take(address("192.0.2.2"), 2).is_some(), "another address");
        drop(first);
        assert!(addresses.take(address("192.0.2.1"), 2).is_some());
        drop(second);
        assert!(addresses.held.lock().unwrap().is_empty(), "nothing is left behind");
    }

    #[test]
    fn a_network_of_version_six_counts_as_one_address() {
        let addresses = Addresses::default();
        let held = addresses.take(address("2001:db8::1"), 1);
        assert!(held.is_some());
        assert!(addresses.take(address("2001:db8::ffff:2"), 1).is_none());
        assert!(addresses.take(address("2001:db8:0:1::1"), 1).is_some());
    }
}
