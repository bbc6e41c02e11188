//! `POST /v1/auth/code` and the code grant of `POST /v1/auth/token`.

use protocol::rest::identity::{CodeRequested, Workspace};
use protocol::{Email, ErrorCode};
use reqwest::{Method, StatusCode};
use test_kit::wait::{PATIENCE, until};

use super::harness::{Answer, Service};

fn another_code(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

#[tokio::test]
async fn a_stranger_may_know_the_name_of_the_workspace() {
    let service = Service::start_with(&["--workspace-name", "Analytical Engines"]).await;
    let workspace: Workspace = service.get_as_stranger("/v1/auth/workspace").await.read();
    assert_eq!(workspace.name, "Analytical Engines");
    assert!(!workspace.version.is_empty());
}

#[tokio::test]
async fn asking_for_a_code_is_accepted_and_mails_it() {
    let service = Service::start_with(&["--workspace-name", "Analytical Engines"]).await;
    let answer = service.ask_for_code(" Ada@Example.ORG ").await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let requested: CodeRequested = answer.read();
    assert_eq!((requested.expires_in_s, requested.resend_after_s), (600, 30));
    let mail = service.next_mail().await;
    assert_eq!(mail.email, Email::parse("Ada@example.org").unwrap());
    assert_eq!(mail.workspace, "Analytical Engines");
    assert!(!answer.body.contains(&mail.code));
}

#[tokio::test]
async fn the_answer_is_the_same_whether_somebody_has_the_address_or_not() {
    let service = Service::start().await;
    service.sign_in("ada@example.org").await;
    let (known, unknown) = (
        service.ask_for_code("ada@example.org").await,
        service.ask_for_code("ben@example.org").await,
    );
    let form = |answer: &Answer| {
        let mut body: serde_json::Value = answer.read();
        body["request"] = body["request"].as_str().unwrap().len().into();
        (answer.status, body)
    };
    assert_eq!(form(&known), form(&unknown));
}

#[tokio::test]
async fn what_is_no_address_is_refused() {
    let service = Service::start().await;
    for address in ["", "ada", "ada@localhost", "a b@example.org"] {
        let answer = service.ask_for_code(address).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (422, ErrorCode::InvalidEmail),
            "{address:?}"
        );
    }
}

