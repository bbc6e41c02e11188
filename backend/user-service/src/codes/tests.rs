//! Asking for codes and trying them (P8).

use super::CodeError;
use crate::sessions::SessionError;
use crate::store::OutboxStore as _;
use crate::testing::{House, another_code, deactivate, email};

const HERE: &str = "192.0.2.1";
const THERE: &str = "198.51.100.7";

/// Many codes for one address at once, which the settings otherwise forbid.
const NO_PAUSE: &[&str] = &["--code-burst-per-address", "1000"];

fn retry_after_s<T>(answer: Result<T, CodeError>) -> u32 {
    match answer {
        Err(CodeError::Limited { retry_after_s }) => retry_after_s,
        Err(other) => panic!("limited was expected, got {other}"),
        Ok(_) => panic!("limited was expected"),
    }
}

fn code_fault<T>(answer: Result<T, SessionError>) -> CodeError {
    match answer {
        Err(SessionError::Code(fault)) => fault,
        Err(other) => panic!("a fault of the code was expected, got {other}"),
        Ok(_) => panic!("a fault of the code was expected"),
    }
}

#[tokio::test]
async fn a_code_has_six_digits_and_ten_minutes() {
    let mut house = House::new().await;
    let requested = house.ask("ada@example.org", HERE).await.unwrap();
    let mail = house.next_mail().await;
    assert_eq!(mail.email, email("ada@example.org"));
    assert!(
        mail.code.len() == 6 && mail.code.bytes().all(|byte| byte.is_ascii_digit()),
        "{}",
        mail.code
    );
    assert_eq!(
        (requested.expires_in_s, mail.expires_at),
        (600, house.clock.now() + 600_000)
    );
    assert!(
        !mail.id.contains(&requested.request),
        "the handle must not travel with the mail"
    );
}

#[tokio::test]
async fn five_wrong_tries_use_a_code_up() {
    let mut house = House::new().await;
    let (request, code) = house.code_for("ada@example.org", HERE).await;
    for left in [4, 3, 2, 1] {
        let fault = code_fault(house.try_code(&request, &another_code(&code), HERE).await);
        assert!(
            matches!(fault, CodeError::Wrong { tries_left } if tries_left == left),
            "{fault}"
        );
    }
    let fifth = code_fault(house.try_code(&request, &another_code(&code), HERE).await);
    assert!(matches!(fifth, CodeError::UsedUp), "{fifth}");
    let right = code_fault(house.try_code(&request, &code, HERE).await);
    assert!(matches!(right, CodeError::UsedUp), "{right}");
}

#[tokio::test]
async fn tries_made_at_once_are_not_more_than_five() {
    let mut house = House::new().await;
    let (request, code) = house.code_for("ada@example.org", HERE).await;
    let wrong = another_code(&code);
    let one = || async { code_fault(house.try_code(&request, &wrong, HERE).await) };
    let (first, second, third, fourth) = tokio::join!(one(), one(), one(), one());
    let (fifth, sixth, seventh, eighth) = tokio::join!(one(), one(), one(), one());
    let faults = [first, second, third, fourth, fifth, sixth, seventh, eighth];
    let compared = faults
        .iter()
        .filter(|fault| matches!(fault, CodeError::Wrong { .. }))
        .count();
    assert_eq!(compared, 4, "the fifth says that the code is used up");
}

#[tokio::test]
async fn a_code_ends_after_its_lifetime() {
    let mut house = House::new().await;
    let (request, code) = house.code_for("ada@example.org", HERE).await;
    house.clock.advance_ms(600_000);
    let fault = code_fault(house.try_code(&request, &code, HERE).await);
    assert!(matches!(fault, CodeError::Expired), "{fault}");
}

#[tokio::test]
async fn a_new_code_replaces_the_old() {
    let mut house = House::new().await;
    let (old_request, old_code) = house.code_for("ada@example.org", HERE).await;
    let (request, code) = house.code_for("ADA@example.org", HERE).await;
    let fault = code_fault(house.try_code(&old_request, &old_code, HERE).await);
    assert!(matches!(fault, CodeError::Expired), "{fault}");
    assert!(house.try_code(&request, &code, HERE).await.is_ok());
}

