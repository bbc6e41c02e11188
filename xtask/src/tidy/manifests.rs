//! Rules about the manifests: which crate of the house may depend on which, and where versions stand.

use super::tree::{Finding, SourceFile, Tree};

/// Every crate of the house, by its folder, with the crates of the house it may depend on.
///
/// A service never depends on another service: they meet in the event bus and in signed tokens.
const MAY_DEPEND_ON: [(&str, &[&str]); 18] = [
    ("crates/protocol", &[]),
    ("crates/client", &["protocol"]),
    ("crates/door", &[]),
    ("crates/policy", &[]),
    ("crates/service-kit", &["protocol"]),
    ("crates/event-bus", &["protocol", "service-kit"]),
    ("crates/test-kit", &["protocol", "service-kit"]),
    ("crates/updates", &[]),
    ("backend/user-service", &["event-bus", "protocol", "service-kit"]),
    ("backend/mail-service", &["event-bus", "protocol", "service-kit"]),
    ("backend/chat-service", &["event-bus", "protocol", "service-kit"]),
    (
        "backend/server",
        &[
            "chat-service",
            "event-bus",
            "mail-service",
            "protocol",
            "service-kit",
            "user-service",
        ],
    ),
    ("bench", &["client", "event-bus", "protocol", "service-kit", "test-kit"]),
    ("desktop", &["client", "door", "policy", "protocol", "updates"]),
    ("desktop/window", &["door"]),
    ("fuzz", &["protocol"]),
    ("packaging/artwork", &[]),
    ("xtask", &[]),
];

/// What any crate may use in its tests.
const IN_TESTS: [&str; 3] = ["client", "test-kit", "updates"];

/// The crates of the house by their names.
const HOUSE: [&str; 18] = [
    "artwork",
    "bench",
    "chat-service",
    "client",
    "door",
    "event-bus",
    "fuzz",
    "loquat-desktop",
    "loquat-server",
    "loquat-window",
    "mail-service",
    "policy",
    "protocol",
    "service-kit",
    "test-kit",
    "updates",
    "user-service",
    "xtask",
];

/// What would let the protocol do I/O.
const IO: [&str; 7] = [
    "axum",
    "hyper",
    "reqwest",
    "rusqlite",
    "tokio",
    "tokio-tungstenite",
    "tracing",
];

/// One line of a table of dependencies.
struct Dependency<'a> {
    line: usize,
    name: &'a str,
    value: &'a str,
    is_for_tests: bool,
}

/// No crate of the house depends on one that it must not know.
pub(super) fn dependencies_point_one_way(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in tree.manifests() {
        let folder = manifest.path.trim_end_matches("/Cargo.toml");
        let Some((_, allowed)) = MAY_DEPEND_ON.iter().find(|(crate_folder, _)| *crate_folder == folder) else {
            findings.push(manifest.finding(
                1,
                "a new crate: say in xtask/src/tidy/manifests.rs what it may depend on",
            ));
            continue;
        };
        for dependency in dependencies(manifest) {
            let is_allowed =
                allowed.contains(&dependency.name) || (dependency.is_for_tests && IN_TESTS.contains(&dependency.name));
            if HOUSE.contains(&dependency.name) && !is_allowed {
                let text = format!("`{folder}` must not depend on `{}`", dependency.name);
                findings.push(manifest.finding(dependency.line, text));
            }
            if folder == "crates/protocol" && !dependency.is_for_tests && IO.contains(&dependency.name) {
                let text = format!(
                    "the protocol does no I/O, so it does not depend on `{}`",
                    dependency.name
                );
                findings.push(manifest.finding(dependency.line, text));
            }
        }
    }
    findings
}

/// A version stands in the root manifest, once; every other manifest says `workspace = true`.
pub(super) fn versions_are_pinned_once(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in tree.manifests() {
        let own = dependencies(manifest).filter(|dependency| !dependency.value.contains("workspace = true"));
        findings.extend(own.map(|dependency| {
            let text = format!(
                "`{}` takes its version from the root manifest: `workspace = true`",
                dependency.name
            );
            manifest.finding(dependency.line, text)
        }));
        let own_version = manifest.numbered().filter(|(_, line)| line.starts_with("version = "));
        findings.extend(own_version.map(|(line, _)| manifest.finding(line, "write `version.workspace = true`")));
    }
    findings
}

