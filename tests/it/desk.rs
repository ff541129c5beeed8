//! The desk: calls are entered, callers are known again, and every look is written down.

use paotui::domain::ids::HouseholdId;
use paotui::store::households::list_looks;
use paotui::store::import::{self, HouseholdRow};
use paotui::store::zones;
use serde_json::{Value, json};

use crate::support::{Answer, House, Person, medicine, on_every_house};

on_every_house!(
    the_desk_enters_a_call_and_says_how_it_came,
    strangers_runners_and_other_zones_enter_nothing,
    bad_calls_name_their_fields,
    the_same_key_is_the_same_call,
    a_call_goes_by_three_enters_and_the_caller_is_known_the_next_time,
    a_home_fills_the_form_and_the_look_is_written_down,
    a_door_that_may_be_several_is_a_choice,
    a_pasted_message_fills_the_form_and_submits_nothing,
    what_is_wrong_is_said_and_nothing_typed_is_lost,
    silent_homes_are_called_and_left_in_peace,
    medicines_are_asked_about_the_day_after_and_before_they_run_out,
    the_lists_are_for_the_desk_of_the_zone_alone,
    a_notice_hangs_until_its_time_or_is_taken_down,
    posters_and_lists_are_for_those_who_oversee_the_zone,
    the_desk_presses_what_the_resident_said_on_the_telephone,
);

/// The home of H-2 2-501, with a telephone and somebody to look after.
async fn household(house: &House, room: &'static str, phone: &'static str, care: &'static str) -> HouseholdId {
    let id = HouseholdId::mint();
    house
        .db()
        .write::<(), paotui::store::Error, _>(async move |conn| {
            let building_id = zones::find_building(conn, "H-2").await?.unwrap().id;
            let (room, name, care) = (room.into(), "canaryhome".into(), care.into());
            import::put_household(conn, HouseholdRow { id, building_id, room, name, phone: Some(phone.into()), care })
                .await
        })
        .await
        .unwrap();
    id
}

async fn looks(house: &House, home: HouseholdId) -> Vec<String> {
    let looks = house.db().read(async move |conn| list_looks(conn, home).await).await.unwrap();
    looks.into_iter().map(|(_, _, purpose)| purpose).collect()
}

fn called() -> Value {
    let mut body = medicine(0);
    body["channel"] = json!("paper");
    body["patient"] = json!({ "name": "外婆", "phone": null });
    body["asking_for"] = json!("family");
    body
}

async fn the_desk_enters_a_call_and_says_how_it_came(house: House) -> House {
    for name in ["desk", "sup", "admin"] {
        let entered = house.person(name).await.post("/desk/requests", called()).await;
        assert_eq!((entered.status, entered.text("/urgency").as_str()), (201, "red"), "{entered:?}");
        assert!(!entered.text("/token").is_empty() && !entered.text("/code").is_empty());
        let seen = house.person("sup").await.get(&format!("/watch/requests/{}", entered.text("/id"))).await;
        assert!(seen.raw.contains("paper"), "{seen:?}");
    }
    house
}

async fn strangers_runners_and_other_zones_enter_nothing(house: House) -> House {
    assert_eq!(house.anyone().post("/desk/requests", called()).await.code(), "sign_in_first");
    for (name, status) in [("r101", 403), ("run-else", 403), ("sup-else", 403)] {
        let refused = house.person(name).await.post("/desk/requests", called()).await;
        assert_eq!((refused.status, refused.code().as_str()), (status, "not_allowed"), "{name}");
    }
    house
}

