//! Random rounds: whatever is cut, crashed, missed or restored, each copy ends equal to the server's log, what is drawn is
//! at every moment what a fresh look at the copy would draw, and everything written is stored once and in order.

use protocol::ConversationId;

use super::device::Device;
use super::model::Server;
use super::random::Dice;

const STEPS: usize = 250;
const ROUNDS: u64 = 20;
const DEVICES: usize = 2;

#[test]
fn the_copy_ends_equal_to_the_log_whatever_happens() {
    for seed in 0..ROUNDS {
        round(seed, false);
    }
}

#[test]
fn the_copy_ends_equal_to_the_log_also_when_the_server_is_restored() {
    for seed in 0..ROUNDS {
        round(seed, true);
    }
}

#[expect(clippy::print_stdout, reason = "the last line before a failure names the seed")]
fn round(seed: u64, with_restores: bool) {
    println!("seed {seed}, with restores: {with_restores}");
    let mut dice = Dice::new(seed);
    let mut server = Server::new(DEVICES);
    let mut devices: Vec<Device> = (0..DEVICES).map(Device::new).collect();
    for _ in 0..3 {
        server.add_conversation();
    }
    for _ in 0..STEPS {
        let device = &mut devices[dice.below(DEVICES)];
        step(device, &mut server, &mut dice, with_restores);
        device.check();
    }
    settle(&mut devices, &mut server, &mut dice);
    for device in &mut devices {
        device.check_equal(&server, with_restores);
        device.check_index();
    }
}

fn step(device: &mut Device, server: &mut Server, dice: &mut Dice, with_restores: bool) {
    let ids: Vec<ConversationId> = server.logs.keys().cloned().collect();
    let id = &ids[dice.below(ids.len())];
    match dice.below(100) {
        0..22 => server.happens(id, dice),
        22..30 => (0..dice.below(12)).for_each(|_| server.happens(id, dice)),
        30..50 => device.receive(server, dice),
        50..57 => device.write(id, dice),
        57..64 => device.act(id, dice),
        64..72 => device.send(server, dice),
        72..75 => device.mark_read(server, id, dice),
        75..79 => device.scroll_back(server, id, dice),
        79..81 => device.jump(server, id, dice),
        81..85 => server.lines[device.number].cut(),
        85..87 => device.restart(server),
        87..89 => device.crash_while_receiving(server, dice),
        89..90 if server.logs.len() < 6 => drop(server.add_conversation()),
        90..91 => server.is_busy = true,
        91..92 if !with_restores => server.leave_or_join(id),
        92..93 if with_restores => server.restore(id, dice),
        93..95 => device.choose_level(id, dice),
        95..97 => device.settle_own_words(server, dice),
        97..98 => device.trim(),
        _ => device.connect(server),
    }
}

/// No more trouble: everything is delivered and sent.
fn settle(devices: &mut [Device], server: &mut Server, dice: &mut Dice) {
    for _ in 0..2000 {
        server.is_busy = false;
        let mut settled = true;
        for device in &mut *devices {
            if !server.lines[device.number].is_connected() {
                device.connect(server);
            }
            device.send(server, dice);
            device.settle_own_words(server, dice);
            device.receive(server, dice);
        }
        for device in &mut *devices {
            settled &= server.is_drained(device.number) && device.waiting() == 0;
        }
        if settled {
            return;
        }
    }
    panic!("it never settles");
}
