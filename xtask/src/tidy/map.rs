//! The rule about the map in `ARCHITECTURE.md`: it names what is there, and nothing else.

use std::collections::BTreeSet;

use super::tree::{Finding, SourceFile, Tree};

const PAGE: &str = "ARCHITECTURE.md";

/// The heading above the map; the map is the first fenced block below it.
const HEADING: &str = "## The map";

/// Every folder of the map exists, and every crate and module folder is on the map.
pub(super) fn the_map_names_what_is_there(tree: &Tree) -> Vec<Finding> {
    let Some(page) = tree.find(PAGE) else {
        return vec![Finding {
            path: PAGE.to_owned(),
            line: 1,
            text: "the page with the map is missing".to_owned(),
        }];
    };
    let named = named_paths(page);
    if named.is_empty() {
        return vec![page.finding(1, format!("no fenced block below the heading `{HEADING}`"))];
    }
    let exists = |path: &str| {
        tree.files
            .iter()
            .any(|file| file.path == path || is_in(&file.path, path))
    };
    let mut findings: Vec<Finding> = named
        .iter()
        .filter(|(_, path)| !exists(path))
        .map(|(line, path)| page.finding(*line, format!("`{path}` is on the map, but not in the house")))
        .collect();
    let on_map: BTreeSet<&str> = named.iter().map(|(_, path)| *path).collect();
    let missing = wanted_folders(tree)
        .into_iter()
        .filter(|folder| !on_map.contains(folder.as_str()));
    findings.extend(missing.map(|folder| page.finding(named[0].0, format!("`{folder}` is missing on the map"))));
    findings
}

/// The first word of each line of the map, with the number of the line.
fn named_paths(page: &SourceFile) -> Vec<(usize, &str)> {
    page.numbered()
        .skip_while(|(_, line)| *line != HEADING)
        .skip_while(|(_, line)| !line.starts_with("```"))
        .skip(1)
        .take_while(|(_, line)| !line.starts_with("```"))
        .filter_map(|(number, line)| Some((number, line.split_whitespace().next()?)))
        .collect()
}

/// The folders that a reader has to find on the map.
fn wanted_folders(tree: &Tree) -> BTreeSet<String> {
    let crates: Vec<&str> = tree
        .manifests()
        .map(|file| file.path.trim_end_matches("Cargo.toml"))
        .collect();
    let mut wanted = BTreeSet::new();
    for file in &tree.files {
        let path = file.path.as_str();
        if let Some((top, _)) = path.split_once('/').filter(|(top, _)| !top.starts_with('.')) {
            wanted.insert(format!("{top}/"));
        }
        for folder in &crates {
            wanted.extend(module_folder(path, &format!("{folder}src/")));
        }
        wanted.extend(module_folder(path, "desktop-ui/src/"));
        wanted.extend(module_folder(path, "desktop-ui/src/features/"));
    }
    wanted.extend(crates.into_iter().map(str::to_owned));
    wanted
}

/// The folder directly below `parent` that a file lies in.
fn module_folder(path: &str, parent: &str) -> Option<String> {
    let (folder, _) = path.strip_prefix(parent)?.split_once('/')?;
    Some(format!("{parent}{folder}/"))
}

fn is_in(path: &str, folder: &str) -> bool {
    folder.ends_with('/') && path.starts_with(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = "# Architecture\n\n## The map\n\n```\ncrates/            what is imported\n\
                       crates/protocol/   what crosses a border\n```\n";

    fn found(map: &str, more: &[&str]) -> Vec<String> {
        let mut files = vec![
            ("ARCHITECTURE.md", map),
            ("crates/protocol/Cargo.toml", ""),
            ("LICENSE", ""),
        ];
        files.extend(more.iter().map(|path| (*path, "")));
        the_map_names_what_is_there(&Tree::of(&files))
            .into_iter()
            .map(|finding| finding.text)
            .collect()
    }

    #[test]
    fn a_map_of_everything_is_fine() {
        assert_eq!(found(MAP, &["crates/protocol/src/lib.rs", ".ci/run"]), [""; 0]);
    }

    #[test]
    fn a_crate_that_is_not_on_the_map_is_found() {
        assert_eq!(
            found(MAP, &["crates/client/Cargo.toml"]),
            ["`crates/client/` is missing on the map"]
        );
    }

    #[test]
    fn a_module_folder_that_is_not_on_the_map_is_found() {
        let found = found(MAP, &["crates/protocol/src/rest/chat.rs"]);

        assert_eq!(found, ["`crates/protocol/src/rest/` is missing on the map"]);
    }

    #[test]
    fn a_feature_that_is_not_on_the_map_is_found() {
        let found = found(MAP, &["desktop-ui/src/features/sign-in/queries.ts"]);

        assert!(
            found.contains(&"`desktop-ui/src/features/sign-in/` is missing on the map".to_owned()),
            "{found:?}"
        );
    }

    #[test]
    fn a_folder_that_is_gone_is_found() {
        let map = MAP.replace("crates/protocol/ ", "crates/gone/ ");

        assert!(found(&map, &[]).contains(&"`crates/gone/` is on the map, but not in the house".to_owned()));
    }

    #[test]
    fn a_missing_page_is_found() {
        assert_eq!(the_map_names_what_is_there(&Tree::of(&[("LICENSE", "")])).len(), 1);
    }
}
