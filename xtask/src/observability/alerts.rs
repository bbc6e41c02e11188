//! What must be there for each alert: a test in which it fires, one in which it is quiet, and a page that says what to do.
//!
//! The files are read by line, as they are written here; whether they are right is for promtool to say.

use std::collections::BTreeSet;

/// One alert of the rules.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Alert<'a> {
    pub(super) name: &'a str,
    /// The page of its annotation.
    pub(super) runbook: Option<&'a str>,
}

/// The alerts in a file of rules.
pub(super) fn alerts(rules: &str) -> Vec<Alert<'_>> {
    let blocks = rules.split("\n      - alert: ").skip(1);
    blocks
        .map(|block| Alert {
            name: block.lines().next().unwrap_or_default().trim(),
            runbook: block.lines().find_map(|line| line.trim().strip_prefix("runbook: ")),
        })
        .collect()
}

/// What is missing for these alerts, given the tests of promtool and whether a page exists.
pub(super) fn faults(alerts: &[Alert<'_>], tests: &str, page_exists: impl Fn(&str) -> bool) -> Vec<String> {
    let (fire, quiet) = expectations(tests);
    let mut faults = Vec::new();
    for Alert { name, runbook } in alerts {
        if !fire.contains(*name) {
            faults.push(format!("rules.test.yml: no test makes {name} fire"));
        }
        if !quiet.contains(*name) {
            faults.push(format!("rules.test.yml: no test shows {name} quiet"));
        }
        match runbook {
            Some(page) if page.starts_with("docs/runbooks/") && page_exists(page) => {}
            Some(page) => faults.push(format!("rules.yml: the runbook of {name} is not there: {page}")),
            None => faults.push(format!("rules.yml: {name} has no annotation `runbook`")),
        }
    }
    faults
}

/// The alerts that tests see firing, and those that tests see quiet.
fn expectations(tests: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut fire, mut quiet) = (BTreeSet::new(), BTreeSet::new());
    for block in tests
        .replace("- { eval_time:", "- eval_time:")
        .split("- eval_time:")
        .skip(1)
    {
        let Some((_, named)) = block.split_once("alertname: ") else {
            continue;
        };
        let name = named.split_whitespace().next().unwrap_or_default();
        let fires = block.contains("- exp_labels:");
        let seen = if fires { &mut fire } else { &mut quiet };
        seen.insert(name.to_owned());
    }
    (fire, quiet)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = "groups:
  - name: loquat
    rules:
      - alert: ServiceAway
        expr: up == 0
        annotations:
          runbook: docs/runbooks/service-away.md

      - alert: PartAway
        expr: ready == 0
";

    const TESTS: &str = "tests:
  - name: a good day
    alert_rule_test:
      - { eval_time: 12m, alertname: ServiceAway }
      - { eval_time: 12m, alertname: PartAway }

  - name: one is gone
    alert_rule_test:
      - eval_time: 8m
        alertname: ServiceAway
        exp_alerts:
          - exp_labels: { severity: page }
";

    #[test]
    fn alerts_are_found_with_their_pages() {
        assert_eq!(
            alerts(RULES),
            [
                Alert {
                    name: "ServiceAway",
                    runbook: Some("docs/runbooks/service-away.md")
                },
                Alert {
                    name: "PartAway",
                    runbook: None
                }
            ]
        );
    }

    #[test]
    fn an_alert_with_all_it_needs_is_fine() {
        assert_eq!(faults(&alerts(RULES)[..1], TESTS, |_| true), [""; 0]);
    }

    #[test]
    fn a_missing_test_and_a_missing_page_are_found() {
        assert_eq!(
            faults(&alerts(RULES)[1..], TESTS, |_| true),
            [
                "rules.test.yml: no test makes PartAway fire",
                "rules.yml: PartAway has no annotation `runbook`"
            ]
        );
        assert_eq!(
            faults(&alerts(RULES)[..1], TESTS, |_| false),
            ["rules.yml: the runbook of ServiceAway is not there: docs/runbooks/service-away.md"]
        );
    }

    #[test]
    fn an_alert_that_is_never_shown_quiet_is_found() {
        let fires_only = TESTS.replace("- { eval_time: 12m, alertname: ServiceAway }", "");

        assert_eq!(
            faults(&alerts(RULES)[..1], &fires_only, |_| true),
            ["rules.test.yml: no test shows ServiceAway quiet"]
        );
    }
}
