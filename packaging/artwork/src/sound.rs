//! The sound of a notification: three soft tones, one after the other, shorter than a second and quiet.
//!
//! It is made from nothing but sines, so it belongs to nobody else.

use std::f64::consts::TAU;

/// Samples in a second.
const RATE: u32 = 44_100;

/// How long the whole sound is.
const LENGTH_S: f64 = 0.75;

/// The loudest it may get: a fifth of what a file can hold, so that it never startles.
const LOUDEST: f64 = 0.2;

/// How fast a tone comes; a sudden start would click.
const RISE_S: f64 = 0.008;

/// How long the end fades out, so that it does not click either.
const FADE_S: f64 = 0.05;

/// One tone: E, G sharp and B, of which the last one stays longest.
struct Tone {
    starts_s: f64,
    hertz: f64,
    loudness: f64,
    /// After how long a third of it is left.
    decay_s: f64,
}

const TONES: [Tone; 3] = [
    Tone {
        starts_s: 0.0,
        hertz: 659.26,
        loudness: 0.7,
        decay_s: 0.12,
    },
    Tone {
        starts_s: 0.09,
        hertz: 830.61,
        loudness: 0.7,
        decay_s: 0.12,
    },
    Tone {
        starts_s: 0.18,
        hertz: 987.77,
        loudness: 0.8,
        decay_s: 0.16,
    },
];

/// The sound as a WAV: one channel of 16 bits.
pub(crate) fn message() -> Vec<u8> {
    wav(&samples())
}

fn samples() -> Vec<i16> {
    let count = (LENGTH_S * f64::from(RATE)).round();
    let mut samples = Vec::new();
    let mut index = 0.0;
    while index < count {
        let at_s = index / f64::from(RATE);
        let tones: f64 = TONES.iter().map(|tone| tone.at(at_s)).sum();
        let fade = ((LENGTH_S - at_s) / FADE_S).min(1.0);
        samples.push(sample(tones * fade * LOUDEST));
        index += 1.0;
    }
    samples
}

impl Tone {
    /// Between -1 and 1: the tone, with a little of its octave, which makes it sound like wood rather than a machine.
    fn at(&self, at_s: f64) -> f64 {
        let since_s = at_s - self.starts_s;
        if since_s < 0.0 {
            return 0.0;
        }
        let rise = (since_s / RISE_S).min(1.0);
        let decay = (-since_s / self.decay_s).exp();
        let turns = since_s * self.hertz * TAU;
        let wood = turns.sin() * 0.85 + (2.0 * turns).sin() * 0.15;
        wood * rise * decay * self.loudness
    }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to what fits")]
fn sample(value: f64) -> i16 {
    (value.clamp(-1.0, 1.0) * f64::from(i16::MAX)).round() as i16
}

fn wav(samples: &[i16]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    let mut file = b"RIFF".to_vec();
    file.extend((36 + length).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend(1_u16.to_le_bytes()); // plain samples
    file.extend(1_u16.to_le_bytes()); // one channel
    file.extend(RATE.to_le_bytes());
    file.extend((RATE * 2).to_le_bytes());
    file.extend(2_u16.to_le_bytes());
    file.extend(16_u16.to_le_bytes());
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.extend(data);
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_quiet_and_begins_and_ends_in_silence() {
        let samples = samples();

        let loudest = samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
        assert!((2_000..=8_000).contains(&loudest), "{loudest}");
        assert_eq!(samples[0], 0);
        assert!(samples.last().unwrap().unsigned_abs() < 20);
    }

    #[test]
    fn it_never_jumps_which_would_click() {
        let samples = samples();

        let steepest = samples.windows(2).map(|pair| pair[0].abs_diff(pair[1])).max().unwrap();
        assert!(steepest < 1_500, "{steepest}");
    }

    #[test]
    fn the_file_is_as_long_as_it_says() {
        let file = message();

        let length = u32::from_le_bytes(file[4..8].try_into().unwrap());
        assert_eq!(length as usize + 8, file.len());
        assert_eq!(&file[..4], b"RIFF");
        assert_eq!(file.len(), 44 + 2 * 33_075);
    }
}
