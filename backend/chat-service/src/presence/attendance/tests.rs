use super::*;

const GRACE: UnixMs = 30_000;
const ACTIVE: Activity = Activity::Active;
const IDLE: Activity = Activity::Idle;

fn ada() -> UserId {
    UserId::from_random(1)
}

fn device(number: u128) -> SessionId {
    SessionId::from_random(number)
}

/// What others are told of her now, if anything.
fn news(attendance: &mut Attendance, now: UnixMs) -> Option<Presence> {
    attendance.settle(now);
    attendance.news_of(&ada(), now).seen.map(|(presence, _)| presence)
}

#[test]
fn somebody_with_two_devices_is_what_the_busier_one_is() {
    let mut there = Attendance::new(GRACE);
    assert_eq!(there.came(&ada(), &device(1), 0), ACTIVE);
    assert_eq!(news(&mut there, 0), Some(Presence::Online));
    there.came(&ada(), &device(2), 10);
    there.acts(&ada(), &device(1), (ACTIVE, IDLE), 20);
    assert_eq!(news(&mut there, 20), None, "the second device is in use");
    there.acts(&ada(), &device(2), (ACTIVE, IDLE), 30);
    assert_eq!(news(&mut there, 30), Some(Presence::Away));
    assert_eq!(there.look(&ada(), 99), Some((Presence::Away, Some(30))));
    there.acts(&ada(), &device(1), (IDLE, ACTIVE), 40);
    assert_eq!(news(&mut there, 40), Some(Presence::Online));
    assert_eq!(news(&mut there, 50), None, "told once");
}

#[test]
fn a_reconnect_within_the_grace_time_is_seen_by_nobody() {
    for activity in [ACTIVE, IDLE] {
        let mut there = Attendance::new(GRACE);
        there.came(&ada(), &device(1), 0);
        there.acts(&ada(), &device(1), (ACTIVE, activity), 1);
        news(&mut there, 1);
        for round in 1..5 {
            let at = round * 100_000;
            there.went(&ada(), &device(1), activity, at);
            assert_eq!(news(&mut there, at + GRACE - 1), None);
            assert_eq!(
                there.came(&ada(), &device(1), at + GRACE - 1),
                activity,
                "it goes on as it was"
            );
            assert_eq!(news(&mut there, at + GRACE + 1), None);
        }
        assert_eq!(there.next_ending(), None);
    }
}

#[test]
fn the_last_device_to_go_ends_it_after_the_grace_time_and_the_last_activity_stays() {
    let mut there = Attendance::new(GRACE);
    there.came(&ada(), &device(1), 0);
    there.came(&ada(), &device(2), 0);
    news(&mut there, 0);
    there.went(&ada(), &device(1), ACTIVE, 1_000);
    there.acts(&ada(), &device(2), (ACTIVE, IDLE), 2_000);
    assert_eq!(news(&mut there, 2_000), None, "the first one may come back");
    assert_eq!(there.next_ending(), Some(1_000 + GRACE));
    assert_eq!(news(&mut there, 1_000 + GRACE), Some(Presence::Away));
    there.went(&ada(), &device(2), IDLE, 50_000);
    assert_eq!(news(&mut there, 50_000 + GRACE - 1), None);
    assert_eq!(news(&mut there, 50_000 + GRACE), Some(Presence::Offline));
    assert_eq!(there.look(&ada(), 99_000), Some((Presence::Offline, Some(2_000))));
    assert_eq!(there.unsaved(10), [(ada(), 2_000)]);
    there.saved(&[(ada(), 2_000)]);
    assert_eq!(there.look(&ada(), 99_000), None, "the store knows");
    assert!(
        there.people.is_empty() && there.endings.is_empty(),
        "nothing is left behind"
    );
}

#[test]
fn several_sockets_of_a_device_count_as_one_device() {
    let mut there = Attendance::new(GRACE);
    there.came(&ada(), &device(1), 0);
    there.came(&ada(), &device(1), 0);
    news(&mut there, 0);
    there.went(&ada(), &device(1), ACTIVE, 10);
    assert_eq!(there.next_ending(), None, "one is still open");
    there.went(&ada(), &device(1), ACTIVE, 20);
    assert_eq!(there.next_ending(), Some(20 + GRACE));
}

#[test]
fn an_ended_session_is_not_waited_for() {
    let mut there = Attendance::new(GRACE);
    there.came(&ada(), &device(1), 0);
    news(&mut there, 0);
    there.went(&ada(), &device(1), ACTIVE, 10);
    there.ended(&ada(), &device(1));
    assert_eq!(news(&mut there, 10), Some(Presence::Offline));
    assert_eq!(there.next_ending(), None);
}

#[test]
fn a_clock_that_is_set_back_keeps_nobody_here_for_ever() {
    let mut there = Attendance::new(GRACE);
    there.came(&ada(), &device(1), 9_000_000);
    news(&mut there, 9_000_000);
    there.went(&ada(), &device(1), ACTIVE, 9_000_000);
    assert_eq!(news(&mut there, 1_000), Some(Presence::Offline));
}

#[test]
fn who_is_active_again_while_being_saved_is_saved_again() {
    let mut there = Attendance::new(GRACE);
    there.came(&ada(), &device(1), 5);
    let saving = there.unsaved(10);
    there.note_active(70_000);
    there.saved(&saving);
    assert_eq!(there.unsaved(10), [(ada(), 70_000)]);
}

#[test]
fn devices_without_end_are_not_kept() {
    let mut there = Attendance::new(GRACE);
    for number in 0..1_000 {
        there.came(&ada(), &device(number), 0);
        there.went(&ada(), &device(number), ACTIVE, 0);
    }
    assert_eq!(there.people[&ada()].devices.len(), MOST_DEVICES);
    assert_eq!(there.endings.len(), 1);
}

