//! What may be typed.

use super::*;

fn wanted(text: &str) -> Vec<String> {
    let parsed = parse(text).unwrap();
    parsed.wanted.iter().map(written).collect()
}

fn written(term: &Term) -> String {
    let star = if term.is_prefix { "*" } else { "" };
    format!("{}{star}", term.words.join(" "))
}

fn filters(text: &str) -> Vec<String> {
    let parsed = parse(text).unwrap();
    let written = |filtered: &Filtered| {
        let minus = if filtered.is_excluded { "-" } else { "" };
        format!("{minus}{}:{}", filtered.by.name(), filtered.value)
    };
    parsed.filters.iter().map(written).collect()
}

#[test]
fn the_last_word_may_be_a_beginning_until_a_space_follows() {
    assert_eq!(wanted("green apple"), ["green", "apple*"]);
    assert_eq!(wanted("green apple "), ["green", "apple"]);
    assert_eq!(wanted("a"), ["a"], "one letter begins too much");
    assert_eq!(wanted("app* green "), ["app*", "green"]);
}

#[test]
fn quotes_hold_words_together_and_need_no_end() {
    assert_eq!(wanted("\"green apple\" pie"), ["green apple", "pie*"]);
    assert_eq!(wanted("\"green app"), ["green app*"]);
    assert_eq!(wanted("„grüner Apfel“ x "), ["gruner apfel", "x"]);
    assert_eq!(wanted("don't "), ["don t"]);
    assert_eq!(wanted("a\"b c\" "), ["a", "b c"]);
}

#[test]
fn a_minus_before_a_word_leaves_it_out_and_inside_one_does_not() {
    let parsed = parse("pie -apple -\"with cream\" e-mail - ").unwrap();
    let unwanted: Vec<String> = parsed.unwanted.iter().map(written).collect();
    assert_eq!(unwanted, ["apple", "with cream"]);
    assert_eq!(wanted("pie -apple e-mail "), ["pie", "e mail"]);
}

#[test]
fn filters_have_values_and_quotes() {
    assert_eq!(
        filters("from:ben In:\"the kitchen\" VOR:2026-01-01 -von:ada after: on:today"),
        [
            "from:ben",
            "in:the kitchen",
            "before:2026-01-01",
            "-from:ada",
            "on:today"
        ]
    );
    assert_eq!(wanted("from:ben pie "), ["pie"]);
    assert_eq!(filters("from: "), [""; 0], "it is just being typed");
}

#[test]
fn what_is_no_filter_is_words() {
    assert_eq!(wanted("http://example.org/a?b=c "), ["http example org a b c"]);
    assert_eq!(wanted("note:ben "), ["note ben"]);
    assert_eq!(
        wanted("AND OR NOT NEAR( ^ ) { } \" ' ; -- "),
        ["and", "or", "not", "near"]
    );
    assert_eq!(wanted("🍐 ... "), [""; 0]);
}

#[test]
fn a_run_without_spaces_is_a_row_of_pairs() {
    assert_eq!(wanted("東京都 "), ["東京 京都"]);
    assert_eq!(wanted("京 "), ["京*"], "one character is the first of a pair, or alone");
    assert_eq!(wanted("東京 大阪 "), ["東京", "大阪"]);
    assert_eq!(wanted("x京 "), ["x 京*"]);
}

#[test]
fn what_nobody_typed_is_refused() {
    let many = "word ".repeat(33);
    for text in [many.as_str(), &"x".repeat(1_001), &"\"".repeat(1_001)] {
        assert_eq!(parse(text).unwrap_err().kind, SearchProblemKind::TooLong);
    }
    assert!(parse(&"word ".repeat(32)).is_ok());
}

#[test]
fn anything_can_be_typed() {
    let pieces = [
        "\"", "-", ":", "from:", "in:", "on:", "*", " ", "é", "東", "\u{0}", "'", ")", "<@", "%", "\\", "\u{301}",
    ];
    for seed in 0..5_000_usize {
        let mut state = seed;
        let mut text = String::new();
        for _ in 0..(seed % 12) {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(state >> 33) % pieces.len()]);
        }
        let parsed = parse(&text).unwrap_or_else(|problem| panic!("{text:?}: {problem:?}"));
        let all = parsed.wanted.iter().chain(&parsed.unwanted);
        assert!(
            all.flat_map(|term| &term.words).all(|word| !word.is_empty()),
            "{text:?}"
        );
    }
}
