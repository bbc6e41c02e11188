//! The page of all settings, for people who look one up.

use crate::schema::{self, Binding, Kind, Setting, Topic};

const HEAD: &str = "\
# Policy

<!-- Written by `cargo xtask codegen` from crates/policy. -->

What an organisation can set for the desktop app. [Manage many machines](../how-to/manage-many-machines.md) says where
to put it on each system. A key has the same name everywhere.

Where people may not change a setting, the app shows it as set by the organisation. Where they may, it counts until
they choose for themselves. What is not set is left to the person, or is the default.

A key that is not listed here, and a value that is not right, is named in the log and in the app's settings, and
ignored; everything else counts.
";

pub(super) fn page() -> String {
    let topics = Topic::ALL.map(chapter);
    format!("{HEAD}{}", topics.concat())
}

fn chapter(topic: Topic) -> String {
    let sections: Vec<String> = schema::of(topic).map(section).collect();
    format!("\n## {}\n{}", topic.words().en, sections.concat())
}

fn section(setting: &Setting) -> String {
    let kind = match setting.kind {
        Kind::Flag { .. } => "true or false",
        Kind::Number { .. } => "number",
        Kind::Choice { .. } => "choice",
        Kind::Text { .. } => "text",
        Kind::List { .. } => "list of texts",
    };
    let may_change = match setting.binding {
        Binding::Fixed => "no",
        Binding::Initial => "yes",
    };
    let default = setting
        .default_value()
        .map_or_else(|| "none".to_owned(), |value| format!("`{value}`"));
    let example = setting.example();
    format!(
        "\n### `{}`\n\n{}\n\n| type | default | example | people may change it | since |\n|---|---|---|---|---|\n\
         | {kind} | {default} | `{example}` | {may_change} | {} |\n{}",
        setting.key,
        setting.sentence.en,
        setting.since,
        right_values(setting)
    )
}

/// What a value may be, where the type does not say it.
fn right_values(setting: &Setting) -> String {
    match &setting.kind {
        Kind::Flag { .. } => String::new(),
        Kind::Choice { choices, .. } => {
            let row = |choice: &schema::Choice| format!("- `\"{}\"`: {}\n", choice.word, lower(choice.words.en));
            let rows: Vec<String> = choices.iter().map(row).collect();
            format!("\n{}", rows.concat())
        }
        _ => format!("\nIt is {}.\n", setting.expected().en),
    }
}

/// The words in the middle of a sentence.
fn lower(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