/// Its open sockets' activities, and when and how the last one went.
type PlainDevice = (Vec<Activity>, Option<(UnixMs, Activity)>);

/// Against the plainest way to say it: a person is what the best of their devices is, and a device is what it was
/// until its grace time is over.
#[test]
fn at_random_it_says_what_a_plain_list_of_devices_says() {
    use rand::rngs::StdRng;
    use rand::{RngExt as _, SeedableRng as _};

    let seed = rand::random();
    eprintln!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut there = Attendance::new(GRACE);
    let mut plain: Vec<PlainDevice> = vec![(Vec::new(), None); 3];
    let (mut now, mut told) = (0, Presence::Offline);
    for _ in 0..20_000 {
        now += random.random_range(0..GRACE / 3);
        let number = random.random_range(0..plain.len());
        let session = device(number as u128);
        for (sockets, gone) in &mut plain {
            *gone = gone.filter(|(at, _)| sockets.is_empty() && at + GRACE > now);
        }
        there.settle(now);
        let (sockets, gone) = &mut plain[number];
        match (random.random_range(0..3), sockets.len()) {
            (0, 0..=2) => {
                let expected = gone.take().map_or(ACTIVE, |(_, activity)| activity);
                assert_eq!(there.came(&ada(), &session, now), expected);
                sockets.push(expected);
            }
            (1, 1..) => {
                let (from, to) = (sockets[0], if random.random() { ACTIVE } else { IDLE });
                sockets[0] = to;
                there.acts(&ada(), &session, (from, to), now);
            }
            (2, 1..) => {
                let activity = sockets.swap_remove(0);
                if sockets.is_empty() {
                    *gone = Some((now, activity));
                }
                there.went(&ada(), &session, activity, now);
            }
            _ => {}
        }
        let activities = plain.iter().flat_map(|(sockets, gone)| {
            let gone = gone.iter().map(|(_, activity)| *activity);
            sockets.iter().copied().chain(gone)
        });
        let activities: Vec<Activity> = activities.collect();
        let expected = match activities.as_slice() {
            [] => Presence::Offline,
            all if all.contains(&ACTIVE) => Presence::Online,
            _ => Presence::Away,
        };
        let news = there.news_of(&ada(), now).seen.map(|(presence, _)| presence);
        assert_eq!(news, Some(expected).filter(|expected| *expected != told));
        told = expected;
    }
}

#[test]
fn who_begins_to_watch_sees_what_the_others_were_told() {
    let mut there = Attendance::new(GRACE);
    there.came(&ada(), &device(1), 5);
    let told = |there: &Attendance| there.told(&ada(), 9).map(|(presence, _)| presence);
    assert_eq!(
        told(&there),
        Some(Presence::Offline),
        "that she came is still to be told"
    );
    assert_eq!(news(&mut there, 9), Some(Presence::Online));
    assert_eq!(told(&there), Some(Presence::Online));
    there.acts(&ada(), &device(1), (ACTIVE, IDLE), 10);
    there.acts(&ada(), &device(1), (IDLE, ACTIVE), 11);
    assert_eq!(
        news(&mut there, 11),
        None,
        "and so nobody is left with what was not told"
    );
}

fn node(name: &str) -> NodeId {
    NodeId(name.to_owned())
}

#[test]
fn who_is_at_two_nodes_is_seen_as_the_more_present_of_both() {
    let mut attendance = Attendance::new(GRACE);
    let laptop = device(1);
    attendance.came(&ada(), &laptop, 0);
    attendance.acts(&ada(), &laptop, (ACTIVE, IDLE), 10);
    assert_eq!(news(&mut attendance, 10), Some(Presence::Away));

    attendance.is_elsewhere(&ada(), &node("two"), Presence::Online, Some(20));
    assert_eq!(news(&mut attendance, 20), Some(Presence::Online));
    attendance.is_elsewhere(&ada(), &node("two"), Presence::Away, Some(30));
    assert_eq!(news(&mut attendance, 30), Some(Presence::Away));
    attendance.is_elsewhere(&ada(), &node("three"), Presence::Online, Some(40));
    assert_eq!(news(&mut attendance, 40), Some(Presence::Online));
    assert_eq!(
        attendance.gone_elsewhere(&node("three"), |_| true),
        [ada()],
        "its lease has ended"
    );
    assert_eq!(news(&mut attendance, 50), Some(Presence::Away));
    assert!(attendance.gone_elsewhere(&node("three"), |_| true).is_empty());
}

#[test]
fn other_nodes_are_told_of_the_devices_of_this_one_alone() {
    let mut attendance = Attendance::new(GRACE);
    attendance.is_elsewhere(&ada(), &node("two"), Presence::Online, Some(5));
    let told = attendance.news_of(&ada(), 5);
    assert_eq!(
        (told.seen.map(|(presence, _)| presence), told.here),
        (Some(Presence::Online), None)
    );

    attendance.came(&ada(), &device(1), 10);
    let told = attendance.news_of(&ada(), 10);
    assert_eq!((told.seen, told.here), (None, Some((Presence::Online, Some(10)))));
    assert_eq!(attendance.all_here(), [(ada(), Presence::Online, Some(10))]);

    attendance.went(&ada(), &device(1), ACTIVE, 20);
    assert_eq!(attendance.settle(GRACE + 20), [ada()]);
    let told = attendance.news_of(&ada(), GRACE + 20);
    assert_eq!(
        (told.seen, told.here),
        (None, Some((Presence::Offline, Some(20)))),
        "still there elsewhere"
    );
    assert!(attendance.all_here().is_empty());
}
