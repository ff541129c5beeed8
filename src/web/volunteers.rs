//! What somebody who offers to help tells, read once for both doors. Every refused field is named; nothing typed is
//! changed.

use serde::Deserialize;
use utoipa::ToSchema;

use super::Site;
use super::fault::{Fault, FieldError, Result};
use crate::domain::actor::Skill;
use crate::domain::ids::{BuildingId, ZoneId};
use crate::domain::text::{Email, Line, Phone, Unfit};
use crate::domain::volunteer::Volunteering;
use crate::store::Error as StoreError;
use crate::store::views::ground;
use crate::words::Lang;

/// `POST /volunteers`: every field as loose as it may come, so that all that is wrong can be told at once.
#[derive(Default, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VolunteerBody {
    #[schema(example = "陈小明")]
    pub name: Option<String>,
    #[schema(example = "13800000000")]
    pub phone: Option<String>,
    /// Where he lives: the code on the building's poster.
    #[schema(example = "MZC-07")]
    pub building: Option<String>,
    /// A zone's code; needed when there are several and no building is named.
    pub zone: Option<String>,
    pub email: Option<String>,
    /// `medicine` (trained), `e-bike`, `cart`, `cold_chain`
    pub skills: Vec<String>,
    /// When he can help, in own words.
    pub free_when: Option<String>,
    /// `zh-CN` or `en`: the language of letters.
    pub lang: Option<String>,
}

// What people type is personal data: it never reaches a log by way of {:?}.
impl std::fmt::Debug for VolunteerBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VolunteerBody(…)")
    }
}

/// Where the codes led to.
#[derive(Default)]
struct Found {
    building: Option<(ZoneId, BuildingId)>,
    zone: Option<ZoneId>,
    /// The only zone there is.
    only: Option<ZoneId>,
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.trim().is_empty())
}

/// # Errors
/// [`Fault::Invalid`] with everything that was refused.
pub async fn read(site: &Site, body: &VolunteerBody) -> Result<Volunteering> {
    let code = |text: Option<&String>| given(text).map(ToOwned::to_owned);
    let (building, zone) = (code(body.building.as_ref()), code(body.zone.as_ref()));
    let found = site
        .house
        .db
        .read(async move |conn| {
            let mut found = Found::default();
            if let Some(code) = &building {
                found.building = ground::find_building(conn, code).await?;
            }
            if let Some(code) = &zone {
                found.zone = ground::find_zone(conn, code).await?;
            }
            found.only = match ground::list_zones(conn).await?.as_slice() {
                [only] => Some(only.id),
                _ => None,
            };
            Ok::<_, StoreError>(found)
        })
        .await?;
    parse(body, &found).map_err(Fault::Invalid)
}

fn parse(body: &VolunteerBody, found: &Found) -> std::result::Result<Volunteering, Vec<FieldError>> {
    let mut wrong = Vec::new();
    let name = field(&mut wrong, "name", Line::parse(body.name.as_deref().unwrap_or_default()));
    let phone = field(&mut wrong, "phone", Phone::parse(body.phone.as_deref().unwrap_or_default()));
    let zone = place(&mut wrong, body, found);
    let skills = skills(&mut wrong, &body.skills);
    let free_when = given(body.free_when.as_ref()).and_then(|text| field(&mut wrong, "free_when", Line::parse(text)));
    let email = given(body.email.as_ref()).and_then(|text| field(&mut wrong, "email", Email::parse(text)));
    let lang = match given(body.lang.as_ref()) {
        None => Lang::default().as_str(),
        Some(text) => Lang::ALL.iter().find(|lang| lang.as_str() == text).map_or_else(
            || {
                wrong.push(FieldError::new("lang", "not_a_word"));
                ""
            },
            |lang| lang.as_str(),
        ),
    };
    match (name, phone, zone) {
        (Some(name), Some(phone), Some(zone)) if wrong.is_empty() => {
            let building = found.building.map(|(_, building)| building);
            Ok(Volunteering { zone, building, name, phone, email, skills, free_when, lang: lang.to_owned() })
        }
        _ => Err(wrong),
    }
}

