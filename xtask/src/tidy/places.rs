//! Which crate may be named where: an engine or a framework stays behind the module that is there for it.

use super::tree::{Finding, Tree};

/// A crate and the only places that may name it. A `*` stands for one name in a path.
struct Place {
    name: &'static str,
    allowed: &'static [&'static str],
}

const PLACES: [Place; 8] = [
    Place {
        name: "axum",
        allowed: &[
            "backend/*/src/app",
            "backend/*/src/http",
            "backend/*/src/process",
            "backend/*/src/socket",
            "backend/server/src",
            "crates/client/tests",
            "crates/service-kit/src",
            "crates/test-kit/src",
        ],
    },
    Place {
        name: "mongodb",
        allowed: &[
            "backend/*/src/store",
            "crates/service-kit/src/store",
            "crates/test-kit/src/engines",
        ],
    },
    Place {
        name: "rusqlite",
        allowed: &[
            "backend/*/src/store",
            "crates/client/src/store",
            "crates/event-bus/src",
            "crates/service-kit/src/store",
        ],
    },
    Place {
        name: "redis",
        allowed: &["backend/*/src/*/redis", "crates/service-kit/src/redis"],
    },
    Place {
        name: "lapin",
        allowed: &["crates/event-bus/src"],
    },
    Place {
        name: "lettre",
        allowed: &["backend/mail-service/src/delivery"],
    },
    Place {
        name: "tauri",
        allowed: &["desktop/window"],
    },
    Place {
        name: "keyring_core",
        allowed: &["desktop"],
    },
];

/// A crate of [`PLACES`] is named only where it belongs.
pub(super) fn crates_are_named_only_in_their_place(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        let strangers: Vec<&Place> = PLACES.iter().filter(|place| !place.takes(&file.path)).collect();
        for (number, line) in file.code() {
            for place in strangers.iter().filter(|place| names_crate(&line, place.name)) {
                let allowed = place.allowed.join(", ");
                findings.push(file.finding(number, format!("`{}` may be named only in {allowed}", place.name)));
            }
        }
    }
    findings
}

impl Place {
    fn takes(&self, path: &str) -> bool {
        self.allowed.iter().any(|pattern| lies_below(path, pattern))
    }
}

/// Whether a path is the pattern's module (`src/http.rs`), or lies in its folder (`src/http/people.rs`).
fn lies_below(path: &str, pattern: &str) -> bool {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let mut parts = path.split('/');
    pattern
        .split('/')
        .all(|wanted| parts.next().is_some_and(|part| wanted == "*" || wanted == part))
}

/// Whether a line of code names a crate: `use axum;`, `axum::Router`, `#[tauri::command]`.
fn names_crate(line: &str, name: &str) -> bool {
    let is_part_of_a_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(name).any(|(start, _)| {
        let (before, after) = (&line[..start], &line[start + name.len()..]);
        let starts_a_word = !before.ends_with(is_part_of_a_word) && !before.ends_with("::");
        let is_used = before
            .trim_start()
            .trim_start_matches("pub ")
            .trim_start_matches("pub(crate) ")
            == "use ";
        starts_a_word && (after.starts_with("::") || (is_used && !after.starts_with(is_part_of_a_word)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        crates_are_named_only_in_their_place(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn a_web_framework_belongs_into_http() {
        assert_eq!(found("backend/user-service/src/http.rs", "use axum::Router;\n"), 0);
        assert_eq!(
            found("backend/user-service/src/http/people.rs", "axum::Json(people)\n"),
            0
        );
        assert_eq!(found("backend/user-service/src/people.rs", "use axum::Json;\n"), 1);
    }

    #[test]
    fn a_database_belongs_into_a_store() {
        assert_eq!(
            found(
                "backend/chat-service/src/store/sqlite.rs",
                "use rusqlite::Connection;\n"
            ),
            0
        );
        assert_eq!(
            found(
                "backend/chat-service/src/log.rs",
                "fn read(c: &rusqlite::Connection) {}\n"
            ),
            1
        );
    }

    #[test]
    fn a_module_with_a_similar_name_is_another_place() {
        assert_eq!(
            found("backend/chat-service/src/storeroom.rs", "use rusqlite::Connection;\n"),
            1
        );
    }

    #[test]
    fn the_window_toolkit_belongs_into_desktop() {
        assert_eq!(found("desktop/window/src/relay.rs", "#[tauri::command]\n"), 0);
        assert_eq!(found("desktop/src/commands.rs", "#[tauri::command]\n"), 1);
        assert_eq!(found("crates/client/src/lib.rs", "#[tauri::command]\n"), 1);
    }

    #[test]
    fn a_whole_crate_may_not_be_imported_either() {
        assert_eq!(found("backend/user-service/src/people.rs", "use lettre;\n"), 1);
        assert_eq!(found("backend/user-service/src/people.rs", "use lettre as mail;\n"), 1);
    }

    #[test]
    fn a_word_that_only_contains_the_name_is_fine() {
        assert_eq!(
            found(
                "crates/client/src/lib.rs",
                "use predis::Thing;\nlet tauri_like = own::tauri::x();\n"
            ),
            0
        );
    }

    #[test]
    fn a_comment_may_name_any_crate() {
        assert_eq!(
            found("crates/client/src/lib.rs", "//! It never names tauri::anything.\n"),
            0
        );
    }
}
