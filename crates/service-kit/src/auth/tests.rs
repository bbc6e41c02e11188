use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use jsonwebtoken::{EncodingKey, Header};
use serde_json::{Value, json};

use super::*;
use crate::Clock;

const NOW_S: i64 = 1_790_000_000;

struct Noon;

impl Clock for Noon {
    fn now(&self) -> UnixMs {
        NOW_S * 1000
    }
}

fn signing_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn authority(denied: DeniedSessions) -> Authority {
    let keys = KeySet::default();
    keys.replace(vec![PublicKey {
        kid: "k1".to_owned(),
        ed25519: signing_key().verifying_key().to_bytes(),
    }]);
    Authority::new(keys, denied, Arc::new(Noon), "https://chat.example.org")
}

fn claims() -> Value {
    json!({
        "sub": "u_ada", "sid": "s_laptop", "iss": "https://chat.example.org", "aud": "loquat",
        "iat": NOW_S, "exp": NOW_S + 600, "jti": "j1"
    })
}

fn signed(kid: &str, claims: &Value) -> String {
    let key = EncodingKey::from_ed_der(signing_key().to_pkcs8_der().unwrap().as_bytes());
    let header = Header {
        kid: Some(kid.to_owned()),
        ..Header::new(Algorithm::EdDSA)
    };
    jsonwebtoken::encode(&header, claims, &key).unwrap()
}

fn check(token: &str) -> Result<Caller, TokenError> {
    authority(DeniedSessions::new()).check(token)
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

#[test]
fn a_good_token_names_the_person_and_the_device() {
    let caller = check(&signed("k1", &claims())).unwrap();
    assert_eq!((caller.user.as_str(), caller.session.as_str()), ("u_ada", "s_laptop"));
    assert_eq!(caller.expires_at, (NOW_S + 600) * 1000);
}

#[test]
fn a_token_without_a_signature_is_invalid() {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let token = format!(
        "{}.{}.",
        part(json!({"alg": "none", "kid": "k1", "typ": "JWT"})),
        part(claims())
    );
    assert_eq!(check(&token), Err(TokenError::Invalid));
}

#[test]
fn a_token_signed_with_the_public_key_as_a_shared_secret_is_invalid() {
    let public = signing_key().verifying_key().to_bytes();
    for secret in [public.to_vec(), base64url(&public).into_bytes()] {
        let header = Header {
            kid: Some("k1".to_owned()),
            ..Header::new(Algorithm::HS256)
        };
        let token = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(&secret)).unwrap();
        assert_eq!(check(&token), Err(TokenError::Invalid));
    }
}

#[test]
fn a_foreign_key_issuer_or_audience_is_invalid() {
    assert_eq!(check(&signed("k2", &claims())), Err(TokenError::Invalid));
    assert_eq!(
        check(&signed("k1", &with("iss", json!("https://evil.example")))),
        Err(TokenError::Invalid)
    );
    assert_eq!(
        check(&signed("k1", &with("aud", json!("something else")))),
        Err(TokenError::Invalid)
    );
}

#[test]
fn times_must_be_numbers_and_not_from_the_future() {
    assert_eq!(
        check(&signed("k1", &with("exp", json!("tomorrow")))),
        Err(TokenError::Invalid)
    );
    assert_eq!(
        check(&signed("k1", &with("iat", json!(NOW_S + 3600)))),
        Err(TokenError::Invalid)
    );
    assert_eq!(
        check(&signed("k1", &with("exp", json!(NOW_S)))),
        Err(TokenError::Expired)
    );
}