async fn bad_calls_name_their_fields(house: House) -> House {
    let desk = house.person("desk").await;
    for (field, code, change) in [
        ("channel", "not_a_word", json!({ "channel": "web" })),
        ("channel", "wrong_type", json!({ "channel": 7 })),
        ("colour", "unknown_field", json!({ "colour": "red" })),
        ("phone", "not_a_phone", json!({ "phone": "call me" })),
        ("building", "unknown_building", json!({ "building": "N-1\u{0}" })),
        ("items[0].quantity", "out_of_range", json!({ "items": [{ "name": "米", "quantity": 10_000_000_000_u64 }] })),
    ] {
        let mut body = called();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = desk.post("/desk/requests", body).await;
        let told = (answer.status, answer.text("/errors/0/field"), answer.text("/errors/0/code"));
        assert_eq!(told, (422, field.to_owned(), code.to_owned()), "{answer:?}");
    }
    for raw in ["[]", "7", "\"x\"", "null"] {
        let request = desk.request(reqwest::Method::POST, "/desk/requests").header("content-type", "application/json");
        let status = desk.send(request.body(raw)).await.status;
        assert!(status == 422 || status == 400, "{raw}: {status}");
    }
    house
}

async fn the_same_key_is_the_same_call(house: House) -> House {
    let desk = house.person("desk").await;
    let send = || {
        desk.send(desk.request(reqwest::Method::POST, "/desk/requests").header("Idempotency-Key", "k").json(&{
            let mut body = medicine(0);
            body["channel"] = json!("phone");
            body
        }))
    };
    let (first, second) = (send().await, send().await);
    assert_eq!((first.status, second.status, first.text("/id")), (201, 201, second.text("/id")));
    assert_eq!(second.headers["Idempotency-Replayed"], "true");
    house
}

/// A page of somebody signed in, as a browser without JavaScript.
struct Browser {
    person: Person,
}

struct Shown {
    status: u16,
    location: String,
    html: String,
}

