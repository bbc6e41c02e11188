//! A store with the faults of a real one: another node that is faster, lost answers, a full disk.

mod attention;

use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeInclusive;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use protocol::event::{PersonChanged, WorkspaceChanged};
use protocol::timeline::MessageFold;
use protocol::{ClientId, ConversationId, Entry, EntryKind, ReadMark, Receipt, SessionId, UnixMs, UserId};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::sqlite::SqliteStore;
use super::{
    Added, Appended, ChannelSearch, ConversationStore, EndedStore, Folded, Listed, LiveStore, LogStore, MessageStore,
    PersonStore, Record, StoreError, StoredMessage,
};

/// What happens to one append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Another node stores these entries first; their seqs are set to the places that are wanted.
    Overtaken(Vec<(UserId, ClientId, EntryKind)>),
    /// It is stored, but the answer is lost.
    LostAnswer,
    /// It is not stored, and nobody knows.
    LostRequest,
    /// It seems lost, and is stored just before the next append.
    Late,
    Full,
    Away,
}

/// A store that fails as told, one fault per append, and fails to answer questions as often as told.
pub(crate) struct FaultyStore {
    inner: SqliteStore,
    planned: Mutex<VecDeque<Option<Fault>>>,
    unanswered_questions: Mutex<u32>,
    lost_marks: Mutex<u32>,
    failing_saves: AtomicU32,
    late: Mutex<Vec<Vec<Entry>>>,
    random: Mutex<Option<StdRng>>,
    is_dead: AtomicBool,
    appends: AtomicU32,
    saves: AtomicU32,
}

impl FaultyStore {
    /// No faults until some are planned.
    pub(crate) fn over(inner: SqliteStore) -> Self {
        Self {
            inner,
            planned: Mutex::default(),
            unanswered_questions: Mutex::default(),
            lost_marks: Mutex::default(),
            failing_saves: AtomicU32::new(0),
            late: Mutex::default(),
            random: Mutex::default(),
            is_dead: AtomicBool::new(false),
            appends: AtomicU32::new(0),
            saves: AtomicU32::new(0),
        }
    }

    /// Faults at random from now on.
    pub(crate) fn shaken_by(inner: SqliteStore, seed: u64) -> Self {
        let store = Self::over(inner);
        store.shake(seed);
        store
    }

    /// Faults at random again.
    pub(crate) fn shake(&self, seed: u64) {
        *self.random.lock().unwrap() = Some(StdRng::seed_from_u64(seed));
    }

    /// No more faults at random.
    pub(crate) fn calm(&self) {
        *self.random.lock().unwrap() = None;
    }

    /// From now on nothing that is asked of it happens: the process that asks has died.
    pub(crate) fn die(&self) {
        self.calm();
        self.is_dead.store(true, Ordering::Relaxed);
    }

    /// How often was appended and how often a fold was saved.
    pub(crate) fn writes(&self) -> (u32, u32) {
        (self.appends.load(Ordering::Relaxed), self.saves.load(Ordering::Relaxed))
    }

    /// What happens to the next appends; `None` is one that goes well.
    pub(crate) fn plan(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        self.planned.lock().unwrap().extend(faults);
    }

    /// The next questions are not answered.
    pub(crate) fn leave_unanswered(&self, questions: u32) {
        *self.unanswered_questions.lock().unwrap() = questions;
    }

    /// The next folds are not saved.
    pub(crate) fn fail_saving(&self, folds: u32) {
        self.failing_saves.store(folds, Ordering::Relaxed);
    }

    /// The next read marks are kept, but the answers are lost.
    pub(crate) fn lose_answers_about_marks(&self, marks: u32) {
        *self.lost_marks.lock().unwrap() = marks;
    }

    fn next_fault(&self) -> Option<Fault> {
        if let Some(planned) = self.planned.lock().unwrap().pop_front() {
            return planned;
        }
        let mut random = self.random.lock().unwrap();
        let random = random.as_mut()?;
        match random.random_range(0..10) {
            0 | 1 => {
                let others = (0..random.random_range(1..4)).map(|_| {
                    let body = "from another node".to_owned();
                    let client_id = ClientId::from_random(random.random());
                    (UserId::from_random(1), client_id, EntryKind::message(body, None))
                });
                Some(Fault::Overtaken(others.collect()))
            }
            2 => Some(Fault::LostAnswer),
            3 => Some(Fault::LostRequest),
            4 => Some(Fault::Late),
            5 => Some(Fault::Full),
            6 => Some(Fault::Away),
            _ => None,
        }
    }