fn field<T>(wrong: &mut Vec<FieldError>, name: &str, read: std::result::Result<T, Unfit>) -> Option<T> {
    read.map_err(|unfit| wrong.push(FieldError::new(name, unfit.code()))).ok()
}

/// The zone: of the building, else the only one there is, else the one that was named.
fn place(wrong: &mut Vec<FieldError>, body: &VolunteerBody, found: &Found) -> Option<ZoneId> {
    let (building, zone) = (given(body.building.as_ref()), given(body.zone.as_ref()));
    if building.is_some() && found.building.is_none() {
        wrong.push(FieldError::new("building", "unknown_building"));
        return None;
    }
    if zone.is_some() && found.zone.is_none() {
        wrong.push(FieldError::new("zone", "not_a_word"));
        return None;
    }
    let zone = found.building.map(|(zone, _)| zone).or(found.zone).or(found.only);
    if zone.is_none() {
        wrong.push(FieldError::new("zone", "required"));
    }
    zone
}

fn skills(wrong: &mut Vec<FieldError>, given: &[String]) -> Vec<Skill> {
    let mut skills = Vec::new();
    for word in given.iter().filter(|word| !word.is_empty()) {
        match word.parse() {
            Ok(skill) if !skills.contains(&skill) => skills.push(skill),
            Ok(_) => {}
            Err(_) => {
                wrong.push(FieldError::new("skills", "not_a_word"));
                break;
            }
        }
    }
    skills
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(name: &str, phone: &str) -> VolunteerBody {
        VolunteerBody { name: Some(name.to_owned()), phone: Some(phone.to_owned()), ..VolunteerBody::default() }
    }

    fn refused(body: &VolunteerBody, found: &Found) -> Vec<String> {
        let wrong = parse(body, found).err().unwrap_or_default();
        wrong.into_iter().map(|error| format!("{} {}", error.field, error.code)).collect()
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let only = Found { only: Some(ZoneId::mint()), ..Found::default() };
        assert!(refused(&body("小明", "13800000000"), &only).is_empty());
        let text = |text: &str| Some(text.to_owned());
        let all_wrong = VolunteerBody {
            email: text("nobody"),
            building: text("X-9"),
            skills: vec!["flying".into()],
            free_when: text("a\nb"),
            lang: text("fr"),
            ..body(" ", "12")
        };
        assert_eq!(
            refused(&all_wrong, &only),
            [
                "name required",
                "phone not_a_phone",
                "building unknown_building",
                "skills not_a_word",
                "free_when control_character",
                "email not_an_email",
                "lang not_a_word"
            ]
        );
    }

    #[test]
    fn the_zone_is_the_building_s_else_the_only_one_else_the_named_one() {
        let (home, only, named) = (ZoneId::mint(), ZoneId::mint(), ZoneId::mint());
        let zone = |body: &VolunteerBody, found: &Found| parse(body, found).map(|offer| offer.zone).ok();
        let asked = |building: Option<&str>, zone: Option<&str>| VolunteerBody {
            building: building.map(ToOwned::to_owned),
            zone: zone.map(ToOwned::to_owned),
            ..body("小明", "13800000000")
        };
        let all = Found { building: Some((home, BuildingId::mint())), zone: Some(named), only: Some(only) };
        assert_eq!(zone(&asked(Some("H-1"), Some("ELSE")), &all), Some(home));
        assert_eq!(zone(&asked(None, Some("ELSE")), &Found { building: None, ..all }), Some(named));
        assert_eq!(zone(&asked(None, None), &Found { only: Some(only), ..Found::default() }), Some(only));
        assert_eq!(refused(&asked(None, None), &Found::default()), ["zone required"]);
        assert_eq!(refused(&asked(None, Some("NO")), &Found::default()), ["zone not_a_word"]);
    }

    #[test]
    fn a_skill_named_twice_is_one() {
        let only = Found { only: Some(ZoneId::mint()), ..Found::default() };
        let twice = VolunteerBody {
            skills: vec!["cart".into(), "cart".into(), String::new()],
            ..body("小明", "13800000000")
        };
        assert_eq!(parse(&twice, &only).unwrap().skills, [Skill::Cart]);
    }
}
