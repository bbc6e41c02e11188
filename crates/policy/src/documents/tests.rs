use std::collections::BTreeSet;

use boon::{Compiler, SchemaIndex, Schemas};
use roxmltree::{Document as Tree, Node, ParsingOptions};
use serde_json::{Value, json};

use super::*;
use crate::raw::Table;
use crate::reading::Reading;
use crate::schema::{Kind, SETTINGS};
use crate::source::json as json_source;

fn text(ending: &str) -> String {
    let found = all().into_iter().find(|document| document.path.ends_with(ending));
    found.unwrap().text
}

/// The tree of an XML file; property lists name a document type.
fn tree(text: &str) -> Tree<'_> {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    Tree::parse_with_options(text, options).unwrap()
}

/// The values of an attribute at all elements of a name.
fn attributes<'a>(tree: &'a Tree, element: &str, attribute: &str) -> Vec<&'a str> {
    let elements = tree
        .descendants()
        .filter(|node| node.has_tag_name((admx::NAMESPACE, element)));
    elements.filter_map(|node| node.attribute(attribute)).collect()
}

fn only_once(names: &[&str]) {
    let distinct: BTreeSet<&&str> = names.iter().collect();
    assert_eq!(distinct.len(), names.len(), "{names:?}");
}

fn keys() -> Vec<&'static str> {
    SETTINGS.iter().map(|setting| setting.key).collect()
}

/// The schema that editors use, and a compiler's view of it.
struct Editor {
    schemas: Schemas,
    schema: SchemaIndex,
}

impl Editor {
    fn new() -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        let schema: Value = serde_json::from_str(&text("policy.schema.json")).unwrap();
        compiler.add_resource("file:///policy.schema.json", schema).unwrap();
        let schema = compiler.compile("file:///policy.schema.json", &mut schemas).unwrap();
        Self { schemas, schema }
    }

    fn accepts(&self, value: &Value) -> bool {
        self.schemas.validate(value, self.schema).is_ok()
    }
}

/// Whether the app takes over everything of a file.
fn app_accepts(value: &Value) -> bool {
    let mut reading = Reading::default();
    reading.take("policy.json", &json_source::table(&value.to_string()).unwrap());
    reading.faults.is_empty()
}

#[test]
fn the_example_names_every_setting_and_is_right() {
    let example: Value = serde_json::from_str(&text("policy.example.json")).unwrap();

    let named: BTreeSet<&str> = example.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(named, keys().into_iter().chain(["$schema"]).collect());
    assert!(Editor::new().accepts(&example));
    assert!(app_accepts(&example));
}

#[test]
fn the_schema_and_the_app_accept_the_same_values() {
    let editor = Editor::new();
    for setting in SETTINGS {
        for right in setting.default_value().into_iter().chain([setting.example()]) {
            let file = json!({ setting.key: right });
            assert!(editor.accepts(&file) && app_accepts(&file), "{file}");
        }
    }
    let same = [
        json!({ "server_addresses": ["https://chat.example.org:8443/", "http://10.0.0.7"] }),
        json!({ "proxy_url": "socks5://proxy.example.org:1080" }),
        json!({ "extra_ca_file": "C:\\ProgramData\\ca.pem" }),
        json!({ "extra_ca_file": "\\\\server\\share\\ca.pem" }),
        json!({ "do_not_disturb_hours": "23:59-00:00" }),
        json!({ "cache_limit_days": 3650 }),
    ];
    for file in same {
        assert!(editor.accepts(&file) && app_accepts(&file), "{file}");
    }
}

#[test]
fn the_schema_and_the_app_refuse_the_same_values() {
    let editor = Editor::new();
    for setting in SETTINGS {
        for wrong in [
            json!(null),
            json!({}),
            json!(1.5),
            json!(-1),
            json!(""),
            json!([]),
            json!([1]),
            json!(4_294_967_296_u64),
        ] {
            let file = json!({ setting.key: wrong });
            assert!(!editor.accepts(&file) && !app_accepts(&file), "{file}");
        }
    }
    let wrong = [
        json!({ "colour": "amber" }),
        json!({ "auto_start": 1 }),
        json!({ "auto_start": "true" }),
        json!({ "update_channel": "Stable" }),
        json!({ "cache_limit_days": 3651 }),
        json!({ "cache_limit_days": "30" }),
        json!({ "server_addresses": "https://chat.example.org" }),
        json!({ "server_addresses": ["chat.example.org"] }),
        json!({ "server_addresses": ["https://chat.example.org/team"] }),
        json!({ "server_addresses": vec!["https://chat.example.org"; 21] }),
        json!({ "proxy_url": "http://ada:secret@proxy.example.org:3128" }),
        json!({ "extra_ca_file": "ca.pem" }),
        json!({ "do_not_disturb_hours": "7:00-8:00" }),
    ];
    for file in wrong {
        assert!(!editor.accepts(&file) && !app_accepts(&file), "{file}");
    }
}

