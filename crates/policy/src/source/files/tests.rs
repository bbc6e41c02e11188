use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use tempfile::TempDir;

use super::*;
use crate::policy::Policy;

/// A folder of an organisation, written by whoever runs the tests.
struct Folder {
    folder: TempDir,
    administrator: Administrator,
}

impl Folder {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        // The folder for temporary files may be called by a link.
        let owner = folder.path().metadata().unwrap().uid();
        fs::create_dir(folder.path().join("policy.d")).unwrap();
        let made = Self {
            folder,
            administrator: Administrator::user(owner),
        };
        made.chmod("policy.d", 0o755);
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
        self.chmod(name, 0o644);
    }

    fn chmod(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    fn read(&self) -> Reading {
        PolicyFiles::in_folder(self.folder.path(), self.administrator).read()
    }

    /// What is said about the file of this name.
    fn fault(&self, name: &str) -> String {
        let reading = self.read();
        assert_eq!(reading.policy, Policy::default());
        let said: Vec<String> = reading.faults.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with(&self.path(name).display().to_string()), "{said:?}");
        said[0].clone()
    }
}

#[test]
fn a_machine_without_a_policy_has_an_empty_one() {
    let files = PolicyFiles::in_folder("/nowhere/loquat", Administrator::ROOT);

    assert_eq!(files.read(), Reading::default());
}

#[test]
fn the_file_of_the_organisation_is_read() {
    let folder = Folder::new();
    folder.write(
        "policy.json",
        r#"{"server_addresses": ["https://chat.example.org"], "cache_limit_days": 30}"#,
    );

    let reading = folder.read();

    assert_eq!(reading.faults, []);
    assert_eq!(
        reading.policy.server_addresses,
        Some(vec!["https://chat.example.org".to_owned()])
    );
    assert_eq!(reading.policy.cache_limit_days, Some(30));
    assert_eq!(
        reading.set["cache_limit_days"].place,
        folder.path("policy.json").display().to_string()
    );
}

#[test]
fn more_files_are_read_in_the_order_of_their_names() {
    let folder = Folder::new();
    folder.write("policy.json", r#"{"cache_limit_days": 30, "auto_start": true}"#);
    folder.write(
        "policy.d/50-branch.json",
        r#"{"cache_limit_days": 7, "log_level": "debug"}"#,
    );
    folder.write(
        "policy.d/10-company.json",
        r#"{"cache_limit_days": 14, "log_level": "warn"}"#,
    );
    folder.write("policy.d/99-notes.txt", "not a policy");
    folder.write("policy.d/.99-half.json", "{");

    let reading = folder.read();

    assert_eq!(reading.faults, []);
    assert_eq!(reading.policy.cache_limit_days, Some(7));
    assert_eq!(reading.policy.log_level, Some(crate::policy::LogLevel::Debug));
    assert_eq!(reading.policy.auto_start, Some(true));
}

#[test]
fn a_broken_file_takes_no_other_with_it() {
    let folder = Folder::new();
    folder.write("policy.json", "{ cache_limit_days: 30 }");
    folder.write("policy.d/10-company.json", r#"{"auto_start": true}"#);

    let reading = folder.read();

    assert_eq!(reading.policy.auto_start, Some(true));
    assert_eq!(reading.faults.len(), 1);
    assert!(reading.faults[0].to_string().contains("line 1"), "{:?}", reading.faults);
}

#[test]
fn a_file_that_others_can_write_is_refused() {
    for mode in [0o664, 0o646, 0o666] {
        let folder = Folder::new();
        folder.write("policy.json", r#"{"auto_start": true}"#);
        folder.chmod("policy.json", mode);

        let said = folder.fault("policy.json");

        assert!(
            said.contains("it can be written by others") && said.contains("chmod go-w"),
            "{said}"
        );
    }
}

#[test]
fn a_file_of_somebody_else_is_refused() {
    let mut folder = Folder::new();
    let owner = folder.path("policy.d").metadata().unwrap().uid();
    folder.write("policy.json", r#"{"auto_start": true}"#);
    folder.administrator = Administrator::user(owner + 1);

    assert!(
        folder
            .fault("policy.json")
            .contains(&format!("belongs to user {owner}"))
    );
}

#[test]
fn a_file_in_a_folder_that_others_can_write_is_refused() {
    let folder = Folder::new();
    folder.write("policy.d/10-company.json", r#"{"auto_start": true}"#);
    folder.chmod("policy.d", 0o777);

    assert!(folder.fault("policy.d/10-company.json").contains("its folder"));
}

#[test]
fn a_link_is_as_good_as_the_file_it_leads_to() {
    let folder = Folder::new();
    let theirs = Folder::new();
    theirs.write("mine.json", r#"{"auto_start": true}"#);
    symlink(theirs.path("mine.json"), folder.path("policy.json")).unwrap();
    assert_eq!(folder.read().policy.auto_start, Some(true));

    theirs.chmod("mine.json", 0o666);

    assert!(folder.fault("policy.json").contains("written by others"));
}

#[test]
fn a_file_without_an_end_is_not_read_to_its_end() {
    let folder = Folder::new();
    folder.write("policy.json", &" ".repeat(2 * 1024 * 1024));

    assert!(folder.fault("policy.json").contains("longer than"));
}

#[test]
fn a_folder_in_the_place_of_the_file_is_no_policy() {
    let folder = Folder::new();
    fs::create_dir(folder.path("policy.json")).unwrap();
    folder.chmod("policy.json", 0o755);

    assert!(folder.fault("policy.json").contains("not a file"));
}
