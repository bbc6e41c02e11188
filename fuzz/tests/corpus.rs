//! Every kept input goes through its target in every test run, with a stable compiler.

use std::path::Path;

/// Runs a target on everything in its folder, and on what every target must bear.
fn run(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let mut seen = 0;
    for file in std::fs::read_dir(&folder).expect("the corpus has a folder for each target") {
        let path = file.expect("the folder can be listed").path();
        // A target that panics names no file; this line does.
        eprintln!("{}", path.display());
        target(&std::fs::read(&path).expect("an input can be read"));
        seen += 1;
    }
    assert!(seen >= 5, "{} has {seen} inputs", folder.display());
    target(b"");
    target("[".repeat(100_000).as_bytes());
    target(br#"{"type":"send","id":1,"body":"\ud800"}"#);
    target(&[0xFF; 64]);
}

#[test]
fn frames() {
    run("frames", fuzz::frames);
}

#[test]
fn rest_bodies() {
    run("rest_bodies", fuzz::rest_bodies);
}

#[test]
fn fold() {
    run("fold", fuzz::fold);
}

#[test]
fn mentions() {
    run("mentions", fuzz::mentions);
}
