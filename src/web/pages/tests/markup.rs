//! What must hold for the markup of every page.

use std::collections::{BTreeMap, BTreeSet};

use super::{Sample, all_samples};
use crate::web::assets;

/// The opening tags of a page: name and the text of the attributes.
fn tags(html: &str) -> Vec<(&str, &str)> {
    let parts = html.split('<').skip(1).filter_map(|part| part.split_once('>'));
    parts.map(|(tag, _)| tag.split_once([' ', '\n']).unwrap_or((tag, ""))).collect()
}

fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let quoted = format!("{name}=\"");
    let padded_at =
        attributes.match_indices(&quoted).find(|(at, _)| *at == 0 || attributes[..*at].ends_with([' ', '\n']))?.0;
    attributes[padded_at + quoted.len()..].split('"').next()
}

/// The page without its embedded style.
fn body_of((_, html): &Sample) -> &str {
    html.split_once("</head>").map_or(html.as_str(), |(_, body)| body)
}

#[test]
fn no_phrase_is_missing_and_no_value_is_left_out() {
    for sample in all_samples() {
        let body = body_of(&sample);
        let holes =
            body.match_indices('[').filter(|(at, _)| body[*at + 1..].starts_with(|c: char| c.is_ascii_lowercase()));
        assert_eq!(holes.count(), 0, "{}: {body}", sample.0);
        assert!(!body.contains("{ $") && !body.contains('\u{2068}'), "{}", sample.0);
    }
}

#[test]
fn every_page_has_one_heading_a_language_and_a_main_part() {
    for (name, html) in all_samples() {
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert_eq!(html.matches("<main ").count(), 1, "{name}");
        let lang = name.rsplit_once('.').unwrap().1;
        assert!(html.contains(&format!("<html lang=\"{lang}\"")), "{name}");
        let title = html.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0;
        assert!(title.len() > 8 && title.contains(" - "), "{name}: {title}");
    }
}

#[test]
fn the_content_security_policy_has_nothing_to_refuse() {
    for (name, html) in all_samples() {
        for (tag, attributes) in tags(&html) {
            assert!(attribute(attributes, "style").is_none(), "{name}: style on {tag}");
            assert!(!attributes.contains(" on") || tag == "button" || tag == "title", "{name}: {attributes}");
            assert!(tag != "script" || attributes.contains("src="), "{name}: a script inline");
        }
        if let Some((_, style)) = html.split_once("<style>") {
            assert_eq!(
                style.split_once("</style>").unwrap().0,
                assets::core_css(),
                "{name}: the style is not the one hashed"
            );
            assert_eq!(html.matches("<style").count(), 1);
        }
    }
}

/// The page as it is shown, and each of its templates: what lies in one is in no document until it takes a place there.
fn documents((name, html): Sample) -> Vec<Sample> {
    let mut parts = html.split("<template");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    let mut documents = Vec::new();
    for part in parts {
        let (inside, after) = part.split_once("</template>").unwrap();
        documents.push((format!("{name}, a template"), inside.to_owned()));
        shown.push_str(after);
    }
    documents.push((name, shown));
    documents
}

#[test]
fn every_field_has_a_label_and_every_id_is_there_once() {
    for (name, html) in all_samples().into_iter().flat_map(documents) {
        let tags = tags(&html);
        let labelled: BTreeSet<&str> =
            tags.iter().filter(|(tag, _)| *tag == "label").filter_map(|(_, a)| attribute(a, "for")).collect();
        let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
        for id in tags.iter().filter_map(|(_, a)| attribute(a, "id")) {
            *ids.entry(id).or_default() += 1;
        }
        assert_eq!(ids.iter().filter(|(_, n)| **n > 1).collect::<Vec<_>>(), vec![], "{name}: repeated ids");
        for (tag, attributes) in &tags {
            let hidden = attribute(attributes, "type") == Some("hidden");
            if matches!(*tag, "input" | "select" | "textarea") && !hidden {
                let id = attribute(attributes, "id").unwrap_or_default();
                assert!(labelled.contains(id), "{name}: {tag} {attributes} has no label");
            }
            for reference in ["for", "aria-describedby", "aria-labelledby", "form"] {
                for id in attribute(attributes, reference).unwrap_or_default().split_whitespace() {
                    assert!(ids.contains_key(id), "{name}: {reference} leads to no {id}");
                }
            }
            if let Some(id) = attribute(attributes, "href").and_then(|href| href.strip_prefix('#')) {
                assert!(ids.contains_key(id), "{name}: a link leads to no {id}");
            }
        }
    }
}

#[test]
fn every_unsafe_form_carries_its_token() {
    for (name, html) in all_samples() {
        let posts =
            tags(&html).iter().filter(|(tag, a)| *tag == "form" && attribute(a, "method") == Some("post")).count();
        assert_eq!(html.matches("name=\"form_token\" value=\"form-token\"").count(), posts, "{name}");
    }
}

#[test]
fn what_was_typed_is_kept_and_escaped() {
    let samples = all_samples();
    let of = |page: &str| -> Vec<String> {
        samples.iter().filter(|(name, _)| name.starts_with(page)).map(|sample| body_of(sample).to_owned()).collect()
    };
    let (what, whither) = (of("requests-what-wrong"), of("requests-where-wrong"));
    assert_eq!((what.len(), whither.len()), (2, 2));
    for html in what {
        for kept in ["value=\"两盒\"", "奥美拉唑&#60;肠溶&#62;", "敲门三下\n耳朵不好", "value=\"7\" checked"]
        {
            assert!(html.contains(kept), "{kept}");
        }
        // What stands on the other step is carried along.
        for carried in ["name=\"room\" value=\"2-501\"", "name=\"care\" value=\"no_lift\"", "value=\"王奶奶\""] {
            assert!(html.contains(carried), "{carried}");
        }
        assert_eq!(html.matches("aria-invalid=\"true\"").count(), 4);
        assert!(html.contains("href=\"#item_quantity-1\"") && html.contains("id=\"item_quantity-1\""));
    }
    for html in whither {
        for kept in ["value=\"abc\"", "value=\"2-501\"", "value=\"王奶奶\"", "name=\"item_photo\" value=\"token\""] {
            assert!(html.contains(kept), "{kept}");
        }
        assert_eq!(html.matches("aria-invalid=\"true\"").count(), 2);
    }
}

/// Run with `PAOTUI_SAMPLES=folder` to look at every page with one's own eyes.
#[test]
#[allow(clippy::disallowed_methods, reason = "a switch for people who run this test by hand")]
fn the_samples_are_written_down_when_asked_for() {
    let Ok(folder) = std::env::var("PAOTUI_SAMPLES") else { return };
    std::fs::create_dir_all(format!("{folder}/assets")).unwrap();
    for name in ["core.css", "run.css", "watch.css", "watch.js", "live.js", "ask.js", "combo.js", "icon.svg"] {
        let href = assets::href(name);
        let asset = assets::find(href.strip_prefix("/assets/").unwrap()).unwrap();
        std::fs::write(format!("{folder}{href}"), &asset.body).unwrap();
    }
    for (name, html) in all_samples() {
        std::fs::write(format!("{folder}/{name}.html"), html.replace("\"/assets/", "\"assets/")).unwrap();
    }
}
