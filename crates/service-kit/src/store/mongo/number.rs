//! Integers in documents, for `#[serde(with = "service_kit::store::mongo::number")]`.
//!
//! Written with 64 bits. Read whatever a server made of them: some give small ones back with 32 bits, and some tools
//! write whole numbers as floating point.

use serde::de::{self, Deserializer, Visitor};
use serde::ser::{self, Serializer};

/// Writes a number with 64 bits.
pub fn serialize<T, S>(number: &T, serializer: S) -> Result<S::Ok, S::Error>
where
    T: Copy + TryInto<i64>,
    S: Serializer,
{
    let number = (*number).try_into();
    serializer.serialize_i64(number.map_err(|_| ser::Error::custom("a number beyond 63 bits"))?)
}

/// Reads a whole number of any width.
pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: TryFrom<i64>,
    D: Deserializer<'de>,
{
    let number = deserializer.deserialize_any(AnyWidth)?;
    T::try_from(number).map_err(|_| de::Error::custom("a number out of range"))
}

struct AnyWidth;

impl Visitor<'_> for AnyWidth {
    type Value = i64;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a whole number")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<i64, E> {
        Ok(number)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<i64, E> {
        i64::try_from(number).map_err(E::custom)
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<i64, E> {
        #[expect(clippy::cast_possible_truncation, reason = "compared with what it was")]
        let whole = number as i64;
        #[expect(clippy::cast_precision_loss, reason = "compared with what it was")]
        let back = whole as f64;
        if back.to_bits() == number.to_bits() {
            Ok(whole)
        } else {
            Err(E::custom("not a whole number"))
        }
    }
}

/// The same for a number that may be missing; with `#[serde(default)]` the field may be, too.
pub mod optional {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes a number with 64 bits, or null.
    pub fn serialize<T, S>(number: &Option<T>, serializer: S) -> Result<S::Ok, S::Error>
    where
        T: Copy + TryInto<i64>,
        S: Serializer,
    {
        number.as_ref().map(Written).serialize(serializer)
    }

    /// Reads a whole number of any width, or null.
    pub fn deserialize<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
    where
        T: TryFrom<i64>,
        D: Deserializer<'de>,
    {
        let number = Option::<Read<T>>::deserialize(deserializer)?;
        Ok(number.map(|Read(number)| number))
    }

    struct Written<'a, T>(&'a T);

    impl<T: Copy + TryInto<i64>> Serialize for Written<'_, T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            super::serialize(self.0, serializer)
        }
    }

    struct Read<T>(T);

    impl<'de, T: TryFrom<i64>> Deserialize<'de> for Read<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            super::deserialize(deserializer).map(Self)
        }
    }
}
