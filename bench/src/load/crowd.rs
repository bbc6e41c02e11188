//! Who takes part in a run, and who sits together in which room.

/// People by number, and rooms by who is in them. One socket for each person.
#[derive(Debug, Clone)]
pub(super) struct Crowd {
    pub(super) people: usize,
    pub(super) rooms: Vec<Vec<usize>>,
}

impl Crowd {
    /// Everybody in one room.
    pub(super) fn in_one_room(people: usize) -> Self {
        Self {
            people,
            rooms: vec![(0..people).collect()],
        }
    }

    /// Everybody in this many rooms of `size`, each time among others.
    pub(super) fn in_small_rooms(people: usize, each: usize, size: usize) -> Self {
        let mut rooms = Vec::new();
        for round in 0..each {
            let order: Vec<usize> = (0..people).map(|seat| shuffled(seat, round, people)).collect();
            rooms.extend(order.chunks(size).map(<[usize]>::to_vec));
        }
        Self { people, rooms }
    }

    /// The rooms of each person, by number.
    pub(super) fn rooms_of(&self) -> Vec<Vec<usize>> {
        let mut rooms_of = vec![Vec::new(); self.people];
        for (room, members) in self.rooms.iter().enumerate() {
            for person in members {
                rooms_of[*person].push(room);
            }
        }
        rooms_of
    }
}

/// Who sits at this seat: in every round somebody else, and everybody somewhere.
fn shuffled(seat: usize, round: usize, people: usize) -> usize {
    // Steps that share no divisor with the number of people visit everybody once.
    let step = (1..1_000)
        .map(|step| 2 * step * round + 1)
        .find(|step| gcd(*step, people) == 1);
    seat * step.unwrap_or(1) % people
}

fn gcd(one: usize, other: usize) -> usize {
    if other == 0 { one } else { gcd(other, one % other) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_sits_in_as_many_rooms_as_asked() {
        for people in [10, 500, 5000, 7] {
            let crowd = Crowd::in_small_rooms(people, 2, 10);
            assert!(crowd.rooms.iter().all(|room| room.len() <= 10));
            assert!(crowd.rooms_of().iter().all(|rooms| rooms.len() == 2), "{people}");
        }
        assert_eq!(Crowd::in_one_room(3).rooms_of(), [[0], [0], [0]]);
    }
}