impl Browser {
    async fn of(house: &House, name: &str) -> Self {
        Self { person: house.person(name).await }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Shown {
        let cookie = format!("paotui={}", self.person.token.as_ref().unwrap());
        let answer = request.header("cookie", cookie).header("origin", &self.person.base).send().await.unwrap();
        let location = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
        Shown { status: answer.status().as_u16(), location, html: answer.text().await.unwrap() }
    }

    async fn get(&self, path: &str) -> Shown {
        self.send(self.person.http.get(format!("{}{path}", self.person.base))).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let body = serde_urlencoded::to_string(fields).unwrap();
        let request = self.person.http.post(format!("{}{path}", self.person.base)).body(body);
        self.send(request.header("content-type", "application/x-www-form-urlencoded")).await
    }
}

impl Shown {
    /// What stands in a field.
    fn value(&self, name: &str) -> String {
        let (_, rest) =
            self.html.split_once(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no {name}: {}", self.html));
        let tag = rest.split('>').next().unwrap();
        tag.split_once("value=\"").map(|(_, value)| value.split('"').next().unwrap().to_owned()).unwrap_or_default()
    }

    fn focus(&self) -> String {
        let (before, _) = self.html.split_once(" autofocus").expect("something waits for the next key");
        let tag = &before[before.rfind('<').unwrap()..];
        tag.split_once("id=\"").unwrap().1.split('"').next().unwrap().to_owned()
    }
}

/// Types into the desk and presses Enter: what the page had hidden goes with it.
async fn enters(desk: &Browser, page: &Shown, typed: &[(&str, &str)]) -> Shown {
    let hidden = ["form_token", "idempotency_key", "looked", "read"].map(|name| (name, page.value(name)));
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.extend(typed);
    if !typed.iter().any(|(name, _)| *name == "act") {
        fields.push(("act", "go"));
    }
    desk.post("/desk", &fields).await
}

async fn a_call_goes_by_three_enters_and_the_caller_is_known_the_next_time(house: House) -> House {
    let desk = Browser::of(&house, "desk").await;
    let page = desk.get("/desk").await;
    assert!(page.status == 200 && page.html.contains("120"), "the emergency script is in view");
    assert_eq!(page.focus(), "phone");
    let looked = enters(&desk, &page, &[("phone", "138 0000 0000"), ("category", "medicine")]).await;
    assert_eq!((looked.status, looked.focus().as_str()), (200, "door"), "a stranger: the door is next");
    let call = [
        ("phone", "138 0000 0000"),
        ("door", "H-1 2-501"),
        ("name", "王阿姨"),
        ("item_line", "缬沙坦胶囊 80mg 2盒"),
        ("item_line", ""),
        ("doses_left", "0"),
        ("doses_per_day", "一"),
        ("next_dose", "today_evening"),
        ("category", "medicine"),
        ("channel", "phone"),
        ("note", "敲门\r\n三下"),
    ];
    let read = enters(&desk, &looked, &call).await;
    assert_eq!((read.status, read.focus().as_str()), (200, "go"), "{}", read.html);
    for said in ["您是王阿姨", "138 0000 0000", "缬沙坦胶囊 80mg 2盒", "药已吃完", "断药优先"] {
        assert!(read.html.contains(said), "{said}");
    }
    let changed = enters(&desk, &read, &[&call[..5], &[("doses_left", "9"), ("category", "medicine")]].concat()).await;
    assert_eq!(changed.status, 200, "what changed since is read back again: {}", changed.location);
    let read = enters(&desk, &changed, &call).await;
    let kept = enters(&desk, &read, &call).await;
    assert_eq!((kept.status, kept.location.starts_with("/desk?done=")), (303, true), "{}", kept.html);
    let again = enters(&desk, &read, &call).await;
    assert_eq!(again.location, kept.location, "Enter pressed twice is one request");
    let next = desk.get(&kept.location).await;
    assert_eq!(next.focus(), "phone", "the next call begins at once");
    let code = next.html.split("单号 ").nth(1).unwrap().chars().take(8).collect::<String>();
    // The same number calls again: name and door are there, the open request is shown.
    let known = enters(&desk, &next, &[("phone", "13800000000")]).await;
    assert_eq!((known.value("name"), known.value("door")), ("王阿姨".into(), "H-1 2-501".into()));
    assert!(known.html.contains(&code) && known.focus() == "item_line-0", "{code}");
    house
}

async fn a_home_fills_the_form_and_the_look_is_written_down(house: House) -> House {
    let home = household(&house, "2-501", "139 1111 2222", "elderly_alone;no_lift").await;
    let desk = Browser::of(&house, "desk").await;
    let page = desk.get("/desk").await;
    let known = enters(&desk, &page, &[("phone", "１３９-1111-2222")]).await;
    assert_eq!((known.value("name"), known.value("door")), ("canaryhome".into(), "H-2 2-501".into()));
    assert!(known.html.contains("value=\"elderly_alone\" checked"));
    assert_eq!(looks(&house, home).await, ["call"]);
    let [token, key] = ["form_token", "idempotency_key"].map(|name| (name, page.value(name)));
    let claims =
        [(token.0, token.1.as_str()), (key.0, key.1.as_str()), ("phone", "13911112222"), ("looked", "13911112222")];
    assert!(desk.post("/desk", &claims).await.html.contains("canaryhome"));
    assert_eq!(looks(&house, home).await, ["call", "call"], "saying that one has looked already spares no look");
    let other = Browser::of(&house, "sup-else").await;
    let page = other.get("/desk").await;
    let unknown = enters(&other, &page, &[("phone", "13911112222")]).await;
    assert!(!unknown.html.contains("canaryhome"), "another zone knows nobody of here");
    assert_eq!(other.get(&format!("/desk?home={home}")).await.status, 404);
    assert_eq!(looks(&house, home).await.len(), 2);
    house
}

async fn a_door_that_may_be_several_is_a_choice(house: House) -> House {
    let desk = Browser::of(&house, "desk").await;
    let page = desk.get("/desk").await;
    let call = [("phone", "13800000001"), ("name", "李"), ("item_line", "米 1袋"), ("category", "food")];
    let looked = enters(&desk, &page, &call[..1]).await;
    let asked = enters(&desk, &looked, &[&call[..], &[("door", "2-501")]].concat()).await;
    assert_eq!((asked.status, asked.focus().as_str()), (422, "door_choice"));
    for option in ["H-2 501", "H-1 2-501", "H-2 2-501"] {
        assert!(asked.html.contains(&format!("value=\"{option}\"")), "{option}");
    }
    assert!(!asked.html.contains("E-1"), "no building of another zone");
    let read = enters(&desk, &asked, &[&call[..], &[("door", "2-501"), ("door_choice", "H-1 2-501")]].concat()).await;
    assert_eq!((read.status, read.value("door")), (200, "H-1 2-501".into()));
    house
}

async fn a_pasted_message_fills_the_form_and_submits_nothing(house: House) -> House {
    let desk = Browser::of(&house, "desk").await;
    let page = desk.get("/desk").await;
    let slip = "王阿姨 13800000003 H-1 2-501\n缬沙坦胶囊 80mg 2盒，没药了\n敲门<三下>";
    let split = enters(&desk, &page, &[("slip", slip), ("act", "split"), ("category", "medicine")]).await;
    assert_eq!(split.status, 200);
    assert_eq!((split.value("phone"), split.value("name")), ("13800000003".into(), "王阿姨".into()));
    assert_eq!((split.value("item_line"), split.value("doses_left")), ("缬沙坦胶囊 80mg 2盒".into(), "0".into()));
    assert!(split.html.contains("敲门&#60;三下&#62;"), "what was not understood is in the note");
    let queue = house.person("desk").await.get("/watch/requests").await;
    assert_eq!(queue.body["items"], json!([]), "nothing was submitted");
    house
}

async fn what_is_wrong_is_said_and_nothing_typed_is_lost(house: House) -> House {
    let desk = Browser::of(&house, "desk").await;
    let page = desk.get("/desk").await;
    let looked = enters(&desk, &page, &[("phone", "13800000004")]).await;
    let wrong = [
        ("phone", "13800000004"),
        ("door", "H-1"),
        ("name", ""),
        ("item_line", ""),
        ("item_line", "\"x\""),
        ("doses_left", "很多"),
        ("category", "medicine"),
        ("note", "\u{0}"),
    ];
    let told = enters(&desk, &looked, &wrong).await;
    assert_eq!(told.status, 422);
    for anchor in ["#door", "#name", "#doses_left", "#note"] {
        assert!(told.html.contains(&format!("href=\"{anchor}\"")), "{anchor}");
    }
    assert_eq!((told.value("door"), told.value("doses_left")), ("H-1".into(), "很多".into()));
    assert!(told.html.contains("value=\"&#34;x&#34;\""));
    for (phone, door) in
        [("", ""), ("1", "\u{0}"), ("👵", "🏠🏠"), (&"9".repeat(5000) as &str, &"栋".repeat(5000) as &str)]
    {
        let answer =
            enters(&desk, &looked, &[("phone", phone), ("door", door), ("item_line", &"药".repeat(3000))]).await;
        assert!(answer.status < 500, "{}", answer.status);
    }
    let forged = desk.post("/desk", &[("phone", "13800000004"), ("form_token", "x")]).await;
    assert_eq!(forged.status, 403);
    house
}

async fn silent_homes_are_called_and_left_in_peace(house: House) -> House {
    let quiet = household(&house, "2-501", "13911112222", "elderly_alone").await;
    let loud = household(&house, "2-601", "13933334444", "infant").await;
    household(&house, "2-701", "13955556666", "").await;
    household(&house, "1-701", "13977778888", "disabled").await;
    let desk = house.person("desk").await;
    let list = async |desk: &Person| -> Vec<Value> {
        desk.get("/desk/households").await.body["items"].as_array().unwrap().clone()
    };
    assert!(list(&desk).await.is_empty(), "nobody asked on these stairs");
    for (room, phone) in [("2-301", "13000000000"), ("2单元601室", "13933334444")] {
        let mut body = medicine(9);
        (body["building"], body["room"], body["phone"]) = (json!("H-2"), json!(room), json!(phone));
        assert_eq!(house.anyone().post("/requests", body).await.status, 201);
    }
    let found = list(&desk).await;
    assert_eq!((found.len(), found[0]["household"].as_str()), (1, Some(quiet.to_string().as_str())), "{found:?}");
    assert_eq!((found[0]["phone"].clone(), found[0]["neighbours"].clone()), (json!("13911112222"), json!(2)));
    assert_eq!((looks(&house, quiet).await.len(), looks(&house, loud).await.len()), (1, 0), "each look, and no other");
    let call = format!("/desk/households/{quiet}/calls");
    for (body, code) in [(json!({}), "required"), (json!({ "outcome": "maybe" }), "not_a_word")] {
        assert_eq!(desk.post(&call, body).await.text("/errors/0/code"), code);
    }
    assert_eq!(desk.post(&call, json!({ "outcome": "no_answer" })).await.status, 201);
    assert!(list(&desk).await.is_empty(), "again tomorrow");
    house.clock.turn(20 * 3600);
    let desk = house.person("desk").await;
    assert_eq!(list(&desk).await[0]["tried_at"], json!("2026-11-23T04:00:00Z"));
    let page = Browser::of(&house, "desk").await;
    let shown = page.get("/desk/households").await;
    let token = shown.value("form_token");
    let needs = page.post(&format!("/desk/households/{quiet}"), &[("form_token", &token), ("outcome", "needs")]).await;
    assert_eq!(needs.location, format!("/desk?home={quiet}"), "no name or number in the address");
    let filled = page.get(&needs.location).await;
    assert_eq!((filled.value("phone"), filled.value("door")), ("13911112222".into(), "H-2 2-501".into()));
    assert_eq!(filled.focus(), "item_line-0");
    assert!(list(&desk).await.is_empty());
    house
}

async fn delivered(house: &House, asked: &Answer, runner: &Person) {
    house.settle().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    for step in ["collect", "deliver"] {
        assert_eq!(runner.does(step, &errand, json!({})).await.status, 200);
    }
    assert!(!asked.text("/id").is_empty());
    house.settle().await;
    house.letters();
}

async fn medicines_are_asked_about_the_day_after_and_before_they_run_out(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let asked = house.anyone().post("/requests", medicine(0)).await;
    delivered(&house, &asked, &runner).await;
    let due = async |house: &House| -> Vec<Value> {
        house.person("desk").await.get("/desk/supplies").await.body["items"].as_array().unwrap().clone()
    };
    assert!(due(&house).await.is_empty(), "it came just now");
    house.clock.turn(25 * 3600);
    let found = due(&house).await;
    assert_eq!(
        (found.len(), found[0]["cause"].clone(), found[0]["enough_until"].clone()),
        (1, json!("ask"), Value::Null),
        "{found:?}"
    );
    assert_eq!((found[0]["phone"].clone(), found[0]["room"].clone()), (json!("13800000000"), json!("2-501")));
    let (desk, tell) = (house.person("desk").await, format!("/desk/supplies/{}", asked.text("/id")));
    let valsartan = |days: Value| json!({ "item": " 缬沙坦胶囊 ", "strength": "80 mg", "enough_days": days });
    assert_eq!(desk.post(&tell, json!({ "item": "别的", "enough_days": 3 })).await.status, 404, "it was not brought");
    assert_eq!(desk.post(&tell, json!({ "enough_days": 999 })).await.body["errors"].as_array().unwrap().len(), 2);
    let tried = json!({ "item": "缬沙坦胶囊", "strength": "80mg", "no_answer": true });
    assert_eq!(desk.post(&tell, tried).await.text("/again_at"), "2026-11-24T16:00:00Z", "midnight in Chongqing");
    assert!(due(&house).await.is_empty(), "nobody answered: not again today");
    house.clock.turn(24 * 3600);
    let desk = house.person("desk").await;
    assert_eq!(due(&house).await.len(), 1, "and again tomorrow");
    assert_eq!(desk.post(&tell, valsartan(json!(14))).await.status, 201);
    assert!(due(&house).await.is_empty());
    house.clock.turn(11 * 86_400 + 1);
    assert_eq!(due(&house).await[0]["cause"], json!("told"), "three days before the last dose");
    let page = Browser::of(&house, "desk").await;
    let again = page.get(&format!("/desk?again={}", asked.text("/id"))).await;
    assert_eq!((again.value("item_line"), again.value("phone")), ("缬沙坦胶囊 80mg 2盒".into(), "13800000000".into()));
    let desk = house.person("desk").await;
    assert_eq!(desk.post(&tell, valsartan(Value::Null)).await.status, 201);
    assert!(due(&house).await.is_empty(), "not needed any more");
    // Asked for again: the new request is what counts.
    assert_eq!(desk.post(&tell, valsartan(json!(0))).await.status, 201);
    assert_eq!(due(&house).await.len(), 1);
    house.anyone().post("/requests", medicine(0)).await;
    assert!(due(&house).await.is_empty(), "it is on its way");
    house
}

async fn the_lists_are_for_the_desk_of_the_zone_alone(house: House) -> House {
    let home = household(&house, "2-501", "13911112222", "elderly_alone").await;
    let mut body = medicine(9);
    (body["building"], body["room"]) = (json!("H-2"), json!("2-301"));
    house.anyone().post("/requests", body).await;
    for path in ["/desk/households", "/desk/supplies"] {
        assert_eq!(house.anyone().get(path).await.status, 401);
        for (name, own, home) in [("r101", 403, 403), ("run-else", 403, 404), ("sup-else", 200, 404), ("sup", 200, 200)]
        {
            let person = house.person(name).await;
            assert_eq!(person.get(path).await.status, own, "{name} {path}");
            assert_eq!(person.get(&format!("{path}?zone=HOME")).await.status, home, "{name} {path}");
        }
    }
    for (name, status) in [("r101", 403), ("run-else", 404), ("sup-else", 404)] {
        let person = house.person(name).await;
        let call = person.post(&format!("/desk/households/{home}/calls"), json!({ "outcome": "fine" })).await;
        assert_eq!(call.status, status, "{name}");
        let page = Browser { person };
        for path in ["/desk", "/desk/households"] {
            let shown = page.get(path).await;
            assert!(shown.status == 403 || name == "sup-else", "{name} {path}: {}", shown.status);
            assert!(!shown.html.contains("canaryhome"), "{name} {path}");
        }
    }
    let stranger = house.http.get(format!("{}/desk", house.base)).send().await.unwrap();
    assert_eq!(stranger.headers()["location"], "/sign-in?next=/desk");
    let shown = Browser::of(&house, "desk").await.get("/desk/households").await;
    assert!(shown.html.contains("canaryhome") && shown.html.contains("13911112222"));
    house
}

async fn a_notice_hangs_until_its_time_or_is_taken_down(house: House) -> House {
    let sup = Browser::of(&house, "sup").await;
    let page = sup.get("/watch/notices").await;
    let token = page.value("form_token");
    let write = async |title: &str, until: &str| {
        let fields =
            [("form_token", token.as_str()), ("notice_title", title), ("notice_text", "请在<家>等"), ("until", until)];
        sup.post("/watch/notices", &fields).await
    };
    let refused = write("", "never").await;
    assert_eq!(refused.status, 422);
    assert!(refused.html.contains("请在&#60;家&#62;等"), "nothing typed is lost");
    assert_eq!(write("明早做核酸", "today").await.location, "/watch/notices?notice=hung");
    let read =
        async |path: &str| house.http.get(format!("{}{path}", house.base)).send().await.unwrap().text().await.unwrap();
    let asked = house.asks_for_medicine(9).await;
    for path in ["/b/H-1".to_owned(), format!("/r/{}", asked.text("/token"))] {
        assert!(read(&path).await.contains("明早做核酸"), "{path}");
    }
    assert!(!read("/b/E-1").await.contains("明早做核酸"), "another zone does not see it");
    house.clock.turn(13 * 3600);
    assert!(!read("/b/H-1").await.contains("明早做核酸"), "the day is over");
    let sup = Browser::of(&house, "sup").await;
    let token = sup.get("/watch/notices").await.value("form_token");
    let fields =
        [("form_token", token.as_str()), ("notice_title", "停水"), ("notice_text", "两点到四点"), ("until", "week")];
    sup.post("/watch/notices", &fields).await;
    let page = sup.get("/watch/notices").await;
    let end = page.html.split("action=\"").find(|action| action.contains("/end\"")).unwrap().split('"').next().unwrap();
    let foreign = Browser::of(&house, "sup-else").await;
    let theirs = foreign.get("/watch/notices").await.value("form_token");
    assert_eq!(foreign.post(end, &[("form_token", &theirs)]).await.status, 404);
    assert_eq!(sup.post(end, &[("form_token", &token)]).await.status, 303);
    assert!(!read("/b/H-1").await.contains("停水"));
    for name in ["desk", "r101"] {
        assert_eq!(Browser::of(&house, name).await.get("/watch/notices").await.status, 403, "{name}");
    }
    house
}

async fn posters_and_lists_are_for_those_who_oversee_the_zone(house: House) -> House {
    let home = household(&house, "2-501", "13911112222", "dialysis").await;
    let sup = Browser::of(&house, "sup").await;
    let list = sup.get("/admin/posters").await;
    assert!(list.html.contains("/admin/posters/H-1") && !list.html.contains("E-1"));
    let poster = sup.get("/admin/posters/H-1").await;
    assert!(poster.html.contains("<svg") && poster.html.contains("/b/H-1") && poster.html.contains("不收跑腿费"));
    let homes = sup.get("/admin/posters/H-2/homes").await;
    assert!(homes.html.contains("canaryhome") && homes.html.contains("2222") && homes.html.contains("要做透析"));
    assert!(!homes.html.contains("13911112222"), "only the last four digits");
    assert_eq!(looks(&house, home).await, ["list"]);
    for (name, own, other) in
        [("desk", 403, 404), ("r101", 403, 404), ("sup", 200, 404), ("sup-else", 404, 200), ("admin", 200, 200)]
    {
        let page = Browser::of(&house, name).await;
        for path in ["", "/homes"] {
            assert_eq!(page.get(&format!("/admin/posters/H-1{path}")).await.status, own, "{name}");
            assert_eq!(page.get(&format!("/admin/posters/E-1{path}")).await.status, other, "{name}");
        }
    }
    assert_eq!(looks(&house, home).await.len(), 1, "who was refused did not look");
    house
}

async fn the_desk_presses_what_the_resident_said_on_the_telephone(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    let question = json!({ "item": 1, "kind": "other_maker", "offer": "鲁南制药的" });
    assert_eq!(runner.post(&format!("/errands/{errand}/ask"), question).await.status, 200);
    let desk = Browser::of(&house, "desk").await;
    let place = format!("/watch/requests/{}", asked.text("/id"));
    let opened = desk.get(&place).await;
    assert!(
        opened.html.contains("缬沙坦胶囊，只有别的厂家的") && opened.html.contains("鲁南制药的"),
        "{}",
        opened.html
    );
    let (_, rest) = opened.html.split_once("/watch/questions/").unwrap();
    let question = rest.split('"').next().unwrap().to_owned();
    let fields =
        [("form_token", opened.value("form_token")), ("request", asked.text("/id")), ("choice", "swap".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let elsewhere = Browser::of(&house, "sup-else").await;
    assert_ne!(elsewhere.post(&format!("/watch/questions/{question}"), &fields).await.status, 303, "not of that zone");
    let pressed = desk.post(&format!("/watch/questions/{question}"), &fields).await;
    assert_eq!((pressed.status, pressed.location), (303, format!("{place}?notice=answered")));
    let told = runner.get("/runner/trip").await.body["stops"][0]["questions"][0].clone();
    assert_eq!((&told["answer"], &told["answered_by"]), (&json!("swap"), &json!("desk")));
    assert!(!desk.get(&place).await.html.contains("/watch/questions/"), "it is asked no more");
    let again = desk.post(&format!("/watch/questions/{question}"), &fields).await;
    assert!(again.location.ends_with("notice=already_answered"), "{}", again.location);
    house
}
