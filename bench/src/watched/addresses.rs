//! Where each process of a run serves operators: known before it starts, because Prometheus and the process must agree.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use anyhow::Context as _;
use test_kit::random::SeededRandom;

use crate::scaled::CHAT_NODES;

/// Ports below those that the system gives to connections, so that none is taken between choosing and starting.
const FIRST_PORT: u64 = 20_000;
const LAST_PORT: u64 = 32_000;
/// More than one in two is free on any machine.
const TRIES: usize = 1_000;

pub(super) struct Addresses {
    pub(super) user_service: SocketAddr,
    pub(super) mail_service: SocketAddr,
    pub(super) chat: [SocketAddr; CHAT_NODES],
    pub(super) prometheus: SocketAddr,
}

impl Addresses {
    pub(super) fn choose(random: &SeededRandom) -> anyhow::Result<Self> {
        // All are held until the last is found, so that they differ.
        let mut held = Vec::new();
        for _ in 0..TRIES {
            let port = u16::try_from(FIRST_PORT + random.below(LAST_PORT - FIRST_PORT))?;
            held.extend(TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok());
            if held.len() == CHAT_NODES + 3 {
                break;
            }
        }
        let mut free = held.iter().map(TcpListener::local_addr);
        let mut next = || anyhow::Ok(free.next().context("no free port")??);
        Ok(Self {
            user_service: next()?,
            mail_service: next()?,
            chat: [next()?, next()?],
            prometheus: next()?,
        })
    }
}
