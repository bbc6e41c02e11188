//! What is done to a copy in the background, among everything else that happens to it.

use std::collections::{BTreeMap, HashMap};

use protocol::ConversationId;

use super::device::Device;
use crate::search::words;
use crate::store::testing::every_entry;
use crate::store::trim::{self, Keep};
use crate::store::{conversations, folds, index};
use crate::views::body_now;

impl Device {
    /// Removes a little of what may go, however young it is.
    pub(super) fn trim(&mut self) {
        let mut looked_at: HashMap<ConversationId, u64> = HashMap::new();
        for (id, drawn) in self
            .ends
            .iter()
            .chain(self.middle.iter().map(|(id, drawn)| (id, drawn)))
        {
            let first = looked_at.entry(id.clone()).or_insert(drawn.first);
            *first = drawn.first.min(*first);
        }
        let keep = Keep {
            looked_at,
            ..Keep::default()
        };
        let (_, changes) = self.file.write(|writing| trim::step(writing, &keep)).unwrap();
        self.draw(changes);
    }

    /// The index has the words of every message that is held, as it reads now, and of no other.
    pub(super) fn check_index(&mut self) {
        while self.file.write(|writing| index::step(writing.disk)).unwrap().0 {}
        let disk = self.file.connection();
        disk.execute(
            "INSERT INTO message_index (message_index, rank) VALUES ('integrity-check', 1)",
            (),
        )
        .unwrap();
        let mut select = disk
            .prepare("SELECT conversation, seq, author, text FROM searched")
            .unwrap();
        let rows = select.query_map((), |row| {
            let place: (String, i64) = (row.get(0)?, row.get(1)?);
            Ok((place, (row.get::<_, String>(2)?, row.get::<_, String>(3)?)))
        });
        let indexed: BTreeMap<_, _> = rows.unwrap().collect::<Result<_, _>>().unwrap();
        let mut held = BTreeMap::new();
        for id in conversations::ids(disk).unwrap() {
            for entry in every_entry(disk, &id) {
                let fold = folds::of(disk, &id, entry.seq).unwrap();
                if entry.kind.is_message() && !fold.is_deleted() {
                    let place = (id.as_str().to_owned(), i64::try_from(entry.seq).unwrap());
                    let text = words::indexed(&body_now(&entry, &fold));
                    held.insert(place, (entry.author.as_str().to_owned(), text));
                }
            }
        }
        assert_eq!(indexed, held);
    }
}
