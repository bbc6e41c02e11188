//! The connection is cut again and again, anywhere in a request or an answer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;

use protocol::SessionId;
use service_kit::store::StoreError;
use service_kit::store::mongo::{Address, Mongo};
use test_kit::fault_proxy::{Direction, FaultProxy};
use test_kit::random::SeededRandom;

use super::*;
use crate::sessions::{EndReason, Ended, Session};

const LANES: u64 = 4;
const STEPS: u64 = 16;
const ADMINISTRATORS: u64 = 4;

/// What was answered with "done", by the note it left.
#[derive(Default)]
struct Done {
    notes: Mutex<BTreeSet<String>>,
}

impl Done {
    fn note(&self, text: &str, outcome: Result<bool, StoreError>) {
        if matches!(outcome, Ok(true)) {
            self.notes.lock().unwrap().insert(text.to_owned());
        }
    }
}

/// Does things while a network fails, as one of several who do.
struct Lane<'a> {
    number: u64,
    store: MongoStore,
    proxy: &'a FaultProxy,
    random: SeededRandom,
    done: &'a Done,
}

impl Lane<'_> {
    async fn live(&self) {
        for step in 0..STEPS {
            if self.random.once_in(3) {
                let direction = if self.random.once_in(2) {
                    Direction::ToServer
                } else {
                    Direction::ToClient
                };
                let bytes = u32::try_from(self.random.below(3_000)).unwrap();
                self.proxy.cut_after(direction, bytes);
            }
            let number = u128::from(self.number * STEPS + step);
            match self.random.below(8) {
                0..3 => self.sign_in_and_out(number).await,
                3..6 => self.invite(u8::try_from(number).unwrap()).await,
                6 => self.change_an_administrator(number).await,
                // Whoever reads the log copies what waits; how that ends is seen at the end.
                _ => drop(self.store.audit_lines(&Filter::default(), 5).await),
            }
        }
    }

    async fn sign_in_and_out(&self, number: u128) {
        let signed_in = format!("in {number}");
        let added = self.store.add_session(&session(number), &[note(&signed_in)]).await;
        self.done.note(&signed_in, added.map(|()| true));
        let (signed_out, end) = (
            format!("out {number}"),
            Ended {
                at: 50,
                why: EndReason::SignedOut,
            },
        );
        let id = SessionId::from_random(number);
        let ended = self.store.end_session(&id, end, &[note(&signed_out)]).await;
        self.done.note(&signed_out, ended.map(|at| at.is_some()));
    }

    async fn invite(&self, number: u8) {
        let address = format!("guest{}@example.org", self.random.below(3));
        let invited = format!("invited {number}");
        let (new, mail) = (invitation(number, &address), kept(&format!("mail {number}"), 5));
        let added = self
            .store
            .add_invitation(&new, code(number), &note(&invited), &mail)
            .await;
        self.done.note(&invited, added.map(|()| true));
        if self.random.once_in(2) {
            let withdrawn = format!("withdrawn {number}");
            let outcome = self.store.withdraw_invitation(&new.id, &note(&withdrawn)).await;
            self.done.note(&withdrawn, outcome);
        }
    }

    async fn change_an_administrator(&self, number: u128) {
        let id = UserId::from_random(1_000 + u128::from(self.random.below(ADMINISTRATORS)));
        let Ok(Some(mut person)) = self.store.person(&id).await else {
            return;
        };
        person.version += 1;
        person.role = match person.role {
            Role::Member => Role::Administrator,
            Role::Administrator => Role::Member,
        };
        let changed = format!("changed {number}");
        let replaced = self.store.replace_person(&person, &[note(&changed)]).await;
        self.done
            .note(&changed, replaced.map(|replaced| replaced == Replaced::Done));
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn however_often_it_is_cut_every_change_has_its_note_and_an_administrator_stays() {
    let seed = rand_seed();
    eprintln!("seed {seed}");
    let random = SeededRandom::from_seed(seed);
    let database = MongoDatabase::fresh();
    let direct = mongo_in(&database).await;
    for number in 0..ADMINISTRATORS {
        add(&direct, 1_000 + u128::from(number), FirstRole::Administrator).await;
    }
    let proxy = FaultProxy::to(database.server()).await.unwrap();
    let done = Done::default();
    let lanes = (0..LANES).map(|number| {
        let address = Address::parse(&database.url_by_way_of(proxy.address())).unwrap();
        let mongo = Mongo::new(address.within(Duration::from_secs(2)));
        Lane {
            number,
            store: MongoStore::new(mongo, std::sync::Arc::new(service_kit::SystemRandom)),
            proxy: &proxy,
            random: random.part(number),
            done: &done,
        }
    });
    let lanes: Vec<Lane<'_>> = lanes.collect();
    join_all(lanes.iter().map(Lane::live)).await;
    drop(lanes);

    let lines = direct.audit_lines(&Filter::default(), 10_000).await.unwrap();
    let places: BTreeSet<u64> = lines.iter().map(|line| line.seq).collect();
    assert_eq!(places, (1..=lines.len() as u64).collect(), "seed {seed}");
    let mut noted: BTreeMap<&str, u32> = BTreeMap::new();
    for line in &lines {
        *noted.entry(&line.note.detail).or_default() += 1;
    }
    assert!(noted.values().all(|count| *count == 1), "seed {seed}: {noted:?}");
    let done = done.notes.into_inner().unwrap();
    assert!(done.len() > 10, "seed {seed}: only {} changes came through", done.len());
    for change in &done {
        assert!(
            noted.contains_key(change.as_str()),
            "seed {seed}: {change} is not noted"
        );
    }
    let mails: BTreeSet<String> = direct
        .waiting(10_000)
        .await
        .unwrap()
        .into_iter()
        .map(|mail| mail.id)
        .collect();
    for number in 0..u128::from(LANES * STEPS) {
        let stored: Option<Session> = direct.session(&SessionId::from_random(number)).await.unwrap();
        let is_noted = |text: String| noted.contains_key(text.as_str());
        assert_eq!(stored.is_some(), is_noted(format!("in {number}")), "seed {seed}");
        let has_ended = stored.is_some_and(|session| session.ended.is_some());
        assert_eq!(has_ended, is_noted(format!("out {number}")), "seed {seed}");
        let is_invited = is_noted(format!("invited {number}"));
        assert_eq!(mails.contains(&format!("mail {number}")), is_invited, "seed {seed}");
    }
    let administrators = documents(&direct, PEOPLE, doc! { "role": "administrator", "active": 1 }).await;
    assert!(administrators > 0, "seed {seed}");
}

/// Another run every time; the seed of one that failed is printed with it.
fn rand_seed() -> u64 {
    use service_kit::Random as _;
    let bits = service_kit::SystemRandom.bits();
    u64::try_from(bits >> 64).unwrap_or_default()
}
