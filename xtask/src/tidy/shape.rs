//! Rules about a file as a whole: its length, its first lines, and what it must not speak of.

use super::tree::{Finding, SourceFile, Tree};

/// Longest file without a reason.
const LONGEST: usize = 400;

/// In how many lines from the top a long file says why it is long.
const HEAD: usize = 15;

/// Files with more than [`LONGEST`] lines do more than one thing, or say in their head why not.
pub(super) fn files_are_short(tree: &Tree) -> Vec<Finding> {
    let is_long = |file: &&SourceFile| file.text.lines().count() > LONGEST && !says_why_it_is_long(file);
    let text = format!("longer than {LONGEST} lines: split it, or say `Longer than {LONGEST} lines: why` in its head");
    let endings = ["rs", "ts", "tsx", "css", "js", "mjs", "py", "sh"];
    tree.with_ending(&endings)
        .filter(is_long)
        .map(|file| file.finding(LONGEST + 1, text.clone()))
        .collect()
}

fn says_why_it_is_long(file: &SourceFile) -> bool {
    let reason = |line: &str| {
        line.split_once("Longer than 400 lines: ")
            .is_some_and(|(_, why)| !why.trim().is_empty())
    };
    file.text.lines().take(HEAD).any(reason)
}

/// Every Rust file starts with what it is for. The tests of a module stand beside it and speak for themselves.
pub(super) fn modules_say_what_they_are_for(tree: &Tree) -> Vec<Finding> {
    let is_silent = |file: &&SourceFile| !file.text.starts_with("//!") && !tests_a_module(&file.path);
    let text = "starts without `//!`: say what the module is for and what it must never do";
    tree.rust()
        .filter(is_silent)
        .map(|file| file.finding(1, text))
        .collect()
}

fn tests_a_module(path: &str) -> bool {
    path.ends_with("/tests.rs") || (path.contains("/src/") && path.contains("/tests/"))
}

/// No file speaks of a place that exists on one machine only, and nothing is left to do.
pub(super) fn nothing_speaks_of_one_machine(tree: &Tree) -> Vec<Finding> {
    // Put together here, so that this file does not speak of them either.
    let elsewhere = [
        ["../", "shared"].concat(),
        ["/wo", "rk/"].concat(),
        ["/ro", "ot/"].concat(),
    ];
    let left_over = [["TO", "DO"].concat(), ["FIX", "ME"].concat()];
    let mut findings = Vec::new();
    for file in &tree.files {
        for (number, line) in file.numbered() {
            if let Some(place) = elsewhere.iter().find(|place| line.contains(place.as_str())) {
                findings.push(file.finding(number, format!("`{place}` exists on one machine only")));
            }
            if let Some(mark) = left_over.iter().find(|mark| line.contains(mark.as_str())) {
                findings.push(file.finding(number, format!("`{mark}`: do it, or write an issue")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_400_lines_is_short_enough() {
        let tree = Tree::of(&[("a.rs", &"x\n".repeat(400))]);

        assert_eq!(files_are_short(&tree), []);
    }

    #[test]
    fn a_file_of_401_lines_is_found() {
        let tree = Tree::of(&[("a.tsx", &"x\n".repeat(401))]);

        assert_eq!(files_are_short(&tree).len(), 1);
    }

    #[test]
    fn a_long_file_may_say_why() {
        let text = format!(
            "//! A table.\n// Longer than 400 lines: one row per code.\n{}",
            "x\n".repeat(401)
        );

        assert_eq!(files_are_short(&Tree::of(&[("a.rs", &text)])), []);
    }

    #[test]
    fn a_long_file_with_an_empty_reason_is_found() {
        let text = format!("// Longer than 400 lines: \n{}", "x\n".repeat(401));

        assert_eq!(files_are_short(&Tree::of(&[("a.rs", &text)])).len(), 1);
    }

    #[test]
    fn a_module_that_says_what_it_is_for_is_fine() {
        assert_eq!(
            modules_say_what_they_are_for(&Tree::of(&[("a.rs", "//! Codes.\n")])),
            []
        );
    }

    #[test]
    fn a_silent_module_is_found() {
        assert_eq!(
            modules_say_what_they_are_for(&Tree::of(&[("a.rs", "use std::fs;\n")])).len(),
            1
        );
    }

    #[test]
    fn the_tests_of_a_module_speak_for_themselves() {
        assert_eq!(
            modules_say_what_they_are_for(&Tree::of(&[("log/tests.rs", "use super::*;\n")])),
            []
        );
    }

    #[test]
    fn a_path_of_one_machine_is_found_with_its_line() {
        let tree = Tree::of(&[("README.md", &["fine\nsee /ro", "ot/notes\n"].concat())]);

        assert_eq!(
            nothing_speaks_of_one_machine(&tree).first().map(|finding| finding.line),
            Some(2)
        );
    }

    #[test]
    fn something_left_to_do_is_found() {
        let tree = Tree::of(&[("a.rs", &["// TO", "DO: later\n"].concat())]);

        assert_eq!(nothing_speaks_of_one_machine(&tree).len(), 1);
    }

    #[test]
    fn a_path_of_the_product_is_fine() {
        assert_eq!(
            nothing_speaks_of_one_machine(&Tree::of(&[("README.md", "see docs/how-to/\n")])),
            []
        );
    }
}
