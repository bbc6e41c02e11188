//! Property lists as XML, which macOS and its device managements read.

use serde_json::Value;

use super::xml::Element;

/// What stands above every property list.
const DOCUMENT_TYPE: &str = "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
                             \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n";

/// A dictionary in the order in which its keys are added.
#[derive(Debug)]
pub(super) struct Dictionary(Vec<Element>);

impl Dictionary {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn with(mut self, key: &str, value: Element) -> Self {
        self.0.extend([Element::new("key").text(key), value]);
        self
    }

    pub(super) fn text(self, key: &str, text: impl ToString) -> Self {
        self.with(key, string(text))
    }

    pub(super) fn number(self, key: &str, number: u32) -> Self {
        self.with(key, Element::new("integer").text(number))
    }

    pub(super) fn element(self) -> Element {
        Element::new("dict").children(self.0)
    }

    pub(super) fn file(self) -> String {
        Element::new("plist")
            .with("version", "1.0")
            .child(self.element())
            .file(&format!(
                "{DOCUMENT_TYPE}<!-- Written by `cargo xtask codegen` from crates/policy. -->\n"
            ))
    }
}

pub(super) fn string(text: impl ToString) -> Element {
    Element::new("string").text(text)
}

pub(super) fn array(items: impl IntoIterator<Item = Element>) -> Element {
    Element::new("array").children(items)
}

/// A value of a setting, which is a switch, a number, a text or a list of texts.
pub(super) fn value(value: &Value) -> Element {
    match value {
        Value::Bool(true) => Element::new("true"),
        Value::Bool(false) => Element::new("false"),
        Value::Number(number) => Element::new("integer").text(number),
        Value::Array(items) => array(items.iter().map(self::value)),
        Value::String(text) => string(text),
        Value::Null | Value::Object(_) => string(value),
    }
}
