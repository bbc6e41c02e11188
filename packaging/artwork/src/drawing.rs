//! A drawing, and pictures of it in any size.

use anyhow::Context;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// An SVG, hand-written and square.
#[derive(Debug, Clone)]
pub(crate) struct Drawing {
    pub(crate) svg: String,
}

impl Drawing {
    pub(crate) fn new(svg: &str) -> Self {
        Self { svg: svg.to_owned() }
    }

    /// The same with one colour in the place of another.
    pub(crate) fn recoloured(&self, from: &str, to: &str) -> Self {
        Self {
            svg: self.svg.replace(from, to),
        }
    }

    /// A PNG with so many pixels on each side and nothing behind the drawing.
    pub(crate) fn png(&self, side: u16) -> anyhow::Result<Vec<u8>> {
        let tree = Tree::from_str(&self.svg, &Options::default()).context("reading a drawing")?;
        let mut pixels = Pixmap::new(side.into(), side.into()).context("a picture has pixels")?;
        let scale = f32::from(side) / tree.size().width();
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
        pixels.encode_png().context("writing a PNG")
    }
}
