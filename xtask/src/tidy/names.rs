//! Rules about names: a name says what a thing is, not what kind of thing it is.

use super::tree::{Finding, Tree};

/// Words that say nothing about the thing they name.
const EMPTY_WORDS: [&str; 9] = [
    "manager",
    "helper",
    "helpers",
    "util",
    "utils",
    "utility",
    "utilities",
    "common",
    "misc",
];

/// Names of functions that say nothing. As a noun, `process` is a word of the domain.
const EMPTY_VERBS: [&str; 3] = ["process", "handle_data", "handleData"];

/// What stands in front of a name that is being given.
const GIVING: [&str; 10] = [
    "struct",
    "enum",
    "trait",
    "type",
    "fn",
    "mod",
    "class",
    "interface",
    "function",
    "macro_rules!",
];

/// Neither an item nor a file nor a folder has a name that fits everything.
pub(super) fn names_say_what_a_thing_is(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        let parts = file.path.split('/').map(|part| part.split('.').next().unwrap_or(part));
        for part in parts.filter(|part| is_empty(part)) {
            findings.push(file.finding(1, format!("`{part}` in the path says nothing: name what is in there")));
        }
    }
    for file in tree.with_ending(&["rs", "ts", "tsx"]) {
        for (number, line) in file.code() {
            let given = given_name(&line);
            let empty = given.filter(|(giving, name)| is_empty(name) || is_empty_verb(giving, name));
            if let Some((_, name)) = empty {
                findings.push(file.finding(number, format!("`{name}` says nothing: name the thing, not its kind")));
            }
        }
    }
    findings
}

/// The name that this line gives to an item, behind the word that gives it.
fn given_name(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split_whitespace();
    let giving = words.find(|word| GIVING.contains(word))?;
    let name = words.next()?;
    let end = name
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(name.len());
    Some((giving, &name[..end]))
}

fn is_empty(name: &str) -> bool {
    words(name).iter().any(|word| EMPTY_WORDS.contains(&word.as_str()))
}

fn is_empty_verb(giving: &str, name: &str) -> bool {
    ["fn", "function"].contains(&giving) && EMPTY_VERBS.contains(&name)
}

/// The words of `SocketManager`, `socket_manager` or `socket-manager`, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in name.chars() {
        if letter.is_uppercase() || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        names_say_what_a_thing_is(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn a_name_from_the_domain_is_fine() {
        assert_eq!(
            found("a.rs", "pub(crate) struct Outbox;\nfn request_sign_in_code() {}\n"),
            0
        );
    }

    #[test]
    fn a_word_inside_another_word_is_fine() {
        assert_eq!(
            found(
                "a.rs",
                "fn contribute() {}\nstruct Communication;\nfn process_killed() {}\n"
            ),
            0
        );
    }

    #[test]
    fn an_empty_word_is_found_in_any_spelling() {
        assert_eq!(found("a.rs", "pub struct SocketManager {\n"), 1);
        assert_eq!(found("a.rs", "mod socket_manager;\n"), 1);
        assert_eq!(found("a.ts", "export function managerOf(x: number) {\n"), 1);
    }

    #[test]
    fn a_process_is_a_thing() {
        assert_eq!(found("backend/user-service/src/process.rs", "mod process;\n"), 0);
    }

    #[test]
    fn a_name_for_anything_is_found() {
        assert_eq!(found("a.rs", "pub fn process(input: &str) {}\n"), 1);
        assert_eq!(found("a.ts", "export function handleData(x: number) {\n"), 1);
    }

    #[test]
    fn a_folder_for_anything_is_found() {
        assert_eq!(found("desktop-ui/src/utils/time.ts", ""), 1);
    }

    #[test]
    fn a_comment_may_say_anything() {
        assert_eq!(found("a.rs", "// There is no struct SocketManager here.\n"), 0);
    }
}
