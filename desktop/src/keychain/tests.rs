use keyring_core::api::CredentialStoreApi;
use keyring_core::mock;

use super::*;

fn keychain(store: &Arc<mock::Store>) -> Keychain {
    Keychain::new("ada", connecting_to(store), DEADLINE)
}

fn connecting_to(store: &Arc<mock::Store>) -> Connect {
    let store = Arc::clone(store);
    Box::new(move || {
        let again: Arc<mock::Store> = Arc::clone(&store);
        Ok(again)
    })
}

fn mock_store() -> Arc<mock::Store> {
    mock::Store::new().unwrap()
}

/// The next call on this entry fails like this.
fn fail_next(store: &Arc<mock::Store>, user: &str, error: Error) {
    let entry = store.build(SERVICE, user, None).unwrap();
    entry.as_any().downcast_ref::<mock::Cred>().unwrap().set_error(error);
}

fn reason() -> Box<dyn std::error::Error + Send + Sync> {
    "a reason".into()
}

#[tokio::test]
async fn what_was_saved_is_loaded_until_it_is_cleared() {
    let keychain = keychain(&mock_store());
    assert_eq!(keychain.load().await.unwrap(), None);
    keychain.save("first").await.unwrap();
    keychain.save("second").await.unwrap();
    assert_eq!(keychain.load().await.unwrap().as_deref(), Some("second"));
    keychain.clear().await.unwrap();
    keychain.clear().await.unwrap();
    assert_eq!(keychain.load().await.unwrap(), None);
}

#[tokio::test]
async fn profiles_do_not_see_each_other() {
    let store = mock_store();
    keychain(&store).save("secret").await.unwrap();
    let other = Keychain::new("ben", connecting_to(&store), DEADLINE);
    assert_eq!(other.load().await.unwrap(), None);
}

#[tokio::test]
async fn no_keychain_is_missing() {
    let keychain = Keychain::new("ada", Box::new(|| Err(Error::PlatformFailure(reason()))), DEADLINE);
    assert!(matches!(keychain.load().await, Err(SecretError::Missing)));
    assert!(matches!(keychain.save("secret").await, Err(SecretError::Missing)));
}

#[tokio::test]
async fn a_locked_keychain_that_looks_empty_is_locked() {
    let store = mock_store();
    fail_next(&store, "ada.probe", Error::NoStorageAccess(reason()));
    assert!(matches!(keychain(&store).load().await, Err(SecretError::Locked)));
}

#[tokio::test]
async fn a_person_who_dismissed_the_prompt_is_not_asked_again() {
    let store = mock_store();
    let keychain = keychain(&store);
    fail_next(&store, "ada", Error::NoStorageAccess(reason()));
    assert!(matches!(keychain.save("secret").await, Err(SecretError::Locked)));
    assert!(
        matches!(keychain.save("secret").await, Err(SecretError::Locked)),
        "the mock would take it now"
    );
}

#[tokio::test]
async fn a_broken_connection_is_made_again() {
    let store = mock_store();
    let keychain = keychain(&store);
    keychain.save("first").await.unwrap();
    fail_next(&store, "ada", Error::PlatformFailure(reason()));
    keychain.save("second").await.unwrap();
    assert_eq!(keychain.load().await.unwrap().as_deref(), Some("second"));
}

#[tokio::test]
async fn a_prompt_nobody_answers_ends_at_the_deadline() {
    // Hangs until the test is over.
    let (_over, prompt) = std::sync::mpsc::channel::<()>();
    let prompt = Mutex::new(prompt);
    let hanging = move || {
        prompt.lock().unwrap().recv().unwrap_err();
        Err(Error::NoDefaultStore)
    };
    let keychain = Keychain::new("ada", Box::new(hanging), Duration::from_millis(20));
    assert!(matches!(keychain.load().await, Err(SecretError::Locked)));
}
