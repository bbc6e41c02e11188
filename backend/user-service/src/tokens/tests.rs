//! Access tokens as the services that check them see them.

use std::sync::Arc;

use protocol::{SessionId, UserId};
use service_kit::auth::{Authority, DeniedSessions, KeySet, TokenError};
use service_kit::{Clock, SystemClock};

use super::{AccessTokens, SigningKeys};

const ISSUER: &str = "https://chat.example.org";

fn keys(seeds: &[u8]) -> SigningKeys {
    let pem: Vec<String> = seeds
        .iter()
        .map(|seed| SigningKeys::new_pem(&[*seed; 32]).unwrap())
        .collect();
    SigningKeys::from_pem(&pem.concat()).unwrap()
}

fn authority(trusted: &SigningKeys) -> Authority {
    let set = KeySet::default();
    set.replace(trusted.public_keys().to_vec());
    Authority::new(set, DeniedSessions::new(), Arc::new(SystemClock), ISSUER)
}

fn token(signed_by: SigningKeys) -> String {
    let tokens = AccessTokens::new(signed_by, ISSUER.to_owned(), 600);
    tokens
        .issue(
            &UserId::from_random(1),
            &SessionId::from_random(2),
            SystemClock.now(),
            3,
        )
        .unwrap()
}

#[test]
fn a_token_says_who_it_is() {
    let caller = authority(&keys(&[1])).check(&token(keys(&[1]))).unwrap();
    assert_eq!(
        (caller.user, caller.session),
        (UserId::from_random(1), SessionId::from_random(2))
    );
}

#[test]
fn a_token_of_a_key_that_is_not_published_is_refused() {
    assert_eq!(
        authority(&keys(&[1])).check(&token(keys(&[9]))),
        Err(TokenError::Invalid)
    );
}

#[test]
fn while_keys_rotate_tokens_of_both_are_good() {
    let rotating = keys(&[2, 1]);
    let authority = authority(&rotating);
    assert!(
        authority.check(&token(keys(&[1]))).is_ok(),
        "signed before the new key came first"
    );
    assert!(authority.check(&token(rotating)).is_ok());
}

#[test]
fn a_file_without_a_key_is_a_fault() {
    assert!(SigningKeys::from_pem("").is_err());
    assert!(SigningKeys::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----").is_err());
}
