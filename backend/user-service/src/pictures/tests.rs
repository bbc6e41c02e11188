//! Pictures from files that people, and attackers, upload.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use super::{PictureError, drawing};
use crate::testing::House;

/// Left half red, right half blue.
fn two_halves(width: u32, height: u32) -> DynamicImage {
    let colour = |x| {
        if x < width / 2 {
            Rgb([255, 0, 0])
        } else {
            Rgb([0, 0, 255])
        }
    };
    RgbImage::from_fn(width, height, |x, _| colour(x)).into()
}

fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn drawn(file: &[u8]) -> RgbImage {
    let png = drawing::draw(file).unwrap();
    assert_eq!(image::guess_format(&png).unwrap(), ImageFormat::Png);
    image::load_from_memory(&png).unwrap().into_rgb8()
}

#[test]
fn each_format_becomes_a_square_png_cut_from_the_middle() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let picture = drawn(&file(&two_halves(900, 300), format));
        assert_eq!(picture.dimensions(), (drawing::SIDE, drawing::SIDE));
        let (left, right) = (picture.get_pixel(8, 128), picture.get_pixel(247, 128));
        assert!(left[0] > 200 && left[2] < 60, "{format:?}: {left:?}");
        assert!(right[2] > 200 && right[0] < 60, "{format:?}: {right:?}");
    }
}

#[test]
fn a_picture_of_one_pixel_is_one() {
    assert_eq!(
        drawn(&file(&two_halves(1, 1), ImageFormat::Png)).dimensions(),
        (256, 256)
    );
}

#[test]
fn a_photo_that_lies_on_its_side_is_set_upright() {
    let jpeg = file(&two_halves(400, 400), ImageFormat::Jpeg);
    // An Exif segment that says: turn by 90 degrees clockwise (orientation 6).
    let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let turned = [&jpeg[..2], &[0xff, 0xe1], &length, exif, &jpeg[2..]].concat();
    let picture = drawn(&turned);
    let (top, bottom) = (picture.get_pixel(128, 8), picture.get_pixel(128, 247));
    assert!(top[0] > 200 && bottom[2] > 200, "{top:?} {bottom:?}");
}

#[test]
fn nothing_hidden_in_the_file_is_kept() {
    let mut png = file(&two_halves(300, 300), ImageFormat::Png);
    png.extend_from_slice(b"<script>alert(1)</script>");
    let drawn = drawing::draw(&png).unwrap();
    assert!(!drawn.windows(6).any(|bytes| bytes == b"script"));
}

#[test]
fn what_is_no_picture_of_a_known_format_is_refused() {
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;".to_vec();
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    let png = file(&two_halves(300, 300), ImageFormat::Png);
    let cut = png[..png.len() / 2].to_vec();
    let mut damaged = png.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    for (what, file) in [
        ("nothing", Vec::new()),
        ("text", b"hello".to_vec()),
        ("GIF", gif),
        ("SVG", svg),
        ("a cut file", cut),
        ("a damaged file", damaged),
        ("a head alone", png[..8].to_vec()),
    ] {
        assert!(drawing::draw(&file).is_err(), "{what}");
    }
}

#[test]
fn a_small_file_with_very_many_pixels_is_refused_before_it_is_decoded() {
    for (width, height) in [(60_000_u32, 60_000_u32), (9_000, 9_000), (20_000, 10)] {
        // The head of a PNG that promises so many pixels, with its check sum.
        let mut head = b"IHDR".to_vec();
        head.extend(width.to_be_bytes());
        head.extend(height.to_be_bytes());
        head.extend([8, 2, 0, 0, 0]);
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
        png.extend(&head);
        png.extend(crc32(&head).to_be_bytes());
        png.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xae\x42\x60\x82");
        let started = std::time::Instant::now();
        assert!(drawing::draw(&png).is_err(), "{width} x {height}");
        assert!(started.elapsed().as_secs() < 5);
    }
}

/// The check sum of PNG (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| {
        if crc & 1 == 1 {
            0xedb8_8320 ^ (crc >> 1)
        } else {
            crc >> 1
        }
    };
    !bytes
        .iter()
        .fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

#[tokio::test]
async fn the_same_picture_again_changes_nothing_and_another_one_has_another_name() {
    let mut house = House::new().await;
    let ada = house.sign_in("ada@example.org").await.user;
    let pictures = &house.app.pictures;
    let png = file(&two_halves(300, 300), ImageFormat::Png);
    let first = pictures.set(&ada, png.clone()).await.unwrap();
    assert_eq!(first.version, 2);
    let name = first.picture.clone().unwrap();
    assert_eq!(pictures.set(&ada, png).await.unwrap(), first);
    assert!(pictures.find(&ada, &name).await.unwrap().is_some());

    let other = pictures
        .set(&ada, file(&two_halves(300, 300).rotate90(), ImageFormat::Png))
        .await
        .unwrap();
    assert_ne!(other.picture, Some(name.clone()));
    assert_eq!(pictures.find(&ada, &name).await.unwrap(), None);

    let none = pictures.remove(&ada).await.unwrap();
    assert_eq!((none.picture.as_deref(), none.version), (None, 4));
    assert_eq!(pictures.remove(&ada).await.unwrap(), none);
}

#[tokio::test]
async fn pictures_set_at_once_end_with_one_that_is_there() {
    let mut house = House::new().await;
    let ada = house.sign_in("ada@example.org").await.user;
    let pictures = &house.app.pictures;
    let set = |side| pictures.set(&ada, file(&two_halves(side, 100), ImageFormat::Png));
    let (a, b, c) = tokio::join!(set(100), set(150), set(200));
    a.and(b).and(c).unwrap();
    let person = house.app.people.find(&ada).await.unwrap();
    let png = pictures.find(&ada, &person.picture.unwrap()).await.unwrap();
    assert!(png.is_some());
}

#[tokio::test]
async fn who_sets_many_pictures_is_asked_to_wait() {
    let mut house = House::new().await;
    let ada = house.sign_in("ada@example.org").await.user;
    let set = || house.app.pictures.set(&ada, b"no picture".to_vec());
    for _ in 0..10 {
        assert!(matches!(set().await, Err(PictureError::Unreadable(_))));
    }
    assert!(matches!(set().await, Err(PictureError::Limited { retry_after_s: 10 })));
    house.clock.advance_ms(10_000);
    assert!(matches!(set().await, Err(PictureError::Unreadable(_))));
}
