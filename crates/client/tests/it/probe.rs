//! The test of the way to a server: what each step finds, and what is told of it.

use client::network::ProxyFault;
use client::probe::{ConnectionTest, SkipReason, StepKind, StepOutcome};
use client::view::Failure;
use client::{Change, NetworkSettings};
use test_kit::proxy::{BEHIND, Kind, Proxy};
use test_kit::tls::{Authority, TlsFront, Validity};

use crate::fake::Fake;
use crate::harness::{Computer, next};
use crate::network::{ada, opened, through};

fn outcome(test: &ConnectionTest, kind: StepKind) -> StepOutcome {
    let step = test.steps.iter().find(|step| step.kind == kind);
    step.expect("every step is noted").outcome.clone()
}

#[tokio::test]
async fn a_test_of_a_good_way_tells_every_step_as_it_is_done() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let mut changes = client.changes();

    let test = client.test_connection(None).await.unwrap();

    let kinds: Vec<StepKind> = test.steps.iter().map(|step| step.kind).collect();
    let all = [
        StepKind::Dns,
        StepKind::Tcp,
        StepKind::Proxy,
        StepKind::Tls,
        StepKind::Https,
        StepKind::Socket,
        StepKind::Clock,
    ];
    assert_eq!(kinds, all);
    for fine in [
        StepKind::Dns,
        StepKind::Tcp,
        StepKind::Https,
        StepKind::Socket,
        StepKind::Clock,
    ] {
        assert!(
            matches!(outcome(&test, fine), StepOutcome::Fine { .. }),
            "{fine:?}: {test:?}"
        );
    }
    let why = SkipReason::NoTls;
    assert_eq!(outcome(&test, StepKind::Tls), StepOutcome::Skipped { why });
    for count in 0..=all.len() {
        let told = next(&mut changes, |change| match change {
            Change::ConnectionTest { test } => Some(test),
            _ => None,
        })
        .await;
        assert_eq!(told.steps.len(), count);
    }
    assert!(test.done);
}

#[tokio::test]
async fn a_test_names_the_step_that_fails_and_tries_no_further() {
    let server = Fake::start().await;
    let orchard = Authority::new("Orchard Root").unwrap();
    let over = orchard.issue(&["127.0.0.1"], Validity::Over).unwrap();
    let front = TlsFront::start(&over, server.address).await.unwrap();
    let (_computer, client) = opened(NetworkSettings::default()).await;

    let test = client
        .test_connection(Some(&format!("https://{}", front.address())))
        .await
        .unwrap();

    assert!(matches!(
        outcome(&test, StepKind::Tls),
        StepOutcome::Failed {
            failure: Failure::CertificateNotTrusted { .. }
        }
    ));
    let why = SkipReason::OutOfReach;
    for skipped in [StepKind::Https, StepKind::Socket, StepKind::Clock] {
        assert_eq!(outcome(&test, skipped), StepOutcome::Skipped { why }, "{skipped:?}");
    }
    let proxy = Proxy::start(Kind::Http, server.address, Some(ada())).await.unwrap();
    client.network().set(through(&proxy, None));
    let test = client.test_connection(Some(BEHIND)).await.unwrap();
    assert_eq!(test.proxy, Some(proxy.url()));
    assert!(matches!(
        outcome(&test, StepKind::Proxy),
        StepOutcome::Failed {
            failure: Failure::Proxy {
                fault: ProxyFault::LoginNeeded,
                ..
            }
        }
    ));
}

#[tokio::test]
async fn a_test_tells_a_wrong_clock() {
    let server = Fake::start().await;
    let mut computer = Computer::new();
    computer.clock_ahead_ms = -3_600_000;
    let client = computer.open().await;

    let test = client.test_connection(Some(&server.address.to_string())).await.unwrap();

    let StepOutcome::ClockDiffers { seconds } = outcome(&test, StepKind::Clock) else {
        panic!("{test:?}")
    };
    assert!((-3660..=-3540).contains(&seconds), "{seconds}");
    assert!(
        matches!(outcome(&test, StepKind::Socket), StepOutcome::Fine { detail } if detail.starts_with("401")),
        "nobody is signed in"
    );
}
