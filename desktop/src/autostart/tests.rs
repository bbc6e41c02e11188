//! The entry, and who decides about it.

use std::path::Path;

use policy::{Policy, Reading};
use tempfile::TempDir;

use super::*;

fn decided(auto_start: Option<bool>) -> Organisation {
    Organisation::of(Reading {
        policy: Policy {
            auto_start,
            ..Policy::default()
        },
        ..Reading::default()
    })
}

fn autostart(folder: &TempDir, organisation: Organisation) -> Autostart {
    Autostart {
        entry: Entry::in_folder(&folder.path().join("autostart"), "/opt/my apps/loquat".into()),
        organisation,
    }
}

fn entry(folder: &TempDir) -> PathBuf {
    folder.path().join("autostart/org.loquat.desktop.desktop")
}

#[test]
fn it_is_off_until_somebody_switches_it_on_and_can_be_switched_off_again() {
    let folder = tempfile::tempdir().unwrap();
    let autostart = autostart(&folder, decided(None));
    let view = |on| AutostartView {
        on,
        possible: true,
        decided: false,
    };
    assert_eq!(autostart.view(), view(false));

    autostart.set(true).unwrap();
    assert_eq!(autostart.view(), view(true));
    let text = std::fs::read_to_string(entry(&folder)).unwrap();
    assert!(text.contains("Exec=\"/opt/my apps/loquat\" --hidden\n"), "{text}");

    autostart.set(false).unwrap();
    autostart.set(false).unwrap();
    assert_eq!(autostart.view(), view(false));
    assert!(!entry(&folder).exists());
}

#[test]
fn an_entry_that_the_system_switched_off_is_off() {
    for line in ["Hidden=true", "X-GNOME-Autostart-enabled=false", "Hidden = true"] {
        let folder = tempfile::tempdir().unwrap();
        let autostart = autostart(&folder, decided(None));
        autostart.set(true).unwrap();
        let text = std::fs::read_to_string(entry(&folder)).unwrap();
        std::fs::write(entry(&folder), format!("{text}{line}\n")).unwrap();
        assert!(!autostart.view().on, "{line}");
    }
}

#[tokio::test]
async fn what_the_organisation_decided_is_done_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let on = autostart(&folder, decided(Some(true)));
    let obeying = tokio::time::timeout(std::time::Duration::ZERO, on.obey()).await;
    assert!(obeying.is_err(), "it goes on as long as the app");
    assert!(on.view().on && on.view().decided);

    on.set(false).unwrap();
    assert!(on.view().on);

    let off = autostart(&folder, decided(Some(false)));
    off.set(true).unwrap();
    assert!(!off.view().on);
}

#[test]
fn a_path_that_cannot_be_written_down_has_no_entry() {
    for path in ["/opt/a\nExec=evil", "/opt/a=b"] {
        assert!(Entry::in_folder(Path::new("/nowhere"), path.into()).is_none());
    }
}

/// Written twice over: as an argument in quotes, and as a string of a desktop entry.
#[test]
fn signs_with_a_meaning_are_only_signs() {
    let folder = tempfile::tempdir().unwrap();
    let entry = Entry::in_folder(folder.path(), r#"/opt/50% $HOME `x` \ "q"/loquat"#.into()).unwrap();
    entry.put().unwrap();
    let text = std::fs::read_to_string(folder.path().join("org.loquat.desktop.desktop")).unwrap();
    let expected = r#"Exec="/opt/50%% \\$HOME \\`x\\` \\\\ \\"q\\"/loquat" --hidden"#;
    assert!(text.lines().any(|line| line == expected), "{text}");
}
