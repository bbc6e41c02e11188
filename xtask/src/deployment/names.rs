//! The names of settings, wherever they are written, compared.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use serde_json::Value;

use super::Given;

/// By service, the variables in what `compose.yaml` amounts to.
pub(super) fn given(compose: &Value) -> anyhow::Result<Given> {
    let services = compose["services"]
        .as_object()
        .context("compose.yaml has no services")?;
    let names = |service: &Value| {
        let variables = service["environment"].as_object();
        variables
            .map(|variables| variables.keys().cloned().collect())
            .unwrap_or_default()
    };
    let given: BTreeMap<_, _> = services
        .iter()
        .map(|(name, service)| (name.clone(), names(service)))
        .collect();
    Ok(given)
}

/// By service, the variables in the task definitions of a plan of Terraform.
pub(super) fn given_to_tasks(plan: &Value) -> anyhow::Result<Given> {
    let changes = plan["resource_changes"]
        .as_array()
        .context("the plan changes nothing")?;
    let tasks = changes
        .iter()
        .filter(|change| change["type"] == "aws_ecs_task_definition");
    let mut given = Given::new();
    for task in tasks {
        let text = task["change"]["after"]["container_definitions"].as_str();
        let text = text.context("a task definition is not known before it is applied")?;
        let containers: Vec<Value> = serde_json::from_str(text).context("reading a task definition")?;
        for container in containers.iter().filter(|container| container["essential"] == true) {
            let name = container["name"].as_str().context("a container has no name")?;
            given.insert(name.to_owned(), names_of(container));
        }
    }
    Ok(given)
}

/// Its settings, and the secrets that it gets as such.
fn names_of(container: &Value) -> BTreeSet<String> {
    let entries = ["environment", "secrets"]
        .into_iter()
        .filter_map(|list| container[list].as_array());
    let names = entries.flatten().filter_map(|entry| entry["name"].as_str());
    names.map(str::to_owned).collect()
}

/// What clap writes behind an option: `[env: NAME=value]`, or `[env: NAME]` when the value is a secret.
pub(super) fn in_help(help: &str) -> BTreeSet<String> {
    let found = help.split("[env: ").skip(1);
    found.map(|rest| leading_name(rest).to_owned()).collect()
}

