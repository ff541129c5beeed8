//! An address as a code to scan.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// The code as a picture for a page. Level Q: a quarter of it may be torn or wet.
#[must_use]
pub fn qr(address: &str) -> String {
    let code = QrCode::with_error_correction_level(address, EcLevel::Q);
    let Ok(code) = code.or_else(|_| QrCode::new(address)) else { return String::new() };
    let picture = code.render::<svg::Color<'_>>().min_dimensions(400, 400).quiet_zone(true).build();
    // Within a page there is no place for the declaration of a file.
    picture.split_once("?>").map_or(picture.clone(), |(_, svg)| svg.to_owned())
}