    fn answer_question(&self) -> Result<(), StoreError> {
        if self.is_dead.load(Ordering::Relaxed) {
            return Err(StoreError::Unavailable);
        }
        let mut left = self.unanswered_questions.lock().unwrap();
        if *left > 0 {
            *left -= 1;
            return Err(StoreError::Unavailable);
        }
        let mut random = self.random.lock().unwrap();
        let fails = random.as_mut().is_some_and(|random| random.random_ratio(1, 20));
        if fails { Err(StoreError::Unavailable) } else { Ok(()) }
    }

    async fn overtake(&self, first: &Entry, others: Vec<(UserId, ClientId, EntryKind)>) -> Result<(), StoreError> {
        let mut ordinal = first.ordinal - u64::from(first.kind.is_message());
        let mut entries = Vec::new();
        for ((author, client_id, kind), seq) in others.into_iter().zip(first.seq..) {
            ordinal += u64::from(kind.is_message());
            entries.push(Entry {
                seq,
                ordinal,
                author,
                client_id,
                kind,
                ..first.clone()
            });
        }
        self.inner.append(entries).await.map(drop)
    }

    async fn land_late_ones(&self) -> Result<(), StoreError> {
        let late = std::mem::take(&mut *self.late.lock().unwrap());
        for entries in late {
            self.inner.append(entries).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl LogStore for FaultyStore {
    async fn append(&self, entries: Vec<Entry>) -> Result<Appended, StoreError> {
        if self.is_dead.load(Ordering::Relaxed) {
            return Err(StoreError::Unavailable);
        }
        self.appends.fetch_add(1, Ordering::Relaxed);
        self.land_late_ones().await?;
        match self.next_fault() {
            None => self.inner.append(entries).await,
            Some(Fault::Overtaken(others)) => {
                self.overtake(&entries[0], others).await?;
                self.inner.append(entries).await
            }
            Some(Fault::LostAnswer) => {
                self.inner.append(entries).await?;
                Err(StoreError::Unknown)
            }
            Some(Fault::LostRequest) => Err(StoreError::Unknown),
            Some(Fault::Late) => {
                self.late.lock().unwrap().push(entries);
                Err(StoreError::Unknown)
            }
            Some(Fault::Full) => Err(StoreError::Full),
            Some(Fault::Away) => Err(StoreError::Unavailable),
        }
    }

    async fn entries(&self, id: &ConversationId, seqs: RangeInclusive<u64>) -> Result<Vec<Entry>, StoreError> {
        self.answer_question()?;
        self.inner.entries(id, seqs).await
    }

    async fn find(&self, author: &UserId, client_id: &ClientId) -> Result<Option<Entry>, StoreError> {
        self.answer_question()?;
        self.inner.find(author, client_id).await
    }

    async fn save_fold(&self, id: &ConversationId, fold: Folded, folded: u64) -> Result<(), StoreError> {
        self.answer_question()?;
        let left = self
            .failing_saves
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        if left.is_ok() {
            return Err(StoreError::Unavailable);
        }
        self.saves.fetch_add(1, Ordering::Relaxed);
        self.inner.save_fold(id, fold, folded).await
    }

    async fn heads(&self, ids: Vec<ConversationId>) -> Result<Vec<(ConversationId, u64)>, StoreError> {
        self.answer_question()?;
        self.inner.heads(ids).await
    }

    async fn unfolded(&self) -> Result<Vec<ConversationId>, StoreError> {
        self.inner.unfolded().await
    }
}

#[async_trait]
impl MessageStore for FaultyStore {
    async fn message_folds(
        &self,
        id: &ConversationId,
        seqs: Vec<u64>,
    ) -> Result<BTreeMap<u64, MessageFold>, StoreError> {
        self.answer_question()?;
        self.inner.message_folds(id, seqs).await
    }

    async fn messages(&self, id: &ConversationId, seqs: Vec<u64>) -> Result<Vec<StoredMessage>, StoreError> {
        self.answer_question()?;
        self.inner.messages(id, seqs).await
    }

    async fn pinned(&self, id: &ConversationId, limit: u32) -> Result<Vec<u64>, StoreError> {
        self.answer_question()?;
        self.inner.pinned(id, limit).await
    }

    async fn edits(&self, id: &ConversationId, target: u64) -> Result<Vec<Entry>, StoreError> {
        self.answer_question()?;
        self.inner.edits(id, target).await
    }
}

#[async_trait]
impl ConversationStore for FaultyStore {
    async fn add_conversation(&self, record: Record, opening: Vec<Entry>) -> Result<Added, StoreError> {
        self.inner.add_conversation(record, opening).await
    }

    async fn conversation(&self, id: &ConversationId) -> Result<Option<Record>, StoreError> {
        self.inner.conversation(id).await
    }

    async fn conversations_of(&self, person: &UserId) -> Result<Vec<Listed>, StoreError> {
        self.inner.conversations_of(person).await
    }

    async fn channels(&self, search: ChannelSearch) -> Result<Vec<Listed>, StoreError> {
        self.inner.channels(search).await
    }

    async fn claim_name(&self, id: &ConversationId, name_key: String) -> Result<(), StoreError> {
        self.inner.claim_name(id, name_key).await
    }

    async fn release_names_but(&self, id: &ConversationId, name_key: String) -> Result<(), StoreError> {
        self.inner.release_names_but(id, name_key).await
    }

    async fn read_mark(&self, person: &UserId, id: &ConversationId) -> Result<ReadMark, StoreError> {
        self.answer_question()?;
        self.inner.read_mark(person, id).await
    }

    async fn raise_read_mark(
        &self,
        person: &UserId,
        id: &ConversationId,
        mark: ReadMark,
    ) -> Result<ReadMark, StoreError> {
        let held = self.inner.raise_read_mark(person, id, mark).await?;
        let mut lost = self.lost_marks.lock().unwrap();
        if *lost > 0 {
            *lost -= 1;
            return Err(StoreError::Unknown);
        }
        Ok(held)
    }
}

#[async_trait]
impl PersonStore for FaultyStore {
    async fn put_person(&self, person: PersonChanged) -> Result<bool, StoreError> {
        self.inner.put_person(person).await
    }

    async fn person(&self, id: &UserId) -> Result<Option<PersonChanged>, StoreError> {
        self.inner.person(id).await
    }

    async fn put_workspace(&self, workspace: WorkspaceChanged) -> Result<bool, StoreError> {
        self.inner.put_workspace(workspace).await
    }

    async fn workspace(&self) -> Result<Option<WorkspaceChanged>, StoreError> {
        self.inner.workspace().await
    }
}

#[async_trait]
impl LiveStore for FaultyStore {
    async fn receipts(&self, id: &ConversationId, readers: Vec<UserId>) -> Result<Vec<Receipt>, StoreError> {
        self.inner.receipts(id, readers).await
    }

    async fn last_seen(&self, people: Vec<UserId>) -> Result<Vec<(UserId, Option<UnixMs>)>, StoreError> {
        self.inner.last_seen(people).await
    }

    async fn raise_last_seen(&self, seen: Vec<(UserId, UnixMs)>) -> Result<(), StoreError> {
        self.inner.raise_last_seen(seen).await
    }
}

#[async_trait]
impl EndedStore for FaultyStore {
    async fn add_ended_session(&self, session: &SessionId, noted_at: UnixMs) -> Result<(), StoreError> {
        self.inner.add_ended_session(session, noted_at).await
    }

    async fn sessions_ended_since(&self, since: UnixMs) -> Result<Vec<(SessionId, UnixMs)>, StoreError> {
        self.inner.sessions_ended_since(since).await
    }

    async fn forget_sessions_ended_before(&self, before: UnixMs) -> Result<(), StoreError> {
        self.inner.forget_sessions_ended_before(before).await
    }
}