/// The dependencies of a manifest, one per line as we write them: `axum.workspace = true` or
/// `axum = { workspace = true, features = […] }`.
fn dependencies(manifest: &SourceFile) -> impl Iterator<Item = Dependency<'_>> {
    let mut table = "";
    manifest.numbered().filter_map(move |(number, line)| {
        let line = line.split_once('#').map_or(line, |(code, _)| code).trim();
        if line.starts_with('[') {
            table = line.trim_matches(|c| c == '[' || c == ']');
            return None;
        }
        if !table.ends_with("dependencies") {
            return None;
        }
        let (key, value) = line.split_once('=')?;
        let name = key.split('.').next()?.trim();
        let is_for_tests = table.ends_with("dev-dependencies");
        Some(Dependency {
            line: number,
            name,
            value: if key.contains(".workspace") {
                "workspace = true"
            } else {
                value
            },
            is_for_tests,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(folder: &str, text: &str) -> Tree {
        Tree::of(&[(&format!("{folder}/Cargo.toml"), text)])
    }

    #[test]
    fn a_service_may_stand_on_the_kit() {
        let tree = manifest("backend/user-service", "[dependencies]\nservice-kit.workspace = true\n");

        assert_eq!(dependencies_point_one_way(&tree), []);
    }

    #[test]
    fn a_service_must_not_know_another_service() {
        let tree = manifest(
            "backend/user-service",
            "[dependencies]\nchat-service.workspace = true\n",
        );

        assert_eq!(
            dependencies_point_one_way(&tree).first().map(|finding| finding.line),
            Some(2)
        );
    }

    #[test]
    fn a_service_must_not_know_another_service_in_its_tests_either() {
        let tree = manifest(
            "backend/user-service",
            "[dev-dependencies]\nmail-service = { workspace = true }\n",
        );

        assert_eq!(dependencies_point_one_way(&tree).len(), 1);
    }

    #[test]
    fn tests_may_use_the_test_kit() {
        let tree = manifest(
            "backend/user-service",
            "[dev-dependencies]\ntest-kit.workspace = true\n",
        );

        assert_eq!(dependencies_point_one_way(&tree), []);
    }

    #[test]
    fn the_client_must_not_know_the_desktop() {
        let tree = manifest("crates/client", "[dependencies]\nloquat-desktop.workspace = true\n");

        assert_eq!(dependencies_point_one_way(&tree).len(), 1);
    }

    #[test]
    fn the_protocol_does_no_io() {
        let tree = manifest(
            "crates/protocol",
            "[dependencies]\nserde.workspace = true\ntokio.workspace = true\n",
        );

        assert_eq!(
            dependencies_point_one_way(&tree).first().map(|finding| finding.line),
            Some(3)
        );
    }

    #[test]
    fn a_new_crate_has_to_be_placed() {
        assert_eq!(
            dependencies_point_one_way(&manifest("crates/novelty", "[dependencies]\n")).len(),
            1
        );
    }

    #[test]
    fn a_version_from_the_root_is_fine() {
        let text = "[package]\nversion.workspace = true\n[dependencies]\n\
                    axum.workspace = true\ntokio = { workspace = true, features = [\"time\"] }\n";

        assert_eq!(versions_are_pinned_once(&manifest("bench", text)), []);
    }

    #[test]
    fn a_version_of_ones_own_is_found() {
        let text = "[package]\nversion = \"1.0.0\"\n[dependencies]\naxum = \"0.8\"\n";

        assert_eq!(versions_are_pinned_once(&manifest("bench", text)).len(), 2);
    }

    #[test]
    fn features_are_not_dependencies() {
        let text = "[features]\ncustom-protocol = [\"tauri/custom-protocol\"]\n[lib]\nname = \"x\"\n";

        assert_eq!(versions_are_pinned_once(&manifest("desktop", text)), []);
    }
}
