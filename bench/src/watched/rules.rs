//! What the alerts look at. Their own expressions are empty on a good day, so each selector in them is asked for alone.

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::dashboards::Query;

/// A query for each selector of each alert, as Prometheus read them.
pub(super) fn selectors(rules: &[Value]) -> anyhow::Result<Vec<Query>> {
    ensure!(!rules.is_empty(), "Prometheus knows no alerts");
    let mut queries = Vec::new();
    for rule in rules {
        let name = rule["name"].as_str().context("an alert without a name")?;
        let expression = rule["query"].as_str().context("an alert without an expression")?;
        let found = in_expression(expression);
        ensure!(!found.is_empty(), "{name} looks at nothing: {expression}");
        queries.extend(
            found
                .into_iter()
                .map(|one| Query::of_series(format!("alert {name}"), one)),
        );
    }
    Ok(queries)
}

/// `up` and the figures of the house, each with the labels behind it.
fn in_expression(expression: &str) -> Vec<&str> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut rest = expression;
    while let Some(start) = rest.find(is_of_name) {
        rest = &rest[start..];
        let end = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
        let labels = if rest[end..].starts_with('{') {
            rest[end..].find('}').map_or(0, |last| last + 1)
        } else {
            0
        };
        if rest[..end].starts_with("loquat_") || &rest[..end] == "up" {
            found.push(&rest[..end + labels]);
        }
        rest = &rest[end + labels..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_found_with_their_labels() {
        let expression = r#"sum by (job) (rate(loquat_a_total{class="5xx"}[5m])) > 0.02 * up or up{job="up"}"#;

        assert_eq!(
            in_expression(expression),
            [r#"loquat_a_total{class="5xx"}"#, "up", r#"up{job="up"}"#]
        );
    }
}
