//! Bytes from anywhere become a small JPEG with nothing in it but the picture: where and when it was taken stays behind.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// What a telephone takes is 2 to 6 MB.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;
const MOST_PIXELS: u64 = 40_000_000;
/// The longer side, enough to read a box by.
const LONGEST_SIDE: u32 = 1280;
const QUALITY: u8 = 80;

/// Why a photo was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Neither JPEG, PNG nor WebP, or broken.
    NoPicture,
    /// Too many bytes or pixels.
    TooLarge,
}

/// # Errors
/// [`Unreadable`].
pub fn plain_jpeg(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    if bytes.len() > MOST_BYTES {
        return Err(Unreadable::TooLarge);
    }
    let small = read(bytes)?.into_rgb8();
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    small.write_with_encoder(encoder).map_err(|_| Unreadable::NoPicture)?;
    Ok(jpeg)
}

fn read(bytes: &[u8]) -> Result<DynamicImage, Unreadable> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Unreadable::NoPicture)?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return Err(Unreadable::NoPicture);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(512 * 1024 * 1024);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| Unreadable::NoPicture)?;
    let (width, height) = decoder.dimensions();
    // Before a pixel is read: a small file may say that it is a huge picture.
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Unreadable::TooLarge);
    }
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Unreadable::NoPicture)?;
    if width.max(height) > LONGEST_SIDE {
        picture = picture.thumbnail(LONGEST_SIDE, LONGEST_SIDE);
    }
    // Which way is up is told beside the picture, and would be lost with the rest.
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(picture)
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;

    fn written(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture = RgbImage::from_fn(width, height, |x, y| Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 7]));
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(picture).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// A JPEG as a telephone writes it: EXIF with the way up and a place.
    fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let tiff = [b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[orientation], b"\0\0\0\0\0\0"]
            .concat();
        let body = [b"Exif\0\0".as_slice(), &tiff, b"GPS 29.527,106.523 Wang"].concat();
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], b"\xff\xe1", &length, &body, &jpeg[2..]].concat()
    }

    #[test]
    fn each_kind_becomes_a_small_jpeg() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let jpeg = plain_jpeg(&written(2000, 1000, format)).unwrap();
            let picture = image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).unwrap();
            assert_eq!((picture.width(), picture.height()), (1280, 640), "{format:?}");
        }
    }

    #[test]
    fn what_the_camera_wrote_beside_the_picture_is_gone_and_up_stays_up() {
        let taken = with_exif(&written(40, 20, ImageFormat::Jpeg), 6);
        assert!(taken.windows(3).any(|bytes| bytes == b"GPS"));
        let jpeg = plain_jpeg(&taken).unwrap();
        for secret in [b"Exif".as_slice(), b"GPS", b"Wang"] {
            assert!(!jpeg.windows(secret.len()).any(|bytes| bytes == secret));
        }
        let picture = image::load_from_memory(&jpeg).unwrap();
        assert_eq!((picture.width(), picture.height()), (20, 40));
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_told_apart() {
        let png = written(4, 4, ImageFormat::Png);
        for (bytes, why) in [
            (b"".to_vec(), Unreadable::NoPicture),
            (b"%PDF-1.7".to_vec(), Unreadable::NoPicture),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), Unreadable::NoPicture),
            (b"GIF89a\x01\0\x01\0".to_vec(), Unreadable::NoPicture),
            (png[..png.len() / 2].to_vec(), Unreadable::NoPicture),
            (vec![0; MOST_BYTES + 1], Unreadable::TooLarge),
        ] {
            assert_eq!(plain_jpeg(&bytes), Err(why), "{} bytes", bytes.len());
        }
        // A header that promises 30000 × 30000 pixels, in a few bytes.
        let mut huge = png;
        huge[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
        assert!(plain_jpeg(&huge).is_err());
    }
}