#[test]
fn a_claim_that_is_missing_or_of_another_type_is_invalid() {
    for name in ["sub", "sid", "iss", "aud", "iat", "exp", "jti"] {
        let mut without = claims();
        without.as_object_mut().unwrap().remove(name);
        assert_eq!(
            check(&signed("k1", &without)),
            Err(TokenError::Invalid),
            "without {name}"
        );
        for value in [json!(null), json!(["loquat"]), json!({}), json!(true)] {
            let token = signed("k1", &with(name, value.clone()));
            assert_eq!(check(&token), Err(TokenError::Invalid), "{name}: {value}");
        }
    }
    for (name, value) in [
        ("iat", json!("1790000000")),
        ("exp", json!("1790000600")),
        ("exp", json!(1e300)),
        ("exp", json!(u64::MAX)),
        ("sub", json!("u_/../root")),
        ("sub", json!("")),
        ("sid", json!("s\u{0}x")),
        ("iss", json!("https://chat.example.org.evil.example")),
        ("iss", json!("https://chat.example.org/")),
        ("aud", json!("LOQUAT")),
    ] {
        let token = signed("k1", &with(name, value.clone()));
        assert_eq!(check(&token), Err(TokenError::Invalid), "{name}: {value}");
    }
}

#[test]
fn a_key_that_the_token_brings_along_is_not_used() {
    let mine = SigningKey::from_bytes(&[9; 32]);
    let key = EncodingKey::from_ed_der(mine.to_pkcs8_der().unwrap().as_bytes());
    for kid in [Some("k1"), Some("k9"), Some("../../etc/passwd"), Some(""), None] {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = kid.map(str::to_owned);
        header.jku = Some("https://evil.example/jwks.json".to_owned());
        let token = jsonwebtoken::encode(&header, &claims(), &key).unwrap();
        assert_eq!(check(&token), Err(TokenError::Invalid), "{kid:?}");
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": base64url(&mine.verifying_key().to_bytes())});
        let header = json!({"alg": "EdDSA", "kid": kid, "jwk": jwk});
        let (_, rest) = token.split_once('.').unwrap();
        let token = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()));
        assert_eq!(check(&token), Err(TokenError::Invalid), "{kid:?} with its own key");
    }
}

#[test]
fn a_changed_token_is_invalid() {
    let token = signed("k1", &claims());
    let (head, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = head.split_once('.').unwrap();
    let other = URL_SAFE_NO_PAD.encode(with("sub", json!("u_ben")).to_string());
    assert_eq!(
        check(&format!("{header}.{other}.{signature}")),
        Err(TokenError::Invalid)
    );
    for text in ["", ".", "..", "a.b.c", "🦀"] {
        assert_eq!(check(text), Err(TokenError::Invalid), "{text:?}");
    }
}

#[test]
fn a_denied_session_has_ended_whatever_its_token_says() {
    let denied = DeniedSessions::new();
    let authority = authority(denied.clone());
    let mut watch = authority.watch_denials();
    denied.deny(SessionId::parse("s_laptop").unwrap(), (NOW_S + 600) * 1000);

    assert_eq!(authority.check(&signed("k1", &claims())), Err(TokenError::Ended));
    assert!(watch.has_changed().unwrap());
    watch.mark_unchanged();
}

#[test]
fn without_any_key_nothing_is_said_of_a_token() {
    let keys = KeySet::default();
    let authority = Authority::new(
        keys.clone(),
        DeniedSessions::new(),
        Arc::new(Noon),
        "https://chat.example.org",
    );
    let token = signed("k1", &claims());
    assert_eq!(authority.check(&token).unwrap_err(), TokenError::Unknown);

    let published = KeySet::default();
    published.replace(vec![PublicKey {
        kid: "k1".to_owned(),
        ed25519: signing_key().verifying_key().to_bytes(),
    }]);
    let document = serde_json::to_string(&published.jwks()).unwrap();
    assert!(keys.adopt(&serde_json::from_str(&document).unwrap()));
    assert!(authority.check(&token).is_ok(), "as it is published it is trusted");
    assert!(
        !keys.adopt(&Jwks { keys: Vec::new() }),
        "an empty document takes nothing away"
    );
    assert!(authority.check(&token).is_ok());
    assert_eq!(
        authority.check(&signed("k2", &claims())).unwrap_err(),
        TokenError::Invalid
    );
}

#[tokio::test]
async fn a_key_that_nobody_knows_is_wanted() {
    let keys = KeySet::default();
    let authority = Authority::new(keys.clone(), DeniedSessions::new(), Arc::new(Noon), "x");
    assert!(authority.check(&signed("new", &claims())).is_err());
    let wanted = tokio::time::timeout(std::time::Duration::from_secs(20), keys.wanted());
    assert!(wanted.await.is_ok());
}
