//! What goes wrong in the world, done to the whole product from outside.
//!
//! Each scenario is a sentence about what must hold, with a server of its own.

mod codes;
mod crowds;
mod devices;
mod disk;
mod endings;
mod mail;
mod network;
mod second_server;
mod socket;
mod stage;

use std::path::Path;
use std::pin::Pin;

use tokio::time::Instant;

use self::stage::Stage;

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct TroubleSettings {
    /// Only scenarios whose name has this text.
    #[arg(long, default_value = "")]
    only: String,
}

/// How a scenario ended, when nothing broke.
enum Outcome {
    Held,
    /// This machine cannot do it, and why.
    NotRun(String),
}

type Running<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Outcome>> + 'a>>;

struct Scenario {
    name: &'static str,
    play: fn(&Stage) -> Running<'_>,
}

macro_rules! scenarios {
    ($($module:ident::$name:ident),* $(,)?) => {
        &[$(Scenario { name: stringify!($name), play: |stage| Box::pin($module::$name(stage)) }),*]
    };
}

const SCENARIOS: &[Scenario] = scenarios![
    codes::a_code_works_once_within_five_tries_and_for_its_own_address,
    codes::thousands_of_code_requests_are_limited_and_disturb_nobody,
    mail::a_code_arrives_once_after_the_mail_server_was_down,
    socket::what_is_not_the_protocol_is_refused_by_name,
    socket::a_stranger_finds_nothing,
    socket::a_session_that_was_ended_is_closed_within_two_seconds,
    socket::an_ended_token_closes_the_socket_and_a_fresh_one_keeps_it_open,
    endings::a_revoked_session_is_closed_within_two_seconds_and_its_device_erased,
    endings::a_person_deactivated_while_connected_is_out_within_two_seconds,
    crowds::a_client_that_never_reads_holds_nobody_up,
    crowds::clients_that_send_one_byte_a_second_are_shown_out,
    crowds::a_thousand_sockets_of_one_person_leave_the_last_ones_open,
    crowds::a_thousand_silent_connections_of_one_address_disturb_nobody,
    network::a_socket_cut_in_the_middle_of_a_send_sends_it_once,
    network::a_frozen_network_is_noticed_and_left,
    devices::a_device_killed_with_unsent_messages_sends_them_in_order,
    devices::a_clock_wrong_by_a_day_changes_nothing,
    disk::a_full_disk_refuses_clearly_and_corrupts_nothing,
    second_server::a_second_server_on_the_same_data_is_refused_by_name,
];

/// Plays every scenario; true when all held.
pub(crate) async fn run(settings: TroubleSettings, server_binary: &Path) -> anyhow::Result<bool> {
    let mut all_held = true;
    for scenario in SCENARIOS
        .iter()
        .filter(|scenario| scenario.name.contains(&settings.only))
    {
        let name = scenario.name.replace('_', " ");
        let stage = Stage::new(server_binary)?;
        let started = Instant::now();
        let ended = (scenario.play)(&stage).await;
        let seconds = started.elapsed().as_secs_f32();
        match ended {
            Ok(Outcome::Held) => println!("trouble: held in {seconds:.1} s: {name}"),
            Ok(Outcome::NotRun(reason)) => println!("trouble: NOT RUN: {name}: {reason}"),
            Err(error) => {
                println!("trouble: BROKEN after {seconds:.1} s: {name}\n{error:#}");
                all_held = false;
            }
        }
    }
    Ok(all_held)
}
