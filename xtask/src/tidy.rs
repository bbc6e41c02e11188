//! `cargo xtask tidy`: the borders of the house, checked.
//!
//! Each rule is a function from the tree of files to what it found. A rule names the file and line and says what
//! to do instead, so that nobody has to look the rule up.

mod ignored;
mod manifests;
mod map;
mod names;
mod places;
mod shape;
mod tree;
mod window;

use std::process::ExitCode;

use anyhow::bail;

use crate::checkout::Checkout;
use crate::steps::Steps;
use crate::tidy::tree::{Finding, Tree};

const RULES: [fn(&Tree) -> Vec<Finding>; 11] = [
    ignored::ignored_tests_say_why,
    manifests::dependencies_point_one_way,
    manifests::versions_are_pinned_once,
    map::the_map_names_what_is_there,
    names::names_say_what_a_thing_is,
    places::crates_are_named_only_in_their_place,
    shape::files_are_short,
    shape::modules_say_what_they_are_for,
    shape::nothing_speaks_of_one_machine,
    window::imports_point_one_way,
    window::exports_have_names,
];

pub(crate) fn tidy(checkout: &Checkout) -> ExitCode {
    let mut steps = Steps::kept(checkout);
    steps.step("tidy", |_| hold(checkout));
    steps.finish()
}

/// Fails naming everything that is out of place.
pub(crate) fn hold(checkout: &Checkout) -> anyhow::Result<()> {
    let tree = Tree::read(checkout)?;
    let findings: Vec<String> = RULES
        .iter()
        .flat_map(|rule| rule(&tree))
        .map(|finding| finding.to_string())
        .collect();
    if findings.is_empty() {
        return Ok(());
    }
    bail!("{}\n{} out of place", findings.join("\n"), findings.len())
}
