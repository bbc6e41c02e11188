//! Dates as people type them, as moments.

use protocol::UnixMs;

const DAY_MS: UnixMs = 24 * 60 * 60 * 1000;

/// Where and when a person is: what "today" means to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Today {
    pub(crate) now: UnixMs,
    pub(crate) utc_offset_minutes: i32,
}

/// The first moment of a day, month or year, and the first one behind it. None for what is no date.
///
/// Days of the past begin where they would with today's distance from UTC: in the other half of the year this is up to an
/// hour beside the clock that was on the wall.
pub(crate) fn span(text: &str, today: Today) -> Option<(UnixMs, UnixMs)> {
    let offset_ms = UnixMs::from(today.utc_offset_minutes.clamp(-24 * 60, 24 * 60)) * 60_000;
    let current = today.now.saturating_add(offset_ms).div_euclid(DAY_MS);
    let (first, behind) = match text.to_lowercase().as_str() {
        "today" | "heute" => (current, current + 1),
        "yesterday" | "gestern" => (current - 1, current),
        text => ago(text, current).or_else(|| written(text))?,
    };
    Some((first * DAY_MS - offset_ms, behind * DAY_MS - offset_ms))
}

/// The day so long ago: `7d`, `2w`, `3m`, `1y`.
fn ago(text: &str, current: i64) -> Option<(i64, i64)> {
    let unit = text.chars().last()?;
    let count = text.strip_suffix(unit).filter(|digits| digits.len() <= 4)?;
    let count: i64 = digits(count)?;
    let (year, month, day) = civil(current);
    let months_back = |months: i64| {
        let month = year * 12 + month - 1 - months;
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
        days(year, month, day.min(month_length(year, month)))
    };
    let then = match unit {
        'd' => current - count,
        'w' => current - 7 * count,
        'm' => months_back(count),
        'y' => months_back(12 * count),
        _ => return None,
    };
    Some((then, then + 1))
}

/// `2026-03-14`, `2026-03` or `2026`, as days since 1970.
fn written(text: &str) -> Option<(i64, i64)> {
    let mut parts = text.split('-');
    let year = parts.next().filter(|year| year.len() == 4).and_then(digits)?;
    let mut two = || {
        parts
            .next()
            .map(|part| Some(part).filter(|part| part.len() == 2).and_then(digits))
    };
    let (month, day) = (two(), two());
    let is_over = parts.next().is_none();
    match (month, day) {
        (None, None) => Some((days(year, 1, 1), days(year + 1, 1, 1))),
        (Some(month), None) => {
            let month = month.filter(|month| (1..=12).contains(month))?;
            let first = days(year, month, 1);
            Some((first, first + month_length(year, month)))
        }
        (Some(month), Some(day)) if is_over => {
            let month = month.filter(|month| (1..=12).contains(month))?;
            let day = day.filter(|day| (1..=month_length(year, month)).contains(day))?;
            let first = days(year, month, day);
            Some((first, first + 1))
        }
        _ => None,
    }
}

fn digits(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

fn month_length(year: i64, month: i64) -> i64 {
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days(next_year, next, 1) - days(year, month, 1)
}

/// Days since 1970-01-01 in the Gregorian calendar. Years are counted from March, so that the leap day is their last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of a day since 1970-01-01.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let (era, day_of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-14 23:30 UTC.
    const NOW: UnixMs = 1_773_531_000_000;

    fn utc(text: &str) -> Option<(UnixMs, UnixMs)> {
        let today = Today {
            now: NOW,
            utc_offset_minutes: 0,
        };
        span(text, today)
    }

    #[test]
    fn days_months_and_years_are_spans() {
        let day = utc("2026-03-14").unwrap();
        assert_eq!(day, (1_773_446_400_000, 1_773_446_400_000 + DAY_MS));
        assert_eq!(utc("1970-01-01"), Some((0, DAY_MS)));
        let february = utc("2024-02").unwrap();
        assert_eq!((february.1 - february.0) / DAY_MS, 29);
        let year = utc("1900").unwrap();
        assert_eq!((year.1 - year.0) / DAY_MS, 365);
        assert_eq!(utc("2026-12").unwrap().1, utc("2027-01-01").unwrap().0);
    }

    #[test]
    fn relative_days_count_from_the_persons_own_today() {
        assert_eq!(utc("today"), utc("2026-03-14"));
        assert_eq!(utc("Gestern"), utc("2026-03-13"));
        assert_eq!(utc("14d"), utc("2026-02-28"));
        assert_eq!(utc("2w"), utc("14d"));
        assert_eq!(utc("1m"), utc("2026-02-14"));
        assert_eq!(utc("3y"), utc("2023-03-14"));
        let berlin = Today {
            now: NOW,
            utc_offset_minutes: 60,
        };
        let (first, _) = span("today", berlin).unwrap();
        assert_eq!(first, utc("2026-03-15").unwrap().0 - 60 * 60_000);
    }

    #[test]
    fn the_last_day_of_a_month_has_one_in_every_month() {
        let today = Today {
            now: utc("2026-03-31").unwrap().0,
            utc_offset_minutes: 0,
        };
        assert_eq!(span("1m", today), utc("2026-02-28"));
        assert_eq!(span("13m", today), utc("2025-02-28"));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "-",
            "2026-13",
            "2026-02-30",
            "2026-3-1",
            "26",
            "d",
            "99999d",
            "２０２６",
            "2026-01-01-01",
            "1x",
            "-7d",
        ] {
            assert_eq!(utc(text), None, "{text}");
        }
    }

    #[test]
    fn every_day_there_and_back_is_the_same_day() {
        for day in (-800_000..800_000).step_by(7) {
            let (year, month, of_month) = civil(day);
            assert_eq!(days(year, month, of_month), day);
        }
    }
}
