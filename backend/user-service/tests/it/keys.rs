//! `/.well-known/jwks.json`.

use std::sync::Arc;

use reqwest::StatusCode;
use serde_json::Value;

use super::harness::Service;

fn kid_of(token: &str) -> String {
    use base64::Engine as _;
    let header = token.split('.').next().unwrap();
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

fn published_kids(jwks: &Value) -> Vec<String> {
    jwks["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["kid"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_key_that_signs_is_published() {
    let service = Service::start().await;
    let token = service.sign_in("ada@example.org").await.access_token;
    let answer = service.get_as_stranger("/.well-known/jwks.json").await;
    assert!(answer.headers["cache-control"].to_str().unwrap().contains("max-age"));
    let jwks: Value = answer.read();
    assert_eq!(published_kids(&jwks), vec![kid_of(&token)]);
    let key = &jwks["keys"][0];
    assert_eq!(
        (key["kty"].as_str(), key["crv"].as_str(), key["alg"].as_str()),
        (Some("OKP"), Some("Ed25519"), Some("EdDSA"))
    );
    assert!(key["d"].is_null(), "the private part stays here");
}

#[tokio::test]
async fn keys_rotate_without_anybody_signing_in_again() {
    let service = Service::start().await;
    let old_token = service.sign_in("ada@example.org").await.access_token;
    let folder = Arc::clone(&service.ground.folder);
    drop(service);
    let other = Service::start().await;
    let new_key = std::fs::read_to_string(other.ground.folder.path().join("signing-key.pem")).unwrap();
    let old_key = std::fs::read_to_string(folder.path().join("signing-key.pem")).unwrap();
    let both = folder.path().join("rotating.pem");
    std::fs::write(&both, format!("{new_key}{old_key}")).unwrap();

    let service = Service::start_in(folder, &["--signing-key-file", both.to_str().unwrap()]).await;

    let new_token = service.sign_in("ada@example.org").await.access_token;
    assert_ne!(kid_of(&new_token), kid_of(&old_token));
    let jwks: Value = service.get_as_stranger("/.well-known/jwks.json").await.read();
    assert_eq!(published_kids(&jwks).len(), 2);
    for token in [&old_token, &new_token] {
        assert_eq!(service.get("/v1/users/me", token).await.status, StatusCode::OK);
    }
}
