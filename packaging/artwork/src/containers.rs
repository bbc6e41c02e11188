//! Files that hold one icon in several sizes, each as a PNG: ICO for Windows and ICNS for macOS.

use anyhow::Context;

/// A PNG and how many pixels each side has.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) side: u16,
    pub(crate) png: Vec<u8>,
}

/// How long the head of an ICO is, and each entry of its directory.
const ICO_HEAD: usize = 6;
const ICO_ENTRY: usize = 16;

/// How long the head of an ICNS is, and that of each of its parts.
const ICNS_HEAD: usize = 8;

/// An icon of Windows; its pictures have at most 256 pixels on each side.
pub(crate) fn ico(pictures: &[Picture]) -> anyhow::Result<Vec<u8>> {
    let count = u16::try_from(pictures.len())?;
    let mut file = Vec::new();
    file.extend(0_u16.to_le_bytes());
    file.extend(1_u16.to_le_bytes()); // an icon, not a cursor
    file.extend(count.to_le_bytes());
    let mut offset = ICO_HEAD + ICO_ENTRY * pictures.len();
    for picture in pictures {
        // 256 does not fit into a byte and is written as 0.
        let side = u8::try_from(picture.side % 256)?;
        file.extend([side, side, 0, 0]); // no palette
        file.extend(1_u16.to_le_bytes()); // planes
        file.extend(32_u16.to_le_bytes()); // bits of a pixel
        file.extend(u32::try_from(picture.png.len())?.to_le_bytes());
        file.extend(u32::try_from(offset)?.to_le_bytes());
        offset += picture.png.len();
    }
    for picture in pictures {
        file.extend(&picture.png);
    }
    Ok(file)
}

/// An icon of macOS.
pub(crate) fn icns(pictures: &[Picture]) -> anyhow::Result<Vec<u8>> {
    let mut parts = Vec::new();
    for picture in pictures {
        for kind in icns_kinds(picture.side)? {
            parts.extend(*kind);
            parts.extend(u32::try_from(ICNS_HEAD + picture.png.len())?.to_be_bytes());
            parts.extend(&picture.png);
        }
    }
    let mut file = b"icns".to_vec();
    file.extend(u32::try_from(ICNS_HEAD + parts.len())?.to_be_bytes());
    file.extend(parts);
    Ok(file)
}

/// Under which names a size is kept: as what it is, and as the double of half its size for dense screens.
fn icns_kinds(side: u16) -> anyhow::Result<&'static [&'static [u8; 4]]> {
    let kinds: &[&[u8; 4]] = match side {
        16 => &[b"icp4"],
        32 => &[b"icp5", b"ic11"],
        64 => &[b"ic12"],
        128 => &[b"ic07"],
        256 => &[b"ic08", b"ic13"],
        512 => &[b"ic09", b"ic14"],
        1024 => &[b"ic10"],
        _ => &[],
    };
    (!kinds.is_empty())
        .then_some(kinds)
        .with_context(|| format!("an ICNS has no pictures of {side} pixels"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pictures(sides: &[u16]) -> Vec<Picture> {
        let picture = |side: &u16| Picture {
            side: *side,
            png: format!("png of {side}").into_bytes(),
        };
        sides.iter().map(picture).collect()
    }

    #[test]
    fn an_ico_says_where_each_picture_lies() {
        let file = ico(&pictures(&[16, 256])).unwrap();

        let number = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
        for (entry, side, png) in [(6, 16, "png of 16"), (22, 0, "png of 256")] {
            let (length, offset) = (number(entry + 8), number(entry + 12));
            assert_eq!(file[entry], side);
            assert_eq!(&file[offset..offset + length], png.as_bytes());
        }
    }

    #[test]
    fn an_icns_is_as_long_as_it_says() {
        let file = icns(&pictures(&[16, 32])).unwrap();

        assert_eq!(&file[..4], b"icns");
        assert_eq!(u32::from_be_bytes(file[4..8].try_into().unwrap()) as usize, file.len());
        assert_eq!(&file[8..12], b"icp4");
        assert_eq!(&file[16..25], b"png of 16");
        assert_eq!(&file[25..29], b"icp5");
    }

    #[test]
    fn a_size_that_a_mac_does_not_know_is_refused() {
        assert!(icns(&pictures(&[48])).is_err());
    }
}
