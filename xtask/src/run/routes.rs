//! Whether every path that the services describe is answered through the gateway, by the service that has it.

use std::net::SocketAddr;

use anyhow::{Context, bail};
use serde_json::Value;

use crate::checkout::Checkout;
use crate::run::probe::{self, Answer};
use crate::run::scaled_out::ScaledOut;
use crate::run::{Backend, address};

/// What every service answers at its own address and the gateway keeps to itself.
const HIDDEN: [&str; 4] = ["/livez", "/readyz", "/metrics", "/openapi.json"];

/// Larger than any body that is taken.
const TOO_LARGE: &str = "Content-Length: 1200000";

/// Starts the services, asks for every path, and stops them. Needs the programs and packages of `run --services`.
pub(crate) fn every_path_is_answered(checkout: &Checkout) -> anyhow::Result<()> {
    let mut services = ScaledOut::start(checkout)?.context("asked to stop")?;
    let asked = ask_for_everything(checkout);
    let stopped = services.stop();
    let paths = asked?;
    stopped?;
    println!("   {paths} operations are answered through the gateway");
    Ok(())
}

fn ask_for_everything(checkout: &Checkout) -> anyhow::Result<usize> {
    let gateway = address::of_last_gateway(checkout)?.context("the gateway has no address")?;
    let mut faults = Vec::new();
    let mut operations = 0;
    for (name, ports) in ScaledOut::ports(checkout)? {
        if name == "mail-service" {
            continue;
        }
        let described = described(ports.listen).with_context(|| format!("asking {name} what it answers"))?;
        operations += described.len();
        for (method, path) in described {
            faults.extend(fault_of(gateway, ports.listen, &method, &path));
        }
    }
    for path in HIDDEN {
        faults.extend(refusal_fault(gateway, "GET", path, &[], 404));
    }
    for path in ["/v1/conversations", "/v1/users/me/picture"] {
        faults.extend(refusal_fault(gateway, "PUT", path, &[TOO_LARGE], 413));
    }
    if faults.is_empty() {
        return Ok(operations);
    }
    bail!("{}", faults.join("\n"))
}

/// Every method and path of a service's OpenAPI document, with something for its parameters.
fn described(service: SocketAddr) -> anyhow::Result<Vec<(String, String)>> {
    let document = probe::ask(service, "GET", "/openapi.json", &[]).context("it does not answer")?;
    let document: Value = serde_json::from_str(&document.body).context("it is no JSON")?;
    operations(&document)
}

fn operations(document: &Value) -> anyhow::Result<Vec<(String, String)>> {
    let paths = document["paths"].as_object().context("it names no paths")?;
    let mut operations = Vec::new();
    for (path, methods) in paths {
        for method in methods.as_object().into_iter().flatten().map(|(method, _)| method) {
            operations.push((method.to_uppercase(), with_parameters(path)));
        }
    }
    Ok(operations)
}

fn with_parameters(path: &str) -> String {
    let part = |part: &str| {
        if part.starts_with('{') {
            "1".to_owned()
        } else {
            part.to_owned()
        }
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// What is wrong with the way to one operation: without a token its own service refuses it in its own way, and a service
/// that does not have it knows of no such path.
fn fault_of(gateway: SocketAddr, service: SocketAddr, method: &str, path: &str) -> Option<String> {
    let direct = probe::ask(service, method, path, &[]);
    let through = probe::ask(gateway, method, path, &[]);
    match (&direct, &through) {
        (Some(direct), Some(through)) if direct.status == through.status && direct.status != 404 => None,
        _ => Some(format!(
            "{method} {path}: {} through the gateway, but {} at its service",
            words(through.as_ref()),
            words(direct.as_ref())
        )),
    }
}

/// What is wrong with a refusal of the gateway itself: it looks like those of the services.
fn refusal_fault(gateway: SocketAddr, method: &str, path: &str, more: &[&str], wanted: u16) -> Option<String> {
    let answer = probe::ask(gateway, method, path, more);
    let is_problem = |body: &str| {
        serde_json::from_str::<Value>(body).is_ok_and(|problem| {
            problem["status"] == wanted && problem["code"].is_string() && problem["request_id"].is_string()
        })
    };
    match &answer {
        Some(answer) if answer.status == wanted && is_problem(&answer.body) => None,
        _ => Some(format!(
            "{method} {path}: {} instead of a problem document with {wanted}",
            words(answer.as_ref())
        )),
    }
}

fn words(answer: Option<&Answer>) -> String {
    answer.map_or_else(
        || "no answer".to_owned(),
        |answer| format!("{} {}", answer.status, answer.body),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_operation_of_a_document_is_asked_for() {
        let document = json!({ "paths": { "/v1/users/{id}": { "get": {}, "patch": {} }, "/v1/audit": { "get": {} } } });

        let mut found = operations(&document).unwrap();
        found.sort();

        let wanted = [("GET", "/v1/audit"), ("GET", "/v1/users/1"), ("PATCH", "/v1/users/1")];
        assert_eq!(found, wanted.map(|(method, path)| (method.to_owned(), path.to_owned())));
    }

    #[test]
    fn a_document_without_paths_is_a_fault() {
        assert!(operations(&json!({})).is_err());
    }
}
