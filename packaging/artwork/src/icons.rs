//! Which icons there are, in which sizes, and where they lie.

use anyhow::Context;

use crate::Made;
use crate::containers::{self, Picture};
use crate::drawing::Drawing;

/// What the files of the app are called on Linux.
const APP_ID: &str = "org.loquat.desktop";

/// The sizes that icon themes on Linux are asked for.
const THEME_SIDES: [u16; 9] = [16, 22, 24, 32, 48, 64, 128, 256, 512];

/// The sizes that Windows asks for at every scale of its screens.
const ICO_SIDES: [u16; 8] = [16, 20, 24, 32, 40, 48, 64, 256];

/// Every size that an icon of macOS has.
const ICNS_SIDES: [u16; 7] = [16, 32, 64, 128, 256, 512, 1024];

/// What trays of all systems ask for, on usual and on dense screens.
const TRAY_SIDES: [u16; 5] = [16, 22, 32, 44, 64];

/// Up to this size the drawing with fewer parts is used.
const SMALL: u16 = 24;

/// The colour of the drawings in one colour.
const INK: &str = "#2e3436";

/// What a dark panel needs instead.
const CHALK: &str = "#f3efe9";

/// Every icon.
pub(crate) fn all() -> anyhow::Result<Vec<Made>> {
    let mut made = theme()?;
    made.push(Made {
        path: "icons/windows/loquat.ico".to_owned(),
        bytes: containers::ico(&pictures(&ICO_SIDES)?)?,
    });
    made.push(Made {
        path: "icons/macos/loquat.icns".to_owned(),
        bytes: containers::icns(&pictures(&ICNS_SIDES)?)?,
    });
    made.extend(tray()?);
    Ok(made)
}

/// The app's icon in one size.
fn app(side: u16) -> anyhow::Result<Vec<u8>> {
    let drawing = if side <= SMALL {
        include_str!("../drawings/app-small.svg")
    } else {
        include_str!("../drawings/app.svg")
    };
    Drawing::new(drawing)
        .png(side)
        .with_context(|| format!("drawing the app in {side} pixels"))
}

fn pictures(sides: &[u16]) -> anyhow::Result<Vec<Picture>> {
    let picture = |side: &u16| {
        Ok(Picture {
            side: *side,
            png: app(*side)?,
        })
    };
    sides.iter().map(picture).collect()
}

/// The app's icon as icon themes on Linux keep it, below the names of the folders in which it is installed.
fn theme() -> anyhow::Result<Vec<Made>> {
    let mut made = Vec::new();
    for side in THEME_SIDES {
        made.push(Made {
            path: format!("icons/hicolor/{side}x{side}/apps/{APP_ID}.png"),
            bytes: app(side)?,
        });
    }
    let drawings = [
        ("scalable", "", include_str!("../drawings/app.svg")),
        ("symbolic", "-symbolic", include_str!("../drawings/symbolic.svg")),
    ];
    made.extend(drawings.map(|(folder, ending, svg)| Made {
        path: format!("icons/hicolor/{folder}/apps/{APP_ID}{ending}.svg"),
        bytes: svg.as_bytes().to_vec(),
    }));
    Ok(made)
}

/// Three states, each in colour and in one colour for light and for dark panels.
fn tray() -> anyhow::Result<Vec<Made>> {
    let states = [
        (
            "quiet",
            include_str!("../drawings/app-small.svg"),
            include_str!("../drawings/symbolic.svg"),
        ),
        (
            "unread",
            include_str!("../drawings/tray-unread.svg"),
            include_str!("../drawings/symbolic-unread.svg"),
        ),
        (
            "mention",
            include_str!("../drawings/tray-mention.svg"),
            include_str!("../drawings/symbolic-mention.svg"),
        ),
    ];
    let mut made = Vec::new();
    for (state, coloured, symbolic) in states {
        let symbolic = Drawing::new(symbolic);
        let looks = [
            ("colour", Drawing::new(coloured)),
            ("on-dark", symbolic.recoloured(INK, CHALK)),
            ("on-light", symbolic),
        ];
        for (look, drawing) in looks {
            for side in TRAY_SIDES {
                let path = format!("icons/tray/{state}-{look}-{side}.png");
                let bytes = drawing.png(side).with_context(|| format!("drawing {path}"))?;
                made.push(Made { path, bytes });
            }
        }
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use resvg::tiny_skia::Pixmap;

    use super::*;

    fn pixels(png: &[u8]) -> Pixmap {
        Pixmap::decode_png(png).unwrap()
    }

    #[test]
    fn every_picture_has_the_size_that_its_name_says() {
        for made in theme().unwrap().into_iter().chain(tray().unwrap()) {
            if made.path.ends_with("svg") {
                continue;
            }
            let pixels = pixels(&made.bytes);
            let side = pixels.width();

            assert_eq!(pixels.height(), side, "{}", made.path);
            assert!(
                made.path.contains(&format!("/{side}x{side}/")) || made.path.ends_with(&format!("-{side}.png")),
                "{} has {side} pixels",
                made.path
            );
        }
    }

    #[test]
    fn no_two_states_of_the_tray_look_alike() {
        let made = tray().unwrap();
        for look in ["colour", "on-dark", "on-light"] {
            for side in TRAY_SIDES {
                let ending = format!("-{look}-{side}.png");
                let pictures = made.iter().filter(|made| made.path.ends_with(&ending));
                let distinct: BTreeSet<&[u8]> = pictures.map(|made| made.bytes.as_slice()).collect();

                assert_eq!(distinct.len(), 3, "{ending}");
            }
        }
    }

    #[test]
    fn the_smallest_icon_is_a_fruit_with_a_leaf() {
        let pixels = pixels(&app(16).unwrap());
        let colour = |x, y| {
            let pixel = pixels.pixel(x, y).unwrap().demultiply();
            (pixel.red(), pixel.green(), pixel.blue(), pixel.alpha())
        };

        let (red, green, blue, alpha) = colour(7, 11);
        assert!(alpha == 255 && red > green && green > blue, "the fruit is amber");
        let (red, green, blue, alpha) = colour(12, 3);
        assert!(alpha == 255 && green > red && green > blue, "the leaf is green");
        assert_eq!(colour(0, 0).3, 0, "nothing lies behind it");
    }
}
