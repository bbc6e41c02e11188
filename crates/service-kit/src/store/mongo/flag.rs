//! Truth values in documents, for `#[serde(with = "service_kit::store::mongo::flag")]`.
//!
//! Read whatever a server made of them: some give one back as 0 or 1 once it was changed.

use serde::Serialize as _;
use serde::de::{self, Deserializer, Visitor};
use serde::ser::Serializer;

/// Writes a truth value as such.
pub fn serialize<S: Serializer>(value: &bool, serializer: S) -> Result<S::Ok, S::Error> {
    value.serialize(serializer)
}

/// Reads a truth value, or 0 or 1 of any width.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    deserializer.deserialize_any(BoolOrNumber)
}

struct BoolOrNumber;

impl Visitor<'_> for BoolOrNumber {
    type Value = bool;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("true, false, 1 or 0")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<bool, E> {
        Ok(value)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<bool, E> {
        match number {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(E::custom("neither 0 nor 1")),
        }
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<bool, E> {
        self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<bool, E> {
        if number.to_bits() == 0.0_f64.to_bits() {
            Ok(false)
        } else if number.to_bits() == 1.0_f64.to_bits() {
            Ok(true)
        } else {
            Err(E::custom("neither 0 nor 1"))
        }
    }
}
