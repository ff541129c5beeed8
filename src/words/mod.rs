//! What we say, in each language. Phrases live in `locales/*/*.ftl` (Fluent) and are found by id.
//!
//! By convention the words of the domain have ids made of the noun and the word: `state-waiting`, `urgency-red`,
//! `category-medicine`, `fault-offer_closed`. This module knows none of them and uses nothing else of ours.

mod lang;
pub mod time;

pub use fluent_bundle::FluentValue as Value;
pub use lang::Lang;

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

type Bundle = FluentBundle<FluentResource>;

macro_rules! locale {
    ($folder:literal) => {
        &[
            ("common", include_str!(concat!("../../locales/", $folder, "/common.ftl"))),
            ("domain", include_str!(concat!("../../locales/", $folder, "/domain.ftl"))),
            ("faults", include_str!(concat!("../../locales/", $folder, "/faults.ftl"))),
            ("ask", include_str!(concat!("../../locales/", $folder, "/ask.ftl"))),
            ("resident", include_str!(concat!("../../locales/", $folder, "/resident.ftl"))),
            ("proof", include_str!(concat!("../../locales/", $folder, "/proof.ftl"))),
            ("run", include_str!(concat!("../../locales/", $folder, "/run.ftl"))),
            ("trip", include_str!(concat!("../../locales/", $folder, "/trip.ftl"))),
            ("way", include_str!(concat!("../../locales/", $folder, "/way.ftl"))),
            ("watch", include_str!(concat!("../../locales/", $folder, "/watch.ftl"))),
            ("overview", include_str!(concat!("../../locales/", $folder, "/overview.ftl"))),
            ("dispatch", include_str!(concat!("../../locales/", $folder, "/dispatch.ftl"))),
            ("targets", include_str!(concat!("../../locales/", $folder, "/targets.ftl"))),
            ("stock", include_str!(concat!("../../locales/", $folder, "/stock.ftl"))),
            ("memory", include_str!(concat!("../../locales/", $folder, "/memory.ftl"))),
            ("status", include_str!(concat!("../../locales/", $folder, "/status.ftl"))),
            ("seals", include_str!(concat!("../../locales/", $folder, "/seals.ftl"))),
            ("volunteers", include_str!(concat!("../../locales/", $folder, "/volunteers.ftl"))),
            ("after", include_str!(concat!("../../locales/", $folder, "/after.ftl"))),
            ("money", include_str!(concat!("../../locales/", $folder, "/money.ftl"))),
            ("letters", include_str!(concat!("../../locales/", $folder, "/letters.ftl"))),
            ("care", include_str!(concat!("../../locales/", $folder, "/care.ftl"))),
            ("alarms", include_str!(concat!("../../locales/", $folder, "/alarms.ftl"))),
            ("desk", include_str!(concat!("../../locales/", $folder, "/desk.ftl"))),
        ]
    };
}

/// The files of a locale, by name.
const ZH_CN: &[(&str, &str)] = locale!("zh-CN");
const EN: &[(&str, &str)] = locale!("en");

static BUNDLES: LazyLock<[Bundle; 2]> = LazyLock::new(|| [bundle(Lang::ZhCn), bundle(Lang::En)]);

const fn files(lang: Lang) -> &'static [(&'static str, &'static str)] {
    match lang {
        Lang::ZhCn => ZH_CN,
        Lang::En => EN,
    }
}

/// A line of a file that Fluent cannot read is left out here and fails a test.
fn bundle(lang: Lang) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![lang.identifier()]);
    // Isolating marks (U+2068, U+2069) around values would end up in copied telephone numbers.
    bundle.set_use_isolating(false);
    for (name, text) in files(lang) {
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(readable, errors)| {
            tracing::error!(file = name, errors = errors.len(), "a locale file has lines that cannot be read");
            readable
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(file = name, errors = errors.len(), "a locale file repeats an id");
        }
    }
    bundle
}

/// The words of one language; cheap to copy and hand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words(Lang);

impl Words {
    #[must_use]
    pub const fn of(lang: Lang) -> Self {
        Self(lang)
    }

    #[must_use]
    pub const fn lang(self) -> Lang {
        self.0
    }

    /// The phrase of this id. A missing one is shown as the id in brackets, and logged: a page with a hole beats no page.
    #[must_use]
    pub fn get(self, id: &str) -> String {
        self.with(id, &[])
    }

    /// The phrase of this id, with values put into it.
    #[must_use]
    pub fn with(self, id: &str, values: &[(&str, Value<'_>)]) -> String {
        self.find_with(id, values).unwrap_or_else(|| {
            tracing::error!(id, lang = self.0.as_str(), "a phrase is missing");
            format!("[{id}]")
        })
    }

    /// As [`Words::with`], for the common case of one value.
    #[must_use]
    pub fn say<'v>(self, id: &str, name: &str, value: impl Into<Value<'v>>) -> String {
        self.with(id, &[(name, value.into())])
    }

    /// The phrase of this id if there is one: for words that come from outside the code.
    #[must_use]
    pub fn find(self, id: &str) -> Option<String> {
        self.find_with(id, &[])
    }

    /// Whether there is a phrase of this id.
    #[must_use]
    pub fn knows(self, id: &str) -> bool {
        self.bundle().has_message(id)
    }

    fn bundle(self) -> &'static Bundle {
        let [zh_cn, en] = &*BUNDLES;
        match self.0 {
            Lang::ZhCn => zh_cn,
            Lang::En => en,
        }
    }

    fn find_with(self, id: &str, values: &[(&str, Value<'_>)]) -> Option<String> {
        let bundle = self.bundle();
        let pattern = bundle.get_message(id)?.value()?;
        let args: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(id, lang = self.0.as_str(), "a phrase lacks a value");
        }
        Some(text)
    }
}

#[cfg(test)]
pub(crate) mod tests;
