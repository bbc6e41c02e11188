//! Windows: the keys that group policy writes, for the computer and for the person. What is set for the computer wins.

use crate::raw::{Raw, Table};

#[cfg(windows)]
mod system;
#[cfg(test)]
mod tests;

#[cfg(windows)]
pub use self::system::Registry;

/// A value of the registry, as far as settings use its kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RegistryValue {
    /// `REG_DWORD` or `REG_QWORD`.
    Word(u64),
    /// `REG_SZ`.
    Text(String),
    /// `REG_MULTI_SZ`.
    Texts(Vec<String>),
    /// Any other kind.
    Odd,
}

/// One key: its values and the values of the keys directly below it, by their names.
#[derive(Debug, Default)]
pub(crate) struct Key {
    pub(crate) values: Vec<(String, RegistryValue)>,
    pub(crate) keys: Vec<(String, Vec<(String, RegistryValue)>)>,
}

/// The settings of a key. Names of the registry know no upper and lower case.
pub(crate) fn table(key: Key) -> Table {
    let values = key.values.into_iter().filter(|(name, _)| !is_unnamed(name));
    let mut table: Table = values.map(|(name, value)| (name.to_lowercase(), raw(value))).collect();
    for (name, items) in key.keys {
        table.insert(name.to_lowercase(), list(items));
    }
    table
}

fn raw(value: RegistryValue) -> Raw {
    match value {
        RegistryValue::Word(number) => Raw::Word(number),
        RegistryValue::Text(text) => Raw::Text(text),
        RegistryValue::Texts(texts) => Raw::List(texts.into_iter().map(Raw::Text).collect()),
        RegistryValue::Odd => Raw::Odd("of a kind that no setting has"),
    }
}

/// Group policy writes a list as a key of its own with the values 1, 2, 3, …, and does not keep them in order.
fn list(mut items: Vec<(String, RegistryValue)>) -> Raw {
    items.retain(|(name, _)| !is_unnamed(name));
    items.sort_by_key(|(name, _)| (name.parse::<u32>().unwrap_or(u32::MAX), name.clone()));
    Raw::List(items.into_iter().map(|(_, value)| raw(value)).collect())
}

/// Every key has a value without a name, and group policy marks what it took away with `**`.
fn is_unnamed(name: &str) -> bool {
    name.is_empty() || name.starts_with("**")
}
