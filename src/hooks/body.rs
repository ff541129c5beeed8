//! What a call says: which request needs somebody, and nothing of whom it is for.

use serde_json::{Value, json};

use crate::domain::alarm::Rung;
use crate::domain::clock::At;
use crate::domain::local::rfc3339;
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;
use crate::words::Words;

/// One step of the ladder, as doors outside hear of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The same each time this is sent.
    pub id: String,
    pub alarm: String,
    pub rung: Rung,
    pub told_at: At,
    /// The request's short code.
    pub code: String,
    pub urgency: Urgency,
    pub category: Category,
    pub zone: String,
    pub building: String,
    pub deliver_by: At,
    pub now: At,
    pub link: String,
}

impl Note {
    #[must_use]
    pub fn plain(&self) -> Value {
        json!({
            "type": "alarm", "id": self.id, "alarm": self.alarm, "rung": self.rung, "told_at": rfc3339(self.told_at),
            "code": self.code, "urgency": self.urgency, "category": self.category, "zone": self.zone,
            "building": self.building, "deliver_by": rfc3339(self.deliver_by), "link": self.link,
        })
    }

    /// In Chinese: who reads in a `WeCom` group does.
    #[must_use]
    pub fn wecom(&self) -> Value {
        let words = Words::of(crate::words::Lang::ZhCn);
        let left = self.deliver_by.seconds_since(self.now).div_euclid(60);
        let time = words.say(if left < 0 { "alarm-letter-late" } else { "alarm-letter-left" }, "n", left.abs());
        let what = words.with(
            "alarm-letter-what",
            &[
                ("urgency", words.get(&format!("urgency-{}", self.urgency)).into()),
                ("category", words.get(&format!("category-{}", self.category)).into()),
                ("building", self.building.as_str().into()),
                ("code", self.code.as_str().into()),
            ],
        );
        let rung = words.get(&format!("rung-{}", self.rung));
        let link = words.get("alarm-letter-link");
        let content = format!("**{rung}**\n{what}\n<font color=\"warning\">{time}</font>\n[{link}]({})", self.link);
        json!({ "msgtype": "markdown", "markdown": { "content": content } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note() -> Note {
        Note {
            id: "0190".into(),
            alarm: "0191".into(),
            rung: Rung::District,
            told_at: At::from_seconds(1_795_000_000),
            code: "3K7-PAQC".into(),
            urgency: Urgency::Red,
            category: Category::Medicine,
            zone: "MZC".into(),
            building: "MZC-07".into(),
            deliver_by: At::from_seconds(1_795_000_600),
            now: At::from_seconds(1_795_000_000),
            link: "https://paotui.example/watch/alarms".into(),
        }
    }

    #[test]
    fn ours_says_which_request_and_by_when() {
        let body = note().plain();
        assert_eq!(
            (&body["rung"], &body["urgency"], &body["building"]),
            (&json!("district"), &json!("red"), &json!("MZC-07"))
        );
        assert_eq!(body.as_object().unwrap().len(), 12, "a new field may not name a person");
    }

    #[test]
    fn a_robot_gets_markdown_within_what_it_takes() {
        let body = note().wecom();
        let content = body["markdown"]["content"].as_str().unwrap();
        assert_eq!(body["msgtype"], "markdown");
        assert!(content.contains("MZC-07") && content.contains("10") && content.contains("](https://paotui.example/"));
        assert!(content.len() < 4096 && !content.contains('['.to_string().repeat(2).as_str()));
    }
}
