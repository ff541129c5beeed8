//! A day in a few lines, for people.

use serde_json::Value;

/// What the JSON says, in words.
#[must_use]
pub fn lines(report: &Value) -> String {
    let text = |key: &str| {
        report.get(key).map_or(String::new(), |value| value.as_str().map_or(value.to_string(), str::to_owned))
    };
    let mut lines = vec![
        format!("{} under {}", text("trace"), text("policy")),
        format!(
            "  {} requests, {} delivered, {} not, {} late",
            text("requests"),
            text("delivered"),
            text("unserved"),
            text("late")
        ),
    ];
    for urgency in ["red", "yellow", "green"] {
        if let Some(entry) = report.pointer(&format!("/by_urgency/{urgency}")) {
            let share = entry.get("within_target").map_or(0.0, |share| share.as_f64().unwrap_or_default()) * 100.0;
            lines.push(format!("  {urgency:6} to the door {} min, {share:.1} % in time", spread(entry, "to_door_s")));
        }
    }
    lines.push(format!("  to the shop {} min", spread(report, "to_shop_s")));
    lines.push(format!(
        "  {} m a delivery, {} deliveries a runner and hour, Gini {}, decision p99 {} µs",
        text("metres_per_delivery"),
        text("deliveries_per_runner_hour"),
        text("gini"),
        report.pointer("/decision_us/p99").map_or(String::new(), Value::to_string),
    ));
    lines.join("\n")
}

fn spread(entry: &Value, key: &str) -> String {
    let minutes = |part: &str| {
        let seconds = entry.get(key).and_then(|spread| spread.get(part)).and_then(Value::as_f64);
        format!("{:.1}", seconds.unwrap_or_default() / 60.0)
    };
    format!("p50 {} p90 {} max {}", minutes("p50"), minutes("p90"), minutes("max"))
}
