//! Rules about the window's own part: one door to Rust, one direction of imports, names for exports.

use super::tree::{Finding, SourceFile, Tree};

const SOURCES: &str = "desktop-ui/src/";

/// The only file that may talk to the toolkit behind the window.
const DOOR: &str = "desktop-ui/src/bridge/tauri-host.ts";

/// The folders of the window, each with the folders it may import from. A feature also imports from itself.
const MAY_IMPORT: [(&str, &[&str]); 5] = [
    ("features", &["bridge", "text", "ui"]),
    ("ui", &["text", "ui"]),
    ("bridge", &["bridge"]),
    ("text", &["bridge", "text"]),
    ("testing", &["app", "bridge", "features", "testing", "text", "ui"]),
];

/// Imports go from the app to features to building blocks; features never meet, and one file opens the door.
pub(super) fn imports_point_one_way(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in sources(tree) {
        for (number, target) in imports(file) {
            if target.starts_with("@tauri-apps/") && file.path != DOOR {
                findings.push(file.finding(number, format!("only {DOOR} imports from `@tauri-apps`")));
            }
            let Some(target) = inside(&file.path, target) else {
                continue;
            };
            findings.extend(wrong_way(&file.path, &target).map(|text| file.finding(number, text)));
        }
    }
    findings
}

/// A default export has another name in every file that imports it.
pub(super) fn exports_have_names(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in sources(tree) {
        let defaults = file
            .code()
            .filter(|(_, line)| line.trim_start().starts_with("export default"));
        findings
            .extend(defaults.map(|(number, _)| file.finding(number, "a default export has no name: export a name")));
        if file.path.ends_with("/index.ts") || file.path.ends_with("/index.tsx") {
            findings.push(file.finding(1, "a barrel hides where things are: import from the file itself"));
        }
    }
    findings
}

fn sources(tree: &Tree) -> impl Iterator<Item = &SourceFile> {
    tree.with_ending(&["ts", "tsx"])
        .filter(|file| file.path.starts_with(SOURCES))
}

/// What a file imports: the quoted word after `from`, `import` or `import(`.
fn imports(file: &SourceFile) -> impl Iterator<Item = (usize, &str)> {
    file.numbered().filter_map(|(number, line)| {
        let (_, rest) = line
            .split_once("from ")
            .or_else(|| line.split_once("import "))
            .or_else(|| line.split_once("import("))
            .or_else(|| line.split_once("vi.mock("))?;
        let quote = rest.chars().next().filter(|first| ['"', '\''].contains(first))?;
        Some((number, rest[1..].split(quote).next()?))
    })
}

/// The path below [`SOURCES`] that an import means, if it means one of our files.
fn inside(path: &str, target: &str) -> Option<String> {
    if let Some(target) = target.strip_prefix('#') {
        return Some(target.to_owned());
    }
    if !target.starts_with('.') {
        return None;
    }
    let mut parts: Vec<&str> = path.strip_prefix(SOURCES)?.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// What is wrong with importing `target` in `path`, if anything is.
fn wrong_way(path: &str, target: &str) -> Option<String> {
    let own: Vec<&str> = path.strip_prefix(SOURCES)?.split('/').collect();
    let other: Vec<&str> = target.split('/').collect();
    let is_test = path.contains(".test.") && other.first() == Some(&"testing");
    let is_own_feature = own.first() == Some(&"features") && own.get(..2) == other.get(..2);
    let (_, allowed) = MAY_IMPORT.iter().find(|(folder, _)| own.first() == Some(folder))?;
    if is_test || is_own_feature || other.first().is_some_and(|folder| allowed.contains(folder)) {
        return None;
    }
    let own_place = if own[0] == "features" {
        own.get(..2)?.join("/")
    } else {
        own[0].to_owned()
    };
    Some(format!(
        "`{own_place}` must not import from `{target}`; it may import from {}",
        allowed.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        imports_point_one_way(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn the_door_may_talk_to_the_toolkit() {
        assert_eq!(found(DOOR, "import { invoke } from \"@tauri-apps/api/core\";\n"), 0);
    }

    #[test]
    fn no_other_file_may_talk_to_the_toolkit() {
        assert_eq!(
            found(
                "desktop-ui/src/app/start.tsx",
                "import { invoke } from '@tauri-apps/api/core';\n"
            ),
            1
        );
    }

    #[test]
    fn a_feature_may_use_building_blocks_and_itself() {
        let text = "import { Button } from \"#ui/button\";\nimport { useCode } from \"./queries\";\n\
                    import { host } from \"../../bridge/host\";\nimport { useState } from \"react\";\n";

        assert_eq!(found("desktop-ui/src/features/sign-in/code-form.tsx", text), 0);
    }

    #[test]
    fn features_never_meet() {
        let path = "desktop-ui/src/features/sign-in/code-form.tsx";

        assert_eq!(
            found(path, "import { Timeline } from \"#features/timeline/timeline\";\n"),
            1
        );
        assert_eq!(found(path, "import { Timeline } from \"../timeline/timeline\";\n"), 1);
    }

    #[test]
    fn a_building_block_knows_no_feature() {
        assert_eq!(
            found(
                "desktop-ui/src/ui/list.tsx",
                "import type { Row } from \"../features/people/row\";\n"
            ),
            1
        );
    }

    #[test]
    fn a_test_may_use_the_testing_folder() {
        let text = "import { show } from \"#testing/show\";\n";

        assert_eq!(found("desktop-ui/src/features/people/people.test.tsx", text), 0);
        assert_eq!(found("desktop-ui/src/features/people/people.tsx", text), 1);
    }

    #[test]
    fn an_export_with_a_name_is_fine() {
        let tree = Tree::of(&[("desktop-ui/src/ui/button.tsx", "export function Button() {\n")]);

        assert_eq!(exports_have_names(&tree), []);
    }

    #[test]
    fn a_default_export_is_found() {
        let tree = Tree::of(&[("desktop-ui/src/ui/button.tsx", "export default function Button() {\n")]);

        assert_eq!(exports_have_names(&tree).len(), 1);
    }

    #[test]
    fn a_barrel_is_found() {
        let tree = Tree::of(&[("desktop-ui/src/ui/index.ts", "export * from \"./button\";\n")]);

        assert_eq!(exports_have_names(&tree).len(), 1);
    }

    #[test]
    fn a_configuration_outside_the_sources_may_have_one() {
        let tree = Tree::of(&[("desktop-ui/vite.config.ts", "export default defineConfig({});\n")]);

        assert_eq!(exports_have_names(&tree), []);
    }
}