#[tokio::test]
async fn a_domain_that_may_not_sign_in_is_told_so() {
    let service = Service::start_with(&["--sign-in-domains", "example.org"]).await;
    let answer = service.ask_for_code("ada@elsewhere.net").await;
    assert_eq!(
        (answer.status.as_u16(), answer.code()),
        (403, ErrorCode::DomainNotAllowed)
    );
    assert_eq!(
        service.ask_for_code("ada@example.org").await.status,
        StatusCode::ACCEPTED
    );
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_malformed() {
    let service = Service::start().await;
    for (path, body) in [
        ("/v1/auth/code", "{"),
        ("/v1/auth/code", "{}"),
        ("/v1/auth/code", r#"{"email":7}"#),
        ("/v1/auth/token", r#"{"grant":"password","password":"x"}"#),
        ("/v1/auth/token", r#"{"grant":"code"}"#),
    ] {
        let request = service
            .request(Method::POST, path)
            .header("content-type", "application/json")
            .body(body);
        let answer = Answer::of(request).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (400, ErrorCode::Malformed),
            "{path} {body}"
        );
    }
    let huge = format!(r#"{{"email":"{}"}}"#, "x".repeat(70_000));
    let request = service
        .request(Method::POST, "/v1/auth/code")
        .header("content-type", "application/json")
        .body(huge);
    assert_eq!(Answer::of(request).await.code(), ErrorCode::TooLarge);
}

#[tokio::test]
async fn a_wrong_code_says_how_many_tries_are_left_until_none_is() {
    let service = Service::start().await;
    let (request, code) = service.code_for("ada@example.org").await;
    for left in [4, 3, 2, 1] {
        let problem = service.try_code(&request, &another_code(&code)).await.problem();
        assert_eq!((problem.code, problem.tries_left), (ErrorCode::CodeWrong, Some(left)));
    }
    for code in [another_code(&code), code] {
        let problem = service.try_code(&request, &code).await.problem();
        assert_eq!((problem.status, problem.code), (401, ErrorCode::CodeUsedUp));
    }
}

#[tokio::test]
async fn a_code_that_was_used_or_replaced_or_is_old_has_expired() {
    let service = Service::start().await;
    let used = service.code_for("ada@example.org").await;
    assert_eq!(service.try_code(&used.0, &used.1).await.status, StatusCode::OK);
    assert_eq!(service.try_code(&used.0, &used.1).await.code(), ErrorCode::CodeExpired);

    let replaced = service.code_for("ben@example.org").await;
    let newest = service.code_for("ben@example.org").await;
    assert_eq!(
        service.try_code(&replaced.0, &replaced.1).await.code(),
        ErrorCode::CodeExpired
    );

    service.clock.advance_ms(600_000);
    assert_eq!(
        service.try_code(&newest.0, &newest.1).await.code(),
        ErrorCode::CodeExpired
    );
}

#[tokio::test]
async fn too_many_requests_are_limited_and_say_when_to_come_back() {
    let service = Service::start().await;
    for _ in 0..3 {
        assert_eq!(
            service.ask_for_code("ada@example.org").await.status,
            StatusCode::ACCEPTED
        );
    }
    let limited = service.ask_for_code("ada@example.org").await;
    let problem = limited.problem();
    assert_eq!(
        (problem.status, problem.code, problem.retry_after_s),
        (429, ErrorCode::RateLimited, Some(30))
    );
    assert_eq!(limited.headers["retry-after"], "30");
    service.clock.advance_ms(30_000);
    assert_eq!(
        service.ask_for_code("ada@example.org").await.status,
        StatusCode::ACCEPTED
    );
}

#[tokio::test]
async fn clients_behind_a_trusted_proxy_are_limited_one_by_one() {
    let arguments = ["--code-burst-per-ip", "1", "--trusted-proxies", "127.0.0.0/8"];
    let service = Service::start_with(&arguments).await;
    let ask = async |client: &str, address: &str| {
        let body = serde_json::json!({ "email": address });
        let request = service
            .request(Method::POST, "/v1/auth/code")
            .header("x-forwarded-for", client)
            .json(&body);
        Answer::of(request).await.status
    };
    assert_eq!(ask("203.0.113.1", "a@example.org").await, StatusCode::ACCEPTED);
    assert_eq!(ask("203.0.113.2", "b@example.org").await, StatusCode::ACCEPTED);
    assert_eq!(ask("203.0.113.1", "c@example.org").await, StatusCode::TOO_MANY_REQUESTS);
    // What a client writes itself stands before what the proxy saw.
    assert_eq!(
        ask("203.0.113.9, 203.0.113.1", "d@example.org").await,
        StatusCode::TOO_MANY_REQUESTS
    );
}

#[tokio::test]
async fn without_a_trusted_proxy_the_header_changes_nothing() {
    let service = Service::start_with(&["--code-burst-per-ip", "1"]).await;
    let ask = async |client: &str, address: &str| {
        let body = serde_json::json!({ "email": address });
        let request = service
            .request(Method::POST, "/v1/auth/code")
            .header("x-forwarded-for", client)
            .json(&body);
        Answer::of(request).await.status
    };
    assert_eq!(ask("203.0.113.1", "a@example.org").await, StatusCode::ACCEPTED);
    assert_eq!(ask("203.0.113.2", "b@example.org").await, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn operators_see_how_many_codes_were_asked_for_and_mailed() {
    let service = Service::start_with(&["--sign-in-domains", "example.org"]).await;
    let text = || service.ground.metrics.text().unwrap();
    let before = text();
    for counted in [
        "loquat_codes_requested_total{outcome=\"accepted\"} 0",
        "loquat_mails_ordered_total{kind=\"code\"} 0",
        "loquat_mails_expired_total 0",
        "loquat_sessions_started_total 0",
        "loquat_database_connections{database=\"users\"} 4",
    ] {
        assert!(before.contains(counted), "{counted} is missing in {before}");
    }
    service.sign_in("ada@example.org").await;
    service.ask_for_code("eve@elsewhere.net").await;
    for _ in 0..3 {
        service.ask_for_code("ada@example.org").await;
    }
    let after = text();
    for counted in [
        "loquat_codes_requested_total{outcome=\"accepted\"} 3",
        "loquat_codes_requested_total{outcome=\"limited\"} 1",
        "loquat_codes_requested_total{outcome=\"not_allowed\"} 1",
        "loquat_sessions_started_total 1",
    ] {
        assert!(after.contains(counted), "{counted} is missing in {after}");
    }
    let mailed = async || {
        let counted = "loquat_mails_ordered_total{kind=\"code\"} 3";
        text().contains(counted).then_some(())
    };
    until("three mails in the queue", PATIENCE, mailed).await.unwrap();
}
