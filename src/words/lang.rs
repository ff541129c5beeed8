//! The languages we speak, and which one a reader gets.

use unic_langid::LanguageIdentifier;

/// A language of the pages and letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    #[default]
    ZhCn,
    En,
}

impl Lang {
    pub const ALL: &'static [Self] = &[Self::ZhCn, Self::En];

    /// As in `lang=""` of a page.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// Understands any tag of a language we speak: `zh`, `zh-Hans-CN`, `en-GB`.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("zh") {
            Some(Self::ZhCn)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// `?lang=` first, then the cookie, then what the browser prefers, then Chinese.
    #[must_use]
    pub fn negotiate(query: Option<&str>, cookie: Option<&str>, accept_language: Option<&str>) -> Self {
        let chosen = query.and_then(Self::parse).or_else(|| cookie.and_then(Self::parse));
        chosen.or_else(|| accept_language.and_then(preferred)).unwrap_or_default()
    }

    pub(super) fn identifier(self) -> LanguageIdentifier {
        // Our own tags parse; an unspecified language would only cost the plural rules.
        self.as_str().parse().unwrap_or_default()
    }
}

/// The language with the highest weight in an `Accept-Language` header; of equals the first.
fn preferred(header: &str) -> Option<Lang> {
    let mut best: Option<(Lang, f32)> = None;
    for part in header.split(',') {
        let (tag, weight) = part.split_once(';').map_or((part, 1.0), |(tag, rest)| (tag, weight_of(rest)));
        let Some(lang) = Lang::parse(tag) else { continue };
        if weight > 0.0 && best.is_none_or(|(_, heaviest)| weight > heaviest) {
            best = Some((lang, weight));
        }
    }
    best.map(|(lang, _)| lang)
}

fn weight_of(parameters: &str) -> f32 {
    let weight = parameters.split(';').find_map(|one| one.trim().strip_prefix("q="));
    weight.and_then(|text| text.trim().parse().ok()).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_reader_chose_wins_over_what_the_browser_says() {
        for (query, cookie, header, expected) in [
            (None, None, None, Lang::ZhCn),
            (Some("en"), Some("zh-CN"), Some("zh-CN"), Lang::En),
            (None, Some("en"), Some("zh-CN"), Lang::En),
            (Some("klingon"), Some("en"), None, Lang::En),
            (None, None, Some("en-GB,en;q=0.9,zh;q=0.8"), Lang::En),
            (None, None, Some("fr, en;q=0.3, zh-CN;q=0.7"), Lang::ZhCn),
            (None, None, Some("en;q=0, fr"), Lang::ZhCn),
            (None, None, Some("*"), Lang::ZhCn),
            (None, None, Some(";;;=,q"), Lang::ZhCn),
        ] {
            assert_eq!(Lang::negotiate(query, cookie, header), expected, "{query:?} {cookie:?} {header:?}");
        }
    }

    #[test]
    fn a_language_reads_back_its_own_tag() {
        for lang in Lang::ALL {
            assert_eq!(Lang::parse(lang.as_str()), Some(*lang));
        }
    }
}
