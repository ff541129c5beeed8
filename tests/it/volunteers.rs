//! Becoming a runner: offering to help, being approved, the link that lets in once, and the first errand.

use futures_util::future::join_all;
use paotui::domain::ids::VolunteerId;
use paotui::flow::rounds;
use reqwest::Response;
use serde_json::{Value, json};

use crate::privacy::{journal_dump, redis_dump};
use crate::support::{Answer, House, Person, on_every_house};

on_every_house!(
    from_an_offer_to_help_to_the_first_errand,
    strangers_and_other_zones_may_nothing,
    a_form_sent_twice_is_one_offer_and_a_changed_one_is_asked_about,
    whatever_is_wrong_is_said_by_field_and_what_was_typed_is_kept,
    nobody_learns_from_an_offer_whose_telephone_is_known,
    an_offer_is_decided_once_and_every_runner_gets_a_name_of_his_own,
    a_link_of_a_closed_account_an_old_and_a_replaced_one_open_nothing,
    of_many_presses_at_once_one_signs_in,
    a_password_may_be_chosen_and_a_wrong_one_costs_no_link,
    a_link_never_gives_more_than_its_maker_may,
    a_link_whose_maker_left_opens_nothing,
    an_offer_nobody_answers_is_wiped_after_two_weeks,
    a_letter_carries_a_link_of_its_own_and_the_first_used_ends_both,
    nothing_personal_and_no_token_leaves_its_place,
    a_declined_name_is_wiped_after_a_week,
);

fn hidden(html: &str, name: &str) -> String {
    let after = html.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
    after.split('"').next().unwrap_or_default().to_owned()
}

fn cookie_of(answer: &Response) -> Option<String> {
    let header = answer.headers().get("set-cookie")?.to_str().ok()?;
    Some(header.split_once("paotui=")?.1.split(';').next()?.to_owned())
}

