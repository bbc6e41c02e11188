//! Pictures of people: those used last stay.

use protocol::UserId;

use crate::store::pictures;
use crate::store::testing::OpenFile;

fn put(file: &mut OpenFile, person: u128, name: &str, bytes: usize, now: i64) {
    let person = UserId::from_random(person);
    let image = vec![b'x'; bytes];
    file.write(|writing| pictures::put(writing, (&person, name), &image, now))
        .unwrap();
}

fn has(file: &mut OpenFile, person: u128, name: &str, now: i64) -> bool {
    let person = UserId::from_random(person);
    let find = file.write(|writing| pictures::find(writing, &person, name, now));
    find.unwrap().0.is_some()
}

#[test]
fn a_picture_takes_the_place_of_the_one_before() {
    let mut file = OpenFile::new();
    put(&mut file, 1, "first", 10, 1);
    put(&mut file, 1, "second", 10, 2);
    assert!(!has(&mut file, 1, "first", 3) && has(&mut file, 1, "second", 3));
}

#[test]
fn those_used_last_stay_when_there_are_too_many() {
    let mut file = OpenFile::new();
    for person in 0..8 {
        put(&mut file, person, "picture", 4 * 1024 * 1024, 1);
    }
    // Looked at once more, so it is not the one to go.
    assert!(has(&mut file, 0, "picture", 2));
    put(&mut file, 8, "picture", 4 * 1024 * 1024, 3);
    let held: Vec<u128> = (0..9).filter(|person| has(&mut file, *person, "picture", 4)).collect();
    assert_eq!((held.len(), held[0], held[7]), (8, 0, 8));
}
