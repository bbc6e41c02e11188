//! What a start demands.

use user_service::Deployment;

use super::harness::settings;

fn named(faults: &[String], setting: &str) -> bool {
    faults.iter().any(|fault| fault.starts_with(setting))
}

#[test]
fn in_development_nothing_needs_to_be_set() {
    assert_eq!(settings(&[]).faults(Deployment::Development), Vec::<String>::new());
}

#[test]
fn one_machine_must_know_who_may_sign_in_and_makes_its_secrets() {
    let faults = settings(&[]).faults(Deployment::OneMachine);
    assert!(
        named(&faults, "SIGN_IN_DOMAINS") && named(&faults, "FIRST_ADMIN"),
        "{faults:?}"
    );
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[test]
fn a_separate_service_has_no_default_secret_and_lists_every_fault_at_once() {
    let faults = settings(&["--trusted-proxies", "proxy"]).faults(Deployment::Separate);
    for setting in [
        "SIGN_IN_DOMAINS",
        "FIRST_ADMIN",
        "CODE_PEPPER",
        "SIGNING_KEY_FILE",
        "TRUSTED_PROXIES",
    ] {
        assert!(named(&faults, setting), "{setting} is missing in {faults:?}");
    }
}

#[test]
fn what_cannot_be_read_is_a_fault_everywhere() {
    let arguments = [
        "--sign-in-domains",
        "example.org,not a domain",
        "--first-admin",
        "root",
        "--code-pepper",
        "short",
    ];
    let faults = settings(&arguments).faults(Deployment::Development);
    for setting in ["SIGN_IN_DOMAINS", "FIRST_ADMIN", "CODE_PEPPER"] {
        assert!(named(&faults, setting), "{setting} is missing in {faults:?}");
    }
    assert!(
        !faults.concat().contains("short\""),
        "a secret is in no message: {faults:?}"
    );
}
