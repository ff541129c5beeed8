//! Style sheets, scripts and the icon: compiled in, served under names that change with their content.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// One embedded file, as it is sent.
#[derive(Debug, Clone)]
pub struct Asset {
    /// `core.1f2e3d4c.css`: may be cached for ever.
    pub hashed_name: String,
    pub content_type: &'static str,
    pub body: String,
    name: &'static str,
}

const FILES: &[(&str, &str)] = &[
    ("core.css", include_str!("../../assets/core.css")),
    ("run.css", include_str!("../../assets/run.css")),
    ("watch.css", include_str!("../../assets/watch.css")),
    ("ask.js", concat!(include_str!("../../assets/photo.js"), include_str!("../../assets/ask.js"))),
    ("combo.js", include_str!("../../assets/combo.js")),
    ("care.css", include_str!("../../assets/care.css")),
    ("desk.css", include_str!("../../assets/desk.css")),
    ("poster.css", include_str!("../../assets/poster.css")),
    ("desk.js", include_str!("../../assets/desk.js")),
    ("run.js", concat!(include_str!("../../assets/photo.js"), include_str!("../../assets/run.js"))),
    ("watch.js", include_str!("../../assets/watch.js")),
    ("live.js", include_str!("../../assets/live.js")),
    ("icon.svg", include_str!("../../assets/icon.svg")),
];

/// Not among the files: it has to keep its name.
pub const RUN_WORKER: &str = include_str!("../../assets/run-sw.js");

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| FILES.iter().map(|(name, text)| asset(name, text)).collect());

static STYLE_HASH: LazyLock<String> =
    LazyLock::new(|| format!("sha256-{}", base64(&Sha256::digest(core_css().as_bytes()))));

fn asset(name: &'static str, text: &str) -> Asset {
    let (stem, kind) = name.rsplit_once('.').unwrap_or((name, ""));
    let (content_type, body) = match kind {
        "css" => ("text/css; charset=utf-8", without_comments(text)),
        "js" => ("text/javascript; charset=utf-8", text.to_owned()),
        _ => ("image/svg+xml", text.to_owned()),
    };
    let digest = Sha256::digest(body.as_bytes());
    let hash = digest.iter().take(4).fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
    Asset { hashed_name: format!("{stem}.{hash}.{kind}"), content_type, body, name }
}

/// The file served as `/assets/{hashed_name}`.
#[must_use]
pub fn find(hashed_name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.hashed_name == hashed_name)
}

/// Where `name` ("run.css") is served.
#[must_use]
pub fn href(name: &str) -> String {
    let served = ASSETS.iter().find(|asset| asset.name == name).map_or(name, |asset| &asset.hashed_name);
    format!("/assets/{served}")
}

/// The style that resident pages carry within themselves: one round trip less on a slow network.
#[must_use]
pub fn core_css() -> &'static str {
    ASSETS.iter().find(|asset| asset.name == "core.css").map_or("", |asset| &asset.body)
}

/// What the content security policy must allow for [`core_css`]: `sha256-…`, without quotes.
#[must_use]
pub fn style_hash() -> &'static str {
    &STYLE_HASH
}

/// The style without its comments and indents: what explains the file is not what the phone should load.
fn without_comments(css: &str) -> String {
    let mut rest = css;
    let mut kept = String::with_capacity(css.len());
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let group = (0..3).fold(0_u32, |sum, place| (sum << 8) | three.get(place).copied().map_or(0, u32::from));
        for place in 0..4_usize {
            let six = usize::try_from((group >> (18 - 6 * place)) & 63).unwrap_or(0);
            let letter = LETTERS.get(six).filter(|_| place <= three.len());
            text.push(letter.map_or('=', |byte| char::from(*byte)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_64_agrees_with_known_answers() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn every_file_is_found_under_its_hashed_name_only() {
        for (name, _) in FILES {
            let href = href(name);
            let hashed = href.strip_prefix("/assets/").unwrap();
            assert!(find(hashed).is_some() && hashed != *name);
            assert!(find(name).is_none());
        }
    }

    #[test]
    fn styles_for_old_phones_keep_to_what_they_know() {
        for name in ["core.css", "run.css"] {
            let css = &ASSETS.iter().find(|asset| asset.name == name).unwrap().body;
            for word in [":has", "@layer", "oklch", "inset:", "dvh", ":is(", ":where(", "&", "color-mix"] {
                assert!(!css.contains(word), "{name} uses {word}");
            }
            let gaps = css.lines().filter(|line| line.contains("gap:") && !line.contains("grid"));
            assert_eq!(gaps.collect::<Vec<_>>(), Vec::<&str>::new(), "{name}: gap outside a grid");
            assert!(!css.contains("/*") && css.matches('{').count() == css.matches('}').count());
        }
    }

    #[test]
    fn the_resident_style_stays_small() {
        assert!(core_css().len() < 16_000, "{}", core_css().len());
        assert!(style_hash().starts_with("sha256-") && style_hash().len() == 7 + 44);
    }
}