#[test]
fn the_template_has_every_setting_once() {
    let template = text("loquat.admx");
    let template = tree(&template);

    assert_eq!(attributes(&template, "policy", "name"), keys());
    only_once(&attributes(&template, "category", "name"));
    for class in attributes(&template, "policy", "class") {
        assert_eq!(class, "Both");
    }
}

#[test]
fn what_the_template_writes_the_app_reads() {
    let template = text("loquat.admx");
    let template = tree(&template);
    for setting in SETTINGS {
        let is_it = |node: &Node| node.attribute("name") == Some(setting.key) && node.tag_name().name() == "policy";
        let policy = template.descendants().find(is_it).unwrap();
        let written: Vec<&str> = policy
            .descendants()
            .filter_map(|node| node.attribute("valueName"))
            .collect();
        let lists: Vec<&str> = policy
            .descendants()
            .filter(|node| node.tag_name().name() == "list")
            .filter_map(|node| node.attribute("key"))
            .collect();

        if matches!(setting.kind, Kind::List { .. }) {
            assert_eq!(lists, [format!(r"Software\Policies\Loquat\{}", setting.key)]);
        } else {
            assert_eq!(written, [setting.key]);
        }
    }
}

#[test]
fn every_word_that_the_template_asks_for_is_there_in_both_languages() {
    let template = text("loquat.admx");
    let asked: BTreeSet<&str> = template
        .split("$(")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .collect();
    for language in ["en-US/loquat.adml", "de-DE/loquat.adml"] {
        let resources = text(language);
        let resources = tree(&resources);
        let strings = attributes(&resources, "string", "id");
        let presentations = attributes(&resources, "presentation", "id");
        only_once(&strings);
        only_once(&presentations);
        let given = strings
            .iter()
            .map(|id| format!("string.{id}"))
            .chain(presentations.iter().map(|id| format!("presentation.{id}")));

        let given: BTreeSet<String> = given.collect();

        assert_eq!(
            given.iter().map(String::as_str).collect::<BTreeSet<_>>(),
            asked,
            "{language}"
        );
        let texts = resources
            .descendants()
            .filter(|node| node.has_tag_name((admx::NAMESPACE, "string")));
        for node in texts {
            assert!(!node.text().unwrap_or_default().trim().is_empty(), "{node:?}");
        }
    }
}

#[test]
fn the_editor_asks_for_what_the_template_has() {
    let template = text("loquat.admx");
    let template = tree(&template);
    let mut asked: Vec<&str> = ["decimal", "enum", "text", "list"]
        .iter()
        .flat_map(|kind| attributes(&template, kind, "id"))
        .collect();
    asked.sort_unstable();
    only_once(&asked);
    let resources = text("en-US/loquat.adml");
    let resources = tree(&resources);
    let mut shown: Vec<&str> = ["decimalTextBox", "dropdownList", "textBox", "listBox"]
        .iter()
        .flat_map(|kind| attributes(&resources, kind, "refId"))
        .collect();
    shown.sort_unstable();

    assert_eq!(shown, asked);
}

/// The only payload of the profile.
fn payload() -> plist::Dictionary {
    let profile = plist::Value::from_reader_xml(text(".mobileconfig").as_bytes()).unwrap();
    let content = profile.as_dictionary().unwrap()["PayloadContent"].as_array().unwrap();
    assert_eq!(content.len(), 1);
    content[0].as_dictionary().unwrap().clone()
}

#[test]
fn the_profile_sets_every_setting_and_the_app_takes_it_over() {
    let payload = payload();
    let settings: BTreeSet<&str> = payload
        .keys()
        .map(String::as_str)
        .filter(|key| !key.starts_with("Payload"))
        .collect();
    assert_eq!(settings, keys().into_iter().collect());
    assert_eq!(payload["PayloadType"].as_string(), Some(crate::APP_ID));

    let mut reading = Reading::default();
    let table: Table = crate::source::managed_preferences::table(&plist::Value::Dictionary(payload)).unwrap();
    reading.take("profile", &table);

    assert_eq!(reading.faults, []);
    assert_eq!(reading.set.len(), SETTINGS.len());
}

#[test]
fn the_manifest_describes_every_setting_once() {
    let manifest = plist::Value::from_reader_xml(text("manifest.plist").as_bytes()).unwrap();
    let subkeys = manifest.as_dictionary().unwrap()["pfm_subkeys"].as_array().unwrap();
    let names: Vec<&str> = subkeys
        .iter()
        .filter_map(|subkey| subkey.as_dictionary()?["pfm_name"].as_string())
        .filter(|name| !name.starts_with("Payload"))
        .collect();

    assert_eq!(names, keys());
}

#[test]
fn the_page_has_a_heading_for_every_setting() {
    let page = text("policy.md");
    for key in keys() {
        assert_eq!(page.matches(&format!("### `{key}`\n")).count(), 1, "{key}");
    }
}
