//! A way between nodes in one process that loses, swaps and cuts as told.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use service_kit::cache::CacheError;
use tokio::sync::{broadcast, watch};

use crate::nodes::wire::{Line, Parcel, Wire};

/// Far more than any test sends while somebody does not look.
const ROOM: usize = 65_536;

/// Every node holds the same one.
#[derive(Clone)]
pub(super) struct Cable {
    parcels: broadcast::Sender<Parcel>,
    cut: watch::Sender<bool>,
    chance: Arc<Mutex<Chance>>,
}

/// Of a hundred parcels, how many are lost, and how many come after the next one.
struct Chance {
    random: StdRng,
    lost: u32,
    late: u32,
    held: Option<Parcel>,
}

impl Cable {
    pub(super) fn new() -> Self {
        Self {
            parcels: broadcast::Sender::new(ROOM),
            cut: watch::Sender::new(false),
            chance: Arc::new(Mutex::new(Chance {
                random: StdRng::seed_from_u64(0),
                lost: 0,
                late: 0,
                held: None,
            })),
        }
    }

    /// From now on this many of a hundred parcels are lost, and this many come late.
    pub(super) fn shake(&self, seed: u64, lost: u32, late: u32) {
        let mut chance = self.chance.lock().unwrap();
        (chance.random, chance.lost, chance.late) = (StdRng::seed_from_u64(seed), lost, late);
    }

    /// Nothing comes through, and every line is lost.
    pub(super) fn cut(&self) {
        self.cut.send_replace(true);
    }

    pub(super) fn mend(&self) {
        self.cut.send_replace(false);
    }
}

fn away() -> CacheError {
    CacheError::Away("the cable is cut".to_owned())
}

#[async_trait]
impl Wire for Cable {
    async fn send(&self, parcels: Vec<Parcel>) -> Result<(), CacheError> {
        if *self.cut.borrow() {
            return Err(away());
        }
        let mut chance = self.chance.lock().unwrap();
        for parcel in parcels {
            let (lost, late) = (chance.lost, chance.late);
            if chance.random.random_ratio(lost, 100) {
                continue;
            }
            if chance.held.is_none() && chance.random.random_ratio(late, 100) {
                chance.held = Some(parcel);
                continue;
            }
            // Nobody may listen; then nobody hears.
            drop(self.parcels.send(parcel));
            if let Some(held) = chance.held.take() {
                drop(self.parcels.send(held));
            }
        }
        Ok(())
    }

    async fn listen(&self, _channels: &[String]) -> Result<Box<dyn Line>, CacheError> {
        if *self.cut.borrow() {
            return Err(away());
        }
        Ok(Box::new(End {
            parcels: self.parcels.subscribe(),
            cut: self.cut.subscribe(),
        }))
    }

    fn has_separate_channels(&self) -> bool {
        false
    }
}

struct End {
    parcels: broadcast::Receiver<Parcel>,
    cut: watch::Receiver<bool>,
}

#[async_trait]
impl Line for End {
    async fn next(&mut self) -> Option<Parcel> {
        tokio::select! {
            _ = self.cut.wait_for(|is_cut| *is_cut) => None,
            parcel = self.parcels.recv() => parcel.ok(),
        }
    }
}