/// The settings of which a service says that they are missing.
pub(super) fn in_refusal(text: &str) -> BTreeSet<String> {
    let sentences = text.lines().filter(|line| line.contains(" is missing"));
    let names = sentences
        .filter_map(|line| line.split_once(": "))
        .map(|(_, sentence)| leading_name(sentence));
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// What is wrong with how a place such as `compose.yaml` sets up a service, which may be there more than once.
pub(super) fn faults_of_service(
    place: &str,
    service: &str,
    given: &Given,
    known: &BTreeSet<String>,
    needed: &BTreeSet<String>,
) -> Vec<String> {
    let is_one = |name: &str| {
        name.strip_prefix(service)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let mut faults = Vec::new();
    let ones: Vec<_> = given.iter().filter(|(name, _)| is_one(name)).collect();
    if ones.is_empty() {
        faults.push(format!("{place}: {service} is missing"));
    }
    for (name, variables) in ones {
        let unknown = variables.difference(known);
        faults.extend(unknown.map(|variable| format!("{place}: {name} does not know {variable}")));
        let missing = needed.difference(variables);
        faults.extend(missing.map(|variable| format!("{place}: {name} needs {variable}")));
    }
    faults
}

/// What `compose.yaml` takes from its environment is in `.env.example`, and nothing else is.
pub(super) fn faults_of_example(compose: &str, example: &str) -> Vec<String> {
    let taken: BTreeSet<&str> = compose
        .lines()
        .filter(|line| !line.trim().starts_with('#'))
        .flat_map(taken)
        .collect();
    let offered: BTreeSet<&str> = example
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('=').map(|(name, _)| name))
        .collect();
    let missing = taken.difference(&offered);
    let unused = offered.difference(&taken);
    missing
        .map(|name| format!(".env.example: {name} is missing, which compose.yaml takes"))
        .chain(unused.map(|name| format!(".env.example: compose.yaml does not take {name}")))
        .collect()
}

/// The names in `${NAME}`, `${NAME:-default}` and `${NAME:?reason}`; what is written with two signs is for a shell.
fn taken(line: &str) -> impl Iterator<Item = &str> {
    line.split("${").skip(1).map(leading_name)
}

fn leading_name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn faults(given: &[&str], known: &[&str], needed: &[&str]) -> Vec<String> {
        let given = Given::from([("chat-service-1".to_owned(), set(given))]);
        faults_of_service("compose.yaml", "chat-service", &given, &set(known), &set(needed))
    }

    #[test]
    fn a_help_names_its_settings() {
        let help = "--log <LOG>\n  What is logged [env: LOG=] [default: info]\n--pepper\n  Secret [env: CODE_PEPPER]\n";

        assert_eq!(in_help(help), set(&["CODE_PEPPER", "LOG"]));
    }

    #[test]
    fn a_refusal_names_what_is_missing() {
        let text = "user-service: CODE_PEPPER is missing: set a secret\nuser-service: LOG: what is that?\n";

        assert_eq!(in_refusal(text), set(&["CODE_PEPPER"]));
    }

    #[test]
    fn a_service_that_gets_what_it_knows_and_needs_is_fine() {
        assert_eq!(
            faults(&["LOG", "CACHE_URL"], &["LOG", "CACHE_URL", "LISTEN"], &["CACHE_URL"]),
            [""; 0]
        );
    }

    #[test]
    fn a_setting_that_a_service_does_not_know_is_found() {
        assert_eq!(
            faults(&["CASH_URL"], &["CACHE_URL"], &[]),
            ["compose.yaml: chat-service-1 does not know CASH_URL"]
        );
    }

    #[test]
    fn a_setting_that_a_service_does_not_get_is_found() {
        assert_eq!(
            faults(&[], &["CACHE_URL"], &["CACHE_URL"]),
            ["compose.yaml: chat-service-1 needs CACHE_URL"]
        );
    }

    #[test]
    fn a_service_that_is_not_there_is_found() {
        let found = faults_of_service("compose.yaml", "mail-service", &Given::new(), &set(&[]), &set(&[]));

        assert_eq!(found, ["compose.yaml: mail-service is missing"]);
    }

    #[test]
    fn the_example_offers_what_is_taken_and_nothing_else() {
        let compose = "a: ${LOG:-info}\nb: ${PEPPER:?none}\nc: \"$$SHELL_ONLY\"\n# ${COMMENT}\n";

        assert_eq!(faults_of_example(compose, "# Words\nLOG=info\nPEPPER=\n"), [""; 0]);
        assert_eq!(faults_of_example(compose, "LOG=\nOLD=1\n").len(), 2);
    }

    #[test]
    fn settings_and_secrets_of_a_task_are_read_and_those_beside_it_are_not() {
        let containers = json!([
            { "name": "files", "essential": false, "secrets": [{ "name": "PEM" }] },
            { "name": "a", "essential": true, "environment": [{ "name": "LOG" }], "secrets": [{ "name": "CACHE_URL" }] },
        ]);
        let task = json!({ "after": { "container_definitions": containers.to_string() } });
        let plan = json!({ "resource_changes": [{ "type": "aws_ecs_task_definition", "change": task }] });

        let given = given_to_tasks(&plan).unwrap();

        assert_eq!(given, Given::from([("a".to_owned(), set(&["CACHE_URL", "LOG"]))]));
    }

    #[test]
    fn the_variables_of_a_service_are_read() {
        let compose = json!({ "services": { "a": { "environment": { "LOG": "info" } }, "b": {} } });

        let given = given(&compose).unwrap();

        assert_eq!(given["a"], set(&["LOG"]));
        assert!(given["b"].is_empty());
    }
}
