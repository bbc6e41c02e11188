//! The clock on the wall of this computer.

/// Answers the minutes since midnight, where this computer stands.
pub(crate) type LocalTime = fn() -> u16;

/// Minutes since midnight now. A computer whose zone cannot be read goes by UTC.
pub(crate) fn minute_of_day() -> u16 {
    let now = jiff::Zoned::now();
    u16::try_from(i32::from(now.hour()) * 60 + i32::from(now.minute())).unwrap_or_default()
}