fn location(answer: &Response) -> String {
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// A page as a browser without JavaScript, or a chat program, fetches it.
async fn page(house: &House, url: &str) -> (u16, String) {
    let answer = house.http.get(url).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn posts(house: &House, url: &str, fields: &[(&str, &str)]) -> Response {
    let body = serde_urlencoded::to_string(fields).unwrap();
    let post = house.http.post(url).header("content-type", "application/x-www-form-urlencoded");
    post.body(body).send().await.unwrap()
}

/// The form of `/volunteer` as it was served.
struct Form {
    token: String,
    key: String,
}

async fn opens(house: &House) -> Form {
    let (status, html) = page(house, &format!("{}/volunteer", house.base)).await;
    assert_eq!(status, 200);
    Form { token: hidden(&html, "form_token"), key: hidden(&html, "idempotency_key") }
}

impl Form {
    async fn sends(&self, house: &House, fields: &[(&str, &str)]) -> Response {
        let mut all = vec![("form_token", self.token.as_str()), ("idempotency_key", self.key.as_str())];
        all.extend(fields);
        posts(house, &format!("{}/volunteer", house.base), &all).await
    }
}

const OFFER: &[(&str, &str)] = &[
    ("name", "陈小明"),
    ("phone", "138 0000 4321"),
    ("building", "H-2"),
    ("skills", "medicine"),
    ("skills", "e-bike"),
    ("free_when", "晚上六点以后"),
];

fn offer(phone: &str) -> Value {
    json!({ "name": "陈小明", "phone": phone, "zone": "HOME" })
}

async fn waiting(supervisor: &Person) -> Vec<Value> {
    let answer = supervisor.get("/watch/volunteers").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["items"].as_array().unwrap().clone()
}

/// Somebody offers to help and is approved: the answer with the link.
async fn approved(house: &House, body: Value) -> Answer {
    let offered = house.anyone().post("/volunteers", body).await;
    assert_eq!(offered.status, 201, "{offered:?}");
    let supervisor = house.person("sup").await;
    let made = supervisor.post(&format!("/watch/volunteers/{}/approve", offered.text("/id")), json!({})).await;
    assert_eq!(made.status, 201, "{made:?}");
    made
}

/// The button behind a link is pressed; the page is looked at first, for its token.
async fn enters(house: &House, url: &str, password: &str) -> Response {
    let (_, html) = page(house, url).await;
    posts(house, url, &[("form_token", &hidden(&html, "form_token")), ("new_password", password)]).await
}

/// The form's token of a link's page, which is good as long as the page is held, whatever became of the link.
async fn held(house: &House, url: &str) -> String {
    let (status, html) = page(house, url).await;
    assert_eq!(status, 200, "{html}");
    hidden(&html, "form_token")
}

fn signed_in(house: &House, answer: &Response) -> Person {
    assert_eq!(answer.status(), 303);
    Person { token: Some(cookie_of(answer).unwrap()), ..house.anyone() }
}

async fn from_an_offer_to_help_to_the_first_errand(house: House) -> House {
    let sent = opens(&house).await.sends(&house, OFFER).await;
    assert_eq!((sent.status().as_u16(), location(&sent).as_str()), (303, "/volunteer/thanks"));
    let (_, thanks) = page(&house, &format!("{}/volunteer/thanks", house.base)).await;
    assert!(!thanks.contains("陈小明"), "the page after it is the same for everybody");
    let supervisor = house.person("sup").await;
    let found = waiting(&supervisor).await;
    assert_eq!(found.len(), 1);
    let one = &found[0];
    assert_eq!(
        (&one["name"], &one["phone"], &one["building"]),
        (&json!("陈小明"), &json!("138 0000 4321"), &json!("H-2"))
    );
    assert_eq!(one["skills"], json!(["medicine", "e-bike"]));
    assert_eq!((&one["free_when"], &one["known"]), (&json!("晚上六点以后"), &json!([])));
    let id = one["id"].as_str().unwrap();
    let made = supervisor.post(&format!("/watch/volunteers/{id}/approve"), json!({})).await;
    assert_eq!((made.status, made.text("/username").as_str()), (201, "r201"));
    assert_eq!(made.body["by_letter"], json!(false));
    assert!(waiting(&supervisor).await.is_empty());

    let url = made.text("/sign_in_url");
    assert!(url.starts_with(&format!("{}/sign-in/", house.base)), "{url}");
    for _ in 0..2 {
        let (status, html) = page(&house, &url).await;
        assert_eq!(status, 200, "a chat program that fetches the link uses nothing up");
        assert!(html.contains("r201") && !html.contains("陈小明"), "a preview shows no name");
    }
    let token = held(&house, &url).await;
    let answer = posts(&house, &url, &[("form_token", &token)]).await;
    assert_eq!(location(&answer), "/run?notice=welcome");
    let runner = signed_in(&house, &answer);
    let again = posts(&house, &url, &[("form_token", &token)]).await;
    assert_eq!((again.status().as_u16(), cookie_of(&again)), (410, None), "a second press opens nothing");
    assert_eq!(page(&house, &url).await.0, 410);

    let run = house.http.get(format!("{}/run?notice=welcome", house.base));
    let run = run.header("cookie", format!("paotui={}", runner.token.as_deref().unwrap())).send().await.unwrap();
    assert_eq!(run.status(), 200);
    assert!(run.text().await.unwrap().contains("action=\"/run/duty\""), "the first thing he sees is the duty switch");
    let asked = house.asks_for_medicine(0).await;
    assert_eq!(runner.put("/runner/duty", json!({ "on": true })).await.status, 200);
    house.settle().await;
    assert_eq!(runner.accepts().await.status, 200);
    let errand = runner.errand().await;
    for step in ["collect", "deliver"] {
        assert_eq!(runner.does(step, &errand, json!({})).await.status, 200);
    }
    assert_eq!(house.tracks(&asked).await["state"], "delivered");
    house
}

async fn strangers_and_other_zones_may_nothing(house: House) -> House {
    let offered = house.anyone().post("/volunteers", offer("13800004321")).await;
    let approve = format!("/watch/volunteers/{}/approve", offered.text("/id"));
    let decline = format!("/watch/volunteers/{}/decline", offered.text("/id"));
    let link = "/watch/runners/r001/sign-in-link";
    let no = json!({ "reason": "other" });
    for (name, list, act) in [("", 401, 401), ("r001", 403, 403), ("desk", 403, 403), ("sup-else", 404, 404)] {
        let person = if name.is_empty() { house.anyone() } else { house.person(name).await };
        assert_eq!(person.get("/watch/volunteers?zone=HOME").await.status, list, "{name}");
        for (path, body) in [(approve.as_str(), json!({})), (decline.as_str(), no.clone()), (link, json!({}))] {
            assert_eq!(person.post(path, body).await.status, act, "{name} {path}");
        }
    }
    let elsewhere = house.person("sup-else").await;
    assert!(waiting(&elsewhere).await.is_empty(), "the own zone's list holds nobody of another");
    let supervisor = house.person("sup").await;
    for unknown in
        ["/watch/volunteers/x/approve", "/watch/runners/nobody/sign-in-link", "/watch/runners/run-else/sign-in-link"]
    {
        assert_eq!(supervisor.post(unknown, json!({})).await.status, 404, "{unknown}");
    }
    let nobody = VolunteerId::mint();
    assert_eq!(supervisor.post(&format!("/watch/volunteers/{nobody}/decline"), no).await.status, 404);
    assert_eq!(waiting(&supervisor).await.len(), 1, "nothing came of all that");
    // Nor by the pages: a form that was not served to this visitor.
    let cookie = format!("paotui={}", supervisor.token.as_deref().unwrap());
    for path in [&approve, &decline] {
        let forged = house.http.post(format!("{}{path}", house.base)).header("cookie", &cookie);
        let forged =
            forged.header("content-type", "application/x-www-form-urlencoded").body("form_token=x&reason=other");
        assert_eq!(forged.send().await.unwrap().status(), 403, "{path}");
    }
    assert_eq!(waiting(&supervisor).await.len(), 1, "nothing came of that either");
    let forged = posts(&house, &format!("{}/volunteer", house.base), OFFER).await;
    assert_eq!(forged.status(), 403);
    let district = house.person("admin").await;
    assert_eq!(district.get("/watch/volunteers?zone=ELSE").await.status, 200);
    house
}

async fn a_form_sent_twice_is_one_offer_and_a_changed_one_is_asked_about(house: House) -> House {
    let (supervisor, form) = (house.person("sup").await, opens(&house).await);
    let copies = join_all((0..8).map(|_| form.sends(&house, OFFER))).await;
    for copy in &copies {
        assert_eq!((copy.status().as_u16(), location(copy).as_str()), (303, "/volunteer/thanks"));
    }
    assert_eq!(waiting(&supervisor).await.len(), 1, "eight taps are one offer");
    let changed: Vec<_> =
        OFFER.iter().map(|(name, value)| (*name, if *name == "name" { "陈大明" } else { *value })).collect();
    let asked = form.sends(&house, &changed).await;
    assert_eq!(asked.status(), 409);
    let html = asked.text().await.unwrap();
    assert!(html.contains("陈大明") && html.contains("value=\"138 0000 4321\""), "what was typed is kept");
    let once_more = Form { token: hidden(&html, "form_token"), key: hidden(&html, "idempotency_key") };
    assert_eq!(once_more.sends(&house, &changed).await.status(), 303);
    assert_eq!(waiting(&supervisor).await.len(), 2);

    let key = |person: &Person, body: &Value| {
        person.request(reqwest::Method::POST, "/volunteers").header("Idempotency-Key", "mine").json(body)
    };
    let anyone = house.anyone();
    let first = anyone.send(key(&anyone, &offer("13800001111"))).await;
    let second = anyone.send(key(&anyone, &offer("13800001111"))).await;
    assert_eq!((first.status, second.status, first.text("/id")), (201, 201, second.text("/id")));
    assert_eq!(second.headers["idempotency-replayed"], "true");
    let other = anyone.send(key(&anyone, &offer("13800002222"))).await;
    assert_eq!((other.status, other.code().as_str()), (409, "key_reused"));
    assert_eq!(waiting(&supervisor).await.len(), 3);
    house
}

async fn whatever_is_wrong_is_said_by_field_and_what_was_typed_is_kept(house: House) -> House {
    let form = opens(&house).await;
    let wrong = [("name", "小明 👵"), ("phone", "12"), ("skills", "cart"), ("free_when", "周末"), ("email", "nobody")];
    let refused = form.sends(&house, &wrong).await;
    assert_eq!(refused.status(), 422);
    let html = refused.text().await.unwrap();
    for kept in ["value=\"小明 👵\"", "value=\"12\"", "value=\"cart\" checked", "value=\"周末\"", "value=\"nobody\""]
    {
        assert!(html.contains(kept), "{kept}");
    }
    for anchor in ["#phone", "#email", "#zone"] {
        assert!(html.contains(&format!("href=\"{anchor}\"")), "{anchor}: two zones and no building");
    }
    let stay = [("name", "小明"), ("phone", "12"), ("go", "stay")];
    assert_eq!(form.sends(&house, &stay).await.status(), 200, "another language or size refuses nothing");
    let mended = [("name", "小明 👵"), ("phone", "13800004321"), ("zone", "HOME")];
    assert_eq!(form.sends(&house, &mended).await.status(), 303);

    for (field, code, body) in [
        ("name", "required", json!({ "phone": "13800004321", "zone": "HOME" })),
        ("zone", "required", json!({ "name": "a", "phone": "13800004321" })),
        ("zone", "not_a_word", json!({ "name": "a", "phone": "13800004321", "zone": "\u{0}" })),
        ("building", "unknown_building", json!({ "name": "a", "phone": "13800004321", "building": "H-99" })),
        ("skills", "not_a_word", json!({ "name": "a", "phone": "13800004321", "zone": "HOME", "skills": ["flying"] })),
        (
            "free_when",
            "too_long",
            json!({ "name": "a", "phone": "13800004321", "zone": "HOME", "free_when": "x".repeat(121) }),
        ),
        ("colour", "unknown_field", json!({ "colour": "red" })),
    ] {
        let answer = house.anyone().post("/volunteers", body).await;
        assert_eq!((answer.status, answer.code().as_str()), (422, "invalid_input"), "{answer:?}");
        assert_eq!((answer.text("/errors/0/field").as_str(), answer.text("/errors/0/code").as_str()), (field, code));
    }
    let supervisor = house.person("sup").await;
    let id = waiting(&supervisor).await[0]["id"].as_str().unwrap().to_owned();
    for (code, body) in [("required", json!({})), ("not_a_word", json!({ "reason": "我不喜欢" }))] {
        let answer = supervisor.post(&format!("/watch/volunteers/{id}/decline"), body).await;
        assert_eq!((answer.status, answer.text("/errors/0/code").as_str()), (422, code));
    }
    house
}

async fn nobody_learns_from_an_offer_whose_telephone_is_known(house: House) -> House {
    let first = approved(&house, offer("13800004321")).await;
    let (known, unknown) = ("+86 138-0000-4321", "13800009999");
    let mut answers = Vec::new();
    for phone in [known, unknown] {
        let answer = house.anyone().post("/volunteers", offer(phone)).await;
        answers.push(answer.raw.replace(&answer.text("/id"), "ID"));
        let form = opens(&house).await;
        let fields = [("name", "a"), ("phone", phone), ("zone", "HOME")];
        let sent = form.sends(&house, &fields).await;
        answers.push(format!("{} {}", sent.status(), location(&sent)));
    }
    assert_eq!(answers[..2], answers[2..], "a known telephone is answered like any other");
    let supervisor = house.person("sup").await;
    let found = waiting(&supervisor).await;
    assert_eq!(found[0]["known"][0], json!({ "as": "account", "username": first.text("/username"), "reason": null }));
    assert_eq!(found[0]["known"][1]["as"], "offered_twice");
    assert_eq!(found[2]["known"], json!([{ "as": "offered_twice", "username": null, "reason": null }]));
    let id = found[3]["id"].as_str().unwrap();
    let no = json!({ "reason": "enough_runners" });
    let declined = supervisor.post(&format!("/watch/volunteers/{id}/decline"), no).await;
    assert_eq!((declined.status, declined.text("/state").as_str()), (200, "declined"));
    let found = waiting(&supervisor).await;
    assert_eq!(found[2]["known"], json!([{ "as": "declined", "username": null, "reason": "enough_runners" }]));
    // To another zone it is a number that is known somewhere, and no more.
    let body = json!({ "name": "a", "phone": known, "zone": "ELSE" });
    assert_eq!(house.anyone().post("/volunteers", body).await.status, 201);
    let elsewhere = waiting(&house.person("sup-else").await).await;
    assert_eq!(elsewhere[0]["known"], json!([{ "as": "other_zone", "username": null, "reason": null }]));
    let next = supervisor.get("/watch/volunteers?limit=2").await;
    let rest = supervisor.get(&format!("/watch/volunteers?limit=2&after={}", next.text("/next"))).await;
    assert_eq!((next.body["items"].as_array().unwrap().len(), rest.body["items"].as_array().unwrap().len()), (2, 1));
    house
}

async fn an_offer_is_decided_once_and_every_runner_gets_a_name_of_his_own(house: House) -> House {
    let supervisor = house.person("sup").await;
    let mut ids = Vec::new();
    for number in 0..8 {
        ids.push(house.anyone().post("/volunteers", offer(&format!("1380000432{number}"))).await.text("/id"));
    }
    // Each is approved twice at once.
    let paths: Vec<String> = ids.iter().chain(&ids).map(|id| format!("/watch/volunteers/{id}/approve")).collect();
    let answers = join_all(paths.iter().map(|path| supervisor.post(path, json!({})))).await;
    let mut names: Vec<String> =
        answers.iter().filter(|answer| answer.status == 201).map(|answer| answer.text("/username")).collect();
    names.sort();
    assert_eq!(names, ["r201", "r202", "r203", "r204", "r205", "r206", "r207", "r208"], "{answers:?}");
    let late: Vec<_> = answers.iter().filter(|answer| answer.status != 201).collect();
    assert!(late.iter().all(|answer| (answer.status, answer.code().as_str()) == (409, "already_decided")), "{late:?}");
    let no = json!({ "reason": "other" });
    assert_eq!(supervisor.post(&format!("/watch/volunteers/{}/decline", ids[0]), no).await.code(), "already_decided");
    house
}

async fn a_link_of_a_closed_account_an_old_and_a_replaced_one_open_nothing(house: House) -> House {
    let made = approved(&house, offer("13800004321")).await;
    let supervisor = house.person("sup").await;
    let link = format!("/watch/runners/{}/sign-in-link", made.text("/username"));
    let (first, second) = (made.text("/sign_in_url"), supervisor.post(&link, json!({})).await);
    assert_eq!(second.status, 201);
    let second = second.text("/sign_in_url");
    let token = held(&house, &second).await;
    assert_eq!(page(&house, &first).await.0, 410, "a new link takes the place of the one before");
    house.clock.turn(24 * 3600 + 1);
    assert_eq!(posts(&house, &second, &[("form_token", &token)]).await.status(), 410, "a day is over");
    let supervisor = house.person("sup").await;
    let third = supervisor.post(&link, json!({})).await.text("/sign_in_url");
    let token = held(&house, &third).await;
    let (username, now) = (made.text("/username"), house.flow.now());
    let closed = house.db().write(async move |conn| paotui::store::people::disable(conn, &username, now).await);
    assert!(closed.await.unwrap());
    let shut = posts(&house, &third, &[("form_token", &token)]).await;
    assert_eq!((shut.status().as_u16(), cookie_of(&shut)), (410, None));
    let html = shut.text().await.unwrap();
    assert!(html.contains("请值班长再给您一个") || html.contains("Ask your supervisor"), "it says what to do: {html}");
    assert_eq!(supervisor.post(&link, json!({})).await.status, 404, "nor is there another for a closed account");
    assert_eq!(page(&house, &format!("{}/sign-in/{}", house.base, "0".repeat(52))).await.0, 410);
    let open = approved(&house, offer("13800004322")).await.text("/sign_in_url");
    assert_eq!(posts(&house, &open, &[("form_token", "x")]).await.status(), 403, "the form of another page");
    assert_eq!(page(&house, &open).await.0, 200);
    house
}

async fn of_many_presses_at_once_one_signs_in(house: House) -> House {
    let url = approved(&house, offer("13800004321")).await.text("/sign_in_url");
    let token = held(&house, &url).await;
    let fields = [("form_token", token.as_str())];
    let presses = join_all((0..8).map(|_| posts(&house, &url, &fields))).await;
    let mut statuses: Vec<u16> = presses.iter().map(|answer| answer.status().as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410, 410, 410, 410, 410, 410, 410]);
    house
}

async fn a_password_may_be_chosen_and_a_wrong_one_costs_no_link(house: House) -> House {
    let made = approved(&house, offer("13800004321")).await;
    let (url, username) = (made.text("/sign_in_url"), made.text("/username"));
    let credentials = |password: &str| json!({ "username": username, "password": password });
    assert_eq!(house.anyone().post("/sessions", credentials("")).await.status, 422);
    let short = enters(&house, &url, "short").await;
    assert_eq!(short.status(), 422);
    let html = short.text().await.unwrap();
    assert!(html.contains("href=\"#new_password\"") && !html.contains("value=\"short\""), "{html}");
    let runner = signed_in(&house, &enters(&house, &url, "long enough 8").await);
    assert_eq!(runner.get("/runner/trip").await.status, 200);
    assert_eq!(house.anyone().post("/sessions", credentials("long enough 8")).await.status, 201);
    // Whoever sets another by a link ends what was open before.
    let supervisor = house.person("sup").await;
    let again = supervisor.post(&format!("/watch/runners/{username}/sign-in-link"), json!({})).await;
    let anew = signed_in(&house, &enters(&house, &again.text("/sign_in_url"), "another one").await);
    assert_eq!((runner.get("/runner/trip").await.status, anew.get("/runner/trip").await.status), (401, 200));
    assert_eq!(house.anyone().post("/sessions", credentials("long enough 8")).await.status, 401);
    house
}

async fn a_link_never_gives_more_than_its_maker_may(house: House) -> House {
    let (supervisor, admin) = (house.person("sup").await, house.person("admin").await);
    for staff in ["desk", "sup", "admin"] {
        let path = format!("/watch/runners/{staff}/sign-in-link");
        assert_eq!(supervisor.post(&path, json!({})).await.status, 403, "{staff}");
    }
    // An account that came by a file without a password: the administrator lets it in.
    let made = admin.post("/watch/runners/desk/sign-in-link", json!({})).await;
    assert_eq!(made.status, 201);
    let answer = enters(&house, &made.text("/sign_in_url"), "").await;
    assert_eq!(location(&answer), "/watch?notice=welcome");
    assert_eq!(signed_in(&house, &answer).get("/watch/requests").await.status, 200);
    house
}

async fn a_link_whose_maker_left_opens_nothing(house: House) -> House {
    let mut body = offer("13800004321");
    body["email"] = json!("chen@example.org");
    let url = approved(&house, body).await.text("/sign_in_url");
    let token = held(&house, &url).await;
    let now = house.flow.now();
    let left = house.db().write(async move |conn| paotui::store::people::disable(conn, "sup", now).await);
    assert!(left.await.unwrap());
    let shut = posts(&house, &url, &[("form_token", &token)]).await;
    assert_eq!((shut.status().as_u16(), cookie_of(&shut)), (410, None));
    let (status, html) = page(&house, &url).await;
    assert_eq!(status, 410);
    assert!(
        html.contains("\"/sign-in?") && !html.contains(&token),
        "the other language is on a page without the link: {html}"
    );
    house.settle().await;
    assert!(house.letters().is_empty(), "nor does a letter bring another");
    house
}

async fn a_letter_carries_a_link_of_its_own_and_the_first_used_ends_both(house: House) -> House {
    let mut body = offer("13800004321");
    (body["email"], body["lang"]) = (json!("chen@example.org"), json!("en"));
    let made = approved(&house, body).await;
    assert_eq!(made.body["by_letter"], json!(true));
    house.settle().await;
    let letters = house.letters();
    assert_eq!((letters.len(), letters[0].to.as_str()), (1, "chen@example.org"));
    assert_eq!(letters[0].subject, "Your link to sign in");
    let url = letters[0].text.lines().find(|line| line.contains("/sign-in/")).unwrap().to_owned();
    assert_ne!(url, made.text("/sign_in_url"));
    assert_eq!(page(&house, &made.text("/sign_in_url")).await.0, 200, "until one is used both are good");
    let runner = signed_in(&house, &enters(&house, &url, "").await);
    assert_eq!(runner.get("/runner/trip").await.status, 200);
    assert_eq!(page(&house, &made.text("/sign_in_url")).await.0, 410);
    // A letter that comes too late says nothing.
    let supervisor = house.person("sup").await;
    let late = supervisor.post(&format!("/watch/runners/{}/sign-in-link", made.text("/username")), json!({})).await;
    assert_eq!(enters(&house, &late.text("/sign_in_url"), "").await.status(), 303);
    house.settle().await;
    assert!(house.letters().is_empty());
    house
}

async fn nothing_personal_and_no_token_leaves_its_place(house: House) -> House {
    let canaries = ["canaryname", "5550001234567", "canary@example.org", "canarywhen"];
    let body = json!({
        "name": canaries[0], "phone": canaries[1], "email": canaries[2], "free_when": canaries[3], "building": "H-1",
    });
    let offered = house.anyone().post("/volunteers", body.clone()).await;
    let again = house.anyone().post("/volunteers", body).await;
    let supervisor = house.person("sup").await;
    assert_eq!(waiting(&supervisor).await.len(), 2);
    let looked: VolunteerId = offered.text("/id").parse().unwrap();
    let looks = house.db().read(async move |conn| paotui::store::volunteers::list_looks(conn, looked).await);
    assert_eq!(looks.await.unwrap().len(), 1, "every look at a name is written down");
    let made = supervisor.post(&format!("/watch/volunteers/{}/approve", offered.text("/id")), json!({})).await;
    let no = json!({ "reason": "has_account" });
    assert_eq!(supervisor.post(&format!("/watch/volunteers/{}/decline", again.text("/id")), no).await.status, 200);
    let url = made.text("/sign_in_url");
    let token = url.rsplit('/').next().unwrap().to_owned();
    let mut places = vec![("the answer", offered.raw), ("a preview", page(&house, &url).await.1)];
    house.settle().await;
    let letter = house.letters().pop().unwrap();
    assert!(!letter.subject.contains(canaries[0]) && !letter.text.contains(canaries[1]), "{}", letter.text);
    let posted = letter.text.split("/sign-in/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let runner = signed_in(&house, &enters(&house, &url, "").await);
    assert_eq!(runner.put("/runner/duty", json!({ "on": true })).await.status, 200);
    house.asks_for_medicine(3).await;
    house.settle().await;
    assert!(!house.letters().is_empty(), "the offer's letter went to the address he gave");
    places.push(("the journal and the outbox", journal_dump(&house).await));
    places.push(("redis", redis_dump(&house).await));
    for path in ["/metrics", "/volunteer", "/volunteer/thanks"] {
        places.push((path, page(&house, &format!("{}{path}", house.base)).await.1));
    }
    for (place, text) in &places {
        let found: Vec<_> = canaries.iter().filter(|canary| text.contains(**canary)).collect();
        assert!(found.is_empty(), "{place} holds {found:?}:\n{text}");
        let is_the_page = *place == "a preview";
        assert!(is_the_page || !(text.contains(&token) || text.contains(&posted)), "{place} holds a token");
    }
    let journal = &places.iter().find(|(place, _)| *place == "the journal and the outbox").unwrap().1;
    for kind in ["volunteered", "volunteer_approved", "volunteer_declined", "sign_in_link", "signed_in_by_link"] {
        assert!(journal.contains(kind), "{kind} is in the journal");
    }
    house
}

async fn an_offer_nobody_answers_is_wiped_after_two_weeks(house: House) -> House {
    let mut body = offer("13800004321");
    body["free_when"] = json!("晚上六点以后");
    let id: VolunteerId = house.anyone().post("/volunteers", body).await.text("/id").parse().unwrap();
    let row = async || {
        let found = house.db().read(async move |conn| paotui::store::volunteers::find(conn, id).await);
        found.await.unwrap().unwrap()
    };
    house.clock.turn(14 * 86_400 - 1);
    rounds::clear(&house.flow).await.unwrap();
    assert_eq!(waiting(&house.person("sup").await).await.len(), 1);
    house.clock.turn(2);
    rounds::clear(&house.flow).await.unwrap();
    let given_up = row().await;
    assert_eq!((given_up.name, given_up.phone, given_up.state.as_str()), (None, None, "declined"));
    let supervisor = house.person("sup").await;
    assert!(waiting(&supervisor).await.is_empty());
    let late = supervisor.post(&format!("/watch/volunteers/{id}/approve"), json!({})).await;
    assert_eq!(late.code(), "already_decided");
    let zone = given_up.zone_id;
    let read = house.db().read(async move |conn| paotui::store::views::volunteers::list(conn, zone, vec![id]).await);
    assert!(read.await.unwrap().is_empty(), "one that is over is read by nobody, whoever knew its id");
    house
}

async fn a_declined_name_is_wiped_after_a_week(house: House) -> House {
    let id = house.anyone().post("/volunteers", offer("13800004321")).await.text("/id");
    let supervisor = house.person("sup").await;
    let no = json!({ "reason": "not_reached" });
    assert_eq!(supervisor.post(&format!("/watch/volunteers/{id}/decline"), no).await.status, 200);
    let id: VolunteerId = id.parse().unwrap();
    let phone = async || {
        let found = house.db().read(async move |conn| paotui::store::volunteers::find(conn, id).await);
        found.await.unwrap().unwrap().phone
    };
    house.clock.turn(6 * 86_400);
    rounds::clear(&house.flow).await.unwrap();
    assert!(phone().await.is_some(), "for a week it is seen who asks again");
    house.clock.turn(86_401);
    rounds::clear(&house.flow).await.unwrap();
    assert_eq!(phone().await, None);
    // An approved one's contact stands with the account alone, at once.
    let offered = house.anyone().post("/volunteers", offer("13800004322")).await.text("/id");
    let supervisor = house.person("sup").await;
    assert_eq!(supervisor.post(&format!("/watch/volunteers/{offered}/approve"), json!({})).await.status, 201);
    let offered: VolunteerId = offered.parse().unwrap();
    let row = house.db().read(async move |conn| paotui::store::volunteers::find(conn, offered).await);
    let row = row.await.unwrap().unwrap();
    assert_eq!((row.name, row.phone, row.email), (None, None, None));
    house
}