#[tokio::test]
async fn a_code_works_only_with_the_handle_of_its_request() {
    let mut house = House::new().await;
    let (_, ada_code) = house.code_for("ada@example.org", HERE).await;
    let (ben_request, ben_code) = house.code_for("ben@example.org", HERE).await;
    if ada_code == ben_code {
        return; // Once in a million runs both got the same digits, and there is nothing to see.
    }
    let fault = code_fault(house.try_code(&ben_request, &ada_code, HERE).await);
    assert!(matches!(fault, CodeError::Wrong { .. }), "{fault}");
    let made_up = code_fault(
        house
            .try_code("r_0123456789abcdef0123456789abcdef", &ada_code, HERE)
            .await,
    );
    assert!(matches!(made_up, CodeError::Expired), "{made_up}");
}

#[tokio::test]
async fn a_lost_memory_makes_open_codes_void_and_forgets_no_count() {
    let mut house = House::with(&["--codes-per-address-and-day", "2"]).await;
    let (request, code) = house.code_for("ada@example.org", HERE).await;
    house.code_for("ada@example.org", HERE).await;
    let house = house.restarted().await;
    let fault = code_fault(house.try_code(&request, &code, HERE).await);
    assert!(matches!(fault, CodeError::Expired), "{fault}");
    let until_midnight = 14 * 3_600;
    assert!(retry_after_s(house.ask("ada@example.org", HERE).await).abs_diff(until_midnight) <= 1);
}

#[tokio::test]
async fn thousands_of_requests_from_one_client_are_limited_and_others_are_not() {
    let house = House::new().await;
    let mut accepted = 0;
    for number in 0..2_000 {
        match house.ask(&format!("person{number}@example.org"), HERE).await {
            Ok(_) => accepted += 1,
            Err(CodeError::Limited { retry_after_s }) => assert_eq!(retry_after_s, 2),
            Err(fault) => panic!("{fault}"),
        }
    }
    assert_eq!(accepted, 100);
    assert!(house.ask("ada@example.org", THERE).await.is_ok());
    house.clock.advance_ms(2_000);
    assert!(
        house.ask("ben@example.org", HERE).await.is_ok(),
        "after the wait it works again"
    );
}

#[tokio::test]
async fn an_address_gets_three_codes_and_then_one_every_half_minute() {
    let house = House::new().await;
    for _ in 0..3 {
        house.ask("ada@example.org", HERE).await.unwrap();
    }
    assert_eq!(retry_after_s(house.ask("Ada@Example.org", THERE).await), 30);
    house.clock.advance_ms(30_000);
    assert!(house.ask("ada@example.org", HERE).await.is_ok());
}

#[tokio::test]
async fn a_stranger_cannot_use_up_the_codes_of_a_day() {
    let house = House::with(NO_PAUSE).await;
    for _ in 0..12 {
        house.ask("ada@example.org", THERE).await.unwrap();
    }
    retry_after_s(house.ask("ada@example.org", THERE).await);
    for _ in 0..7 {
        house.ask("ada@example.org", HERE).await.unwrap();
    }
    retry_after_s(house.ask("ada@example.org", HERE).await);
    house.clock.advance_ms(24 * 3_600_000);
    assert!(house.ask("ada@example.org", HERE).await.is_ok(), "a new day");
}

#[tokio::test]
async fn fifty_tries_a_day_are_all_for_one_address() {
    let mut house = House::with(NO_PAUSE).await;
    for round in 0..10 {
        let (request, code) = house.code_for("ada@example.org", &format!("192.0.2.{round}")).await;
        for _ in 0..5 {
            code_fault(house.try_code(&request, &another_code(&code), HERE).await);
        }
    }
    let (request, code) = house.code_for("ada@example.org", HERE).await;
    let fault = code_fault(house.try_code(&request, &code, HERE).await);
    assert!(matches!(fault, CodeError::Limited { .. }), "{fault}");
    let (request, code) = house.code_for("ben@example.org", HERE).await;
    assert!(house.try_code(&request, &code, HERE).await.is_ok());
}

