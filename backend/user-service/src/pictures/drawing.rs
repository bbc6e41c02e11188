//! From an uploaded file to a small square PNG. The only place that knows the image crate.
//!
//! Files come from anybody: before a pixel is decoded their size is looked at, and the decoder may only take so much
//! memory. PNG, JPEG and WebP are known, nothing else is tried.

use std::io::Cursor;

use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

/// Width and height of what is drawn, in pixels.
pub(super) const SIDE: u32 = 256;
/// The longest side that is decoded, in pixels.
const LONGEST_SIDE: u32 = 10_000;
/// Pixels that are decoded: a photo of 24 megapixels.
const MOST_PIXELS: u64 = 24_000_000;
/// Memory that decoding may take beside the picture itself, in bytes.
pub(super) const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// Draws the file's picture, upright, cut to a square in the middle. The error says what is wrong with the file.
pub(super) fn draw(file: &[u8]) -> Result<Vec<u8>, String> {
    let upright = decoded(file)?;
    let (width, height) = (upright.width(), upright.height());
    let side = width.min(height);
    let square = upright.crop_imm((width - side) / 2, (height - side) / 2, side, side);
    let small = square.resize_exact(SIDE, SIDE, FilterType::CatmullRom).into_rgba8();
    let mut png = Cursor::new(Vec::new());
    small
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|fault| fault.to_string())?;
    Ok(png.into_inner())
}

fn decoded(file: &[u8]) -> Result<DynamicImage, String> {
    let unreadable = |fault: image::ImageError| fault.to_string();
    let format = image::guess_format(file).map_err(|_| "it is neither PNG, JPEG nor WebP".to_owned())?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) {
        return Err("it is neither PNG, JPEG nor WebP".to_owned());
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > MOST_PIXELS {
        return Err(format!("it has {width} x {height} pixels"));
    }
    // A camera held upright writes the picture lying, and how to turn it.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}
