//! What administrators work with, written from the schema: templates for group policy, a profile and a manifest for
//! device management, a JSON schema with an example, and the reference page.
//!
//! The documents are committed and compared with what this writes, so the same schema always gives the same bytes.

mod adml;
mod admx;
mod json_schema;
mod manifest;
mod mobileconfig;
mod plist_xml;
mod reference;
#[cfg(test)]
mod tests;
mod xml;

use crate::schema::Words;

/// One generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// From the root of the repository, with forward slashes.
    pub path: &'static str,
    pub text: String,
}

/// A language of the templates for group policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
}

impl Language {
    fn of(self, words: Words) -> &'static str {
        match self {
            Self::English => words.en,
            Self::German => words.de,
        }
    }
}

/// The folder that holds everything but the reference page.
pub const FOLDER: &str = "packaging/policy";

/// Every document, in a fixed order.
pub fn all() -> Vec<Document> {
    let document = |path, text| Document { path, text };
    vec![
        document("packaging/policy/linux/policy.schema.json", json_schema::schema()),
        document("packaging/policy/linux/policy.example.json", json_schema::example()),
        document(
            "packaging/policy/macos/org.loquat.desktop.mobileconfig",
            mobileconfig::profile(),
        ),
        document(
            "packaging/policy/macos/org.loquat.desktop.manifest.plist",
            manifest::manifest(),
        ),
        document("packaging/policy/windows/loquat.admx", admx::template()),
        document(
            "packaging/policy/windows/en-US/loquat.adml",
            adml::resources(Language::English),
        ),
        document(
            "packaging/policy/windows/de-DE/loquat.adml",
            adml::resources(Language::German),
        ),
        document("docs/reference/policy.md", reference::page()),
    ]
}
