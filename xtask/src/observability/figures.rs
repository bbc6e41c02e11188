//! The figures that alerts and dashboards speak of, held to the page that explains them.

use std::collections::BTreeSet;

/// The beginning of every name; the page leaves it out.
const PREFIX: &str = "loquat_";

/// What Prometheus makes of one histogram.
const PARTS: [&str; 3] = ["_bucket", "_count", "_sum"];

/// The figures in `text` that `page` does not explain.
pub(super) fn unexplained<'a>(text: &'a str, page: &str) -> BTreeSet<&'a str> {
    let explained: BTreeSet<&str> = page.split('`').skip(1).step_by(2).collect();
    let named = text.split(PREFIX).skip(1).map(name_at_start);
    named.filter(|name| !explained.contains(whole(name))).collect()
}

fn name_at_start(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_lowercase() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

fn whole(name: &str) -> &str {
    PARTS.iter().find_map(|part| name.strip_suffix(part)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "| `sockets` | gauge |\n| `append_seconds` | histogram by `how` |\n";

    #[test]
    fn what_the_page_explains_is_fine() {
        let text = "sum(loquat_sockets) + rate(loquat_append_seconds_bucket[5m])";

        assert_eq!(unexplained(text, PAGE), BTreeSet::new());
    }

    #[test]
    fn what_the_page_does_not_explain_is_found() {
        assert_eq!(
            unexplained("loquat_sockets_total > 1", PAGE),
            BTreeSet::from(["sockets_total"])
        );
    }
}