#[tokio::test]
async fn whoever_guesses_from_everywhere_all_day_has_a_chance_below_one_in_ten_thousand() {
    let mut house = House::new().await;
    let mut compared: u32 = 0;
    // As many clients as somebody can rent, through a whole day of UTC, asking for new codes as often as they may.
    house.clock.advance_ms(14 * 3_600_000);
    let whole_day_ms = 24 * 3_600_000;
    let (step_ms, mut passed_ms) = (5 * 60_000, 0);
    let mut client = 0_u32;
    while passed_ms < whole_day_ms {
        client += 1;
        let from = std::net::Ipv4Addr::from(0x0a00_0000 + client).to_string();
        if let Ok(requested) = house.ask("ada@example.org", &from).await {
            let code = house.next_mail().await.code;
            let wrong = another_code(&code);
            loop {
                match code_fault(house.try_code(&requested.request, &wrong, &from).await) {
                    CodeError::Wrong { .. } => compared += 1,
                    // The last try of a code is compared, too, before it is said that it is used up.
                    CodeError::UsedUp => {
                        compared += 1;
                        break;
                    }
                    CodeError::Limited { .. } => break,
                    fault => panic!("{fault}"),
                }
            }
        }
        house.clock.advance_ms(step_ms);
        passed_ms += step_ms;
    }
    let chance = f64::from(compared) / 1_000_000.0;
    assert!(chance < 1e-4, "{compared} guesses");
    assert_eq!(compared, 50, "and it is the limit of tries that stopped them");
}

#[tokio::test]
async fn guessing_across_many_addresses_is_limited_by_client() {
    let mut house = House::with(&["--wrong-codes-per-ip-and-day", "3"]).await;
    for person in ["a", "b", "c"] {
        let (request, code) = house.code_for(&format!("{person}@example.org"), THERE).await;
        code_fault(house.try_code(&request, &another_code(&code), THERE).await);
    }
    let (request, code) = house.code_for("d@example.org", THERE).await;
    let fault = code_fault(house.try_code(&request, &code, THERE).await);
    assert!(matches!(fault, CodeError::Limited { .. }), "{fault}");
    assert!(
        house.try_code(&request, &code, HERE).await.is_ok(),
        "another client is not concerned"
    );
}

#[tokio::test]
async fn whoever_asks_is_not_told_that_a_person_was_deactivated_and_no_mail_goes_out() {
    let mut house = House::new().await;
    let root = house.sign_in("root@example.org").await.user;
    let ada = house.sign_in("ada@example.org").await.user;
    house.change_person(&root, &ada, deactivate()).await.unwrap();

    assert!(house.ask("ada@example.org", HERE).await.is_ok());

    house.ask("ben@example.org", HERE).await.unwrap();
    assert_eq!(house.next_mail().await.email, email("ben@example.org"));
}

#[tokio::test]
async fn a_queue_that_is_away_does_not_tell_that_a_person_was_deactivated() {
    let mut house = House::new().await;
    let root = house.sign_in("root@example.org").await.user;
    let ada = house.sign_in("ada@example.org").await.user;
    house.change_person(&root, &ada, deactivate()).await.unwrap();
    house.lose_the_queue();

    for address in ["ada@example.org", "ben@example.org"] {
        house.ask(address, HERE).await.unwrap();
    }

    let kept = house.store.waiting(9).await.unwrap();
    assert_eq!(kept.len(), 2, "both cost the same");
    house.find_the_queue_again();
    assert_eq!(house.next_mail().await.email, email("ben@example.org"));
}

#[tokio::test]
async fn a_mail_goes_to_the_address_on_record_however_it_is_typed() {
    let mut house = House::new().await;
    house.sign_in("ada@example.org").await;
    house.ask("ADA@example.org", HERE).await.unwrap();
    assert_eq!(house.next_mail().await.email, email("ada@example.org"));
}

#[tokio::test]
async fn only_named_domains_and_the_first_administrator_may_ask() {
    let house = House::with(&[
        "--sign-in-domains",
        "example.org, Example.com",
        "--first-admin",
        "root@elsewhere.net",
    ])
    .await;
    for address in ["ada@example.org", "ada@example.com", "Root@elsewhere.net"] {
        assert!(house.ask(address, HERE).await.is_ok(), "{address}");
    }
    for address in ["ada@elsewhere.net", "ada@sub.example.org", "ada@example.org.evil.net"] {
        let answer = house.ask(address, HERE).await;
        assert!(matches!(answer, Err(CodeError::DomainNotAllowed)), "{address}");
    }
}
