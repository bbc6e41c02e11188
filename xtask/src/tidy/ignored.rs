//! The rule about tests that are left out: `cargo xtask test` runs them all, so each says why it may.

use super::tree::{Finding, SourceFile, Tree};
use crate::test::RUN_BY_OTHERS;

/// Why a test is left out of a plain `cargo test`.
const NEEDS_SERVERS: &str = r#"#[ignore = "needs the servers that cargo xtask test starts"]"#;

/// How many lines below the mark the name of the test stands at the latest.
const NEAR: usize = 6;

/// An ignored test needs servers, or is one of those that other tests run.
pub(super) fn ignored_tests_say_why(tree: &Tree) -> Vec<Finding> {
    // Put together here, so that this file does not hold one.
    let mark = ["#[ig", "nore"].concat();
    let text = format!("a test is ignored with `{NEEDS_SERVERS}`, or named in xtask/src/test.rs");
    let mut findings = Vec::new();
    for file in tree.rust().filter(|file| !file.path.ends_with("tidy/ignored.rs")) {
        for (number, line) in file.numbered() {
            let line = line.trim();
            if line.starts_with(&mark) && line != NEEDS_SERVERS && !is_run_by_another(file, number) {
                findings.push(file.finding(number, text.clone()));
            }
        }
    }
    findings
}

fn is_run_by_another(file: &SourceFile, mark: usize) -> bool {
    let below: Vec<&str> = file.text.lines().skip(mark).take(NEAR).collect();
    let names_one = |line: &&str| RUN_BY_OTHERS.iter().any(|name| line.contains(&format!("fn {name}(")));
    below.iter().any(names_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> usize {
        ignored_tests_say_why(&Tree::of(&[("crates/client/tests/it/a.rs", text)])).len()
    }

    #[test]
    fn a_test_that_needs_servers_is_fine() {
        assert_eq!(found(&format!("#[test]\n{NEEDS_SERVERS}\nfn works() {{}}\n")), 0);
    }

    #[test]
    fn a_test_that_another_one_runs_is_fine() {
        assert_eq!(
            found("#[ignore = \"run by another\"]\nasync fn writes_until_killed() {}\n"),
            0
        );
    }

    #[test]
    fn a_test_that_is_ignored_for_another_reason_is_found() {
        assert_eq!(found("#[ignore = \"is slow\"]\nfn is_slow() {}\n"), 1);
        assert_eq!(found("    #[ignore]\n    fn fails() {}\n"), 1);
    }
}
