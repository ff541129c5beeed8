//! The resident's form by plain POSTs, as a browser without JavaScript sends them.

use futures_util::future::join_all;
use reqwest::{Method, Response};
use serde_json::json;

use crate::support::{House, Person, another_room, medicine, on_every_house};

on_every_house!(
    twenty_copies_of_one_form_are_one_request_with_twenty_equal_answers,
    a_changed_copy_is_asked_about_and_then_a_request_of_its_own,
    a_photo_is_plain_and_seen_by_few,
    a_photo_that_cannot_be_taken_is_told_by_its_field_and_nothing_else_is_lost,
    a_photo_whose_form_was_never_sent_is_thrown_away,
    two_boxes_shown_by_photo_alone_are_no_one_medicine_to_ask_about,
    whatever_is_typed_is_refused_by_field_or_kept,
    while_urgent_ones_alone_are_taken_the_form_says_so_and_keeps_what_was_typed,
    drugs_are_suggested_to_anybody,
);

/// A form as it was served: what its hidden fields say.
struct Form {
    token: String,
    key: String,
}

fn hidden(html: &str, name: &str) -> String {
    let after = html.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
    after.split('"').next().unwrap_or_default().to_owned()
}

async fn opens(house: &House) -> Form {
    let html =
        house.http.get(format!("{}/b/H-1?want=medicine", house.base)).send().await.unwrap().text().await.unwrap();
    Form { token: hidden(&html, "form_token"), key: hidden(&html, "idempotency_key") }
}

const FILLED: &[(&str, &str)] = &[
    ("category", "medicine"),
    ("doses_left", "0"),
    ("building", "H-1"),
    ("room", "2-501"),
    ("name", "王阿姨"),
    ("phone", "13800000000"),
];

impl Form {
    fn pairs<'a>(&'a self, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let own = [("form_token", self.token.as_str()), ("idempotency_key", self.key.as_str())];
        own.into_iter().chain(more.iter().copied()).collect()
    }

    async fn posts(&self, house: &House, more: &[(&str, &str)]) -> Response {
        let body = serde_urlencoded::to_string(self.pairs(more)).unwrap();
        let post = house.http.post(format!("{}/b/H-1", house.base));
        post.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.unwrap()
    }

    /// The same with a file, as a browser sends it.
    async fn posts_with(&self, house: &House, file: &[u8], more: &[(&str, &str)]) -> Response {
        let mut body = Vec::new();
        for (name, value) in self.pairs(more) {
            let part = format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let about =
            "Content-Disposition: form-data; name=\"photo-0\"; filename=\"box.jpg\"\r\nContent-Type: image/jpeg";
        body.extend_from_slice(format!("--line\r\n{about}\r\n\r\n").as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--line--\r\n");
        let post = house.http.post(format!("{}/b/H-1", house.base));
        post.header("content-type", "multipart/form-data; boundary=line").body(body).send().await.unwrap()
    }
}

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    FILLED.iter().chain(more).copied().collect()
}

fn location(answer: &Response) -> String {
    answer.headers().get("location").map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

async fn requests(house: &House) -> usize {
    house.person("sup").await.get("/watch/requests").await.body["items"].as_array().unwrap().len()
}

/// The smallest JPEG there is room for here, with a place written beside the picture.
fn taken() -> Vec<u8> {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(64, 48).write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let jpeg = jpeg.into_inner();
    let beside = b"Exif\0\0GPS 29.527,106.523";
    let length = u16::try_from(beside.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, beside, &jpeg[2..]].concat()
}

async fn leaves_a_photo(house: &House) -> String {
    let left = house.anyone().send(house.anyone().request(Method::POST, "/photos").body(taken())).await;
    assert_eq!(left.status, 201, "{left:?}");
    left.text("/photo")
}

async fn twenty_copies_of_one_form_are_one_request_with_twenty_equal_answers(house: House) -> House {
    let (form, photo) = (opens(&house).await, leaves_a_photo(&house).await);
    let filled = with(&[("item_name", ""), ("item_photo", &photo), ("go", "send"), ("step", "check")]);
    let answers = join_all((0..20).map(|_| form.posts(&house, &filled))).await;
    let places: Vec<_> = answers.iter().map(location).collect();
    assert!(places[0].starts_with("/r/") && places.iter().all(|place| *place == places[0]), "{places:?}");
    assert!(answers.iter().all(|answer| answer.status() == 303));
    // Long after, from a page that was left open: still the same.
    house.clock.turn(3600);
    assert_eq!(location(&form.posts(&house, &filled).await), places[0]);
    assert_eq!(requests(&house).await, 1);
    house
}

async fn a_changed_copy_is_asked_about_and_then_a_request_of_its_own(house: House) -> House {
    let form = opens(&house).await;
    let first = location(&form.posts(&house, &with(&[("item_name", "缬沙坦胶囊"), ("go", "send")])).await);
    let other = with(&[("item_name", "布洛芬"), ("go", "send")]);
    let asked = form.posts(&house, &other).await;
    assert_eq!(asked.status(), 409);
    let html = asked.text().await.unwrap();
    assert!(html.contains(&first) && html.contains("布洛芬"));
    let fresh = Form { token: hidden(&html, "form_token"), key: hidden(&html, "idempotency_key") };
    let second = location(&fresh.posts(&house, &other).await);
    assert!(second.starts_with("/r/") && second != first);
    assert_eq!(requests(&house).await, 2);
    house
}

async fn a_photo_is_plain_and_seen_by_few(house: House) -> House {
    let (runner, other) = (house.runner_on_duty("r001", 50.0).await, house.person("r102").await);
    let photo = leaves_a_photo(&house).await;
    let mut body = medicine(0);
    body["items"] = json!([{ "name": "" , "photo": photo.as_str() }, { "name": "布洛芬" }]);
    let asked = house.anyone().post("/requests", body.clone()).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    let again = house.anyone().post("/requests", body).await;
    assert_eq!(
        (again.status, again.text("/errors/0/field").as_str()),
        (422, "items[0].photo"),
        "it belongs to one request"
    );
    house.settle().await;
    let supervisor = house.person("sup").await;
    let opened = supervisor.get(&format!("/watch/requests/{}", asked.text("/id"))).await;
    let path = format!("/photos/{}", opened.text("/photos/0"));
    let seen = async |who: &Person| who.send(who.request(Method::GET, &path)).await.status;
    assert_eq!(
        (seen(&runner).await, seen(&other).await, seen(&house.anyone()).await),
        (404, 404, 401),
        "an offer opens nothing"
    );
    assert_eq!(runner.accepts().await.status, 200);
    let stop = runner.get("/runner/trip").await.body["stops"][0].clone();
    assert_eq!((&stop["items"][0]["name"], &stop["items"][1]["photo"]), (&json!("照片里的药"), &json!(null)));
    assert_eq!(format!("/photos/{}", stop["items"][0]["photo"].as_str().unwrap()), path);
    let picture = house.http.get(format!("{}/api/v1{path}", house.base)).bearer_auth(runner.token.clone().unwrap());
    let picture = picture.send().await.unwrap();
    assert_eq!(picture.headers()["content-type"], "image/jpeg");
    let bytes = picture.bytes().await.unwrap();
    assert!(bytes.starts_with(b"\xff\xd8") && !bytes.windows(3).any(|three| three == b"GPS"));
    for (name, status) in [("r102", 404), ("desk", 200), ("sup", 200), ("sup-else", 404), ("admin", 200)] {
        assert_eq!(seen(&house.person(name).await).await, status, "{name}");
    }
    let errand = runner.errand().await;
    runner.does("collect", &errand, json!({})).await;
    runner.does("deliver", &errand, json!({})).await;
    assert_eq!(seen(&runner).await, 404, "what is delivered is closed again");
    house.settle().await;
    house.letters();
    house
}

async fn a_photo_that_cannot_be_taken_is_told_by_its_field_and_nothing_else_is_lost(house: House) -> House {
    let form = opens(&house).await;
    let filled = with(&[
        ("item_name", "缬沙坦 💊"),
        ("item_strength", "80mg"),
        ("note", "敲门三下"),
        ("step", "what"),
        ("go", "next"),
    ]);
    let too_large = vec![0xff; 9 * 1024 * 1024];
    for (file, said) in [(too_large.as_slice(), "太大了"), (b"%PDF-1.7", "打不开"), (b"\xff\xd8\xff\xe0", "打不开")]
    {
        let answer = form.posts_with(&house, file, &filled).await;
        assert_eq!(answer.status(), 422);
        let html = answer.text().await.unwrap();
        assert!(html.contains("id=\"item_photo-0-wrong\"") && html.contains(said), "{said}");
        for kept in ["缬沙坦 💊", "value=\"80mg\"", "敲门三下", "name=\"room\" value=\"2-501\""] {
            assert!(html.contains(kept), "{kept}");
        }
    }
    let answer = form.posts_with(&house, &taken(), &filled).await;
    assert_eq!(answer.status(), 200);
    assert!(!hidden(&answer.text().await.unwrap(), "item_photo").is_empty(), "the photo is carried along");
    let all = form.posts_with(&house, &vec![0; 40 * 1024 * 1024], &filled).await;
    assert_eq!(all.status(), 413);
    house
}

async fn two_boxes_shown_by_photo_alone_are_no_one_medicine_to_ask_about(house: House) -> House {
    let desk = house.person("desk").await;
    for named in [false, false, true] {
        let mut body = medicine(0);
        body["room"] = json!(another_room());
        let name = if named { "缬沙坦胶囊" } else { "" };
        body["items"] = json!([{ "name": name, "photo": leaves_a_photo(&house).await }]);
        assert_eq!(house.anyone().post("/requests", body).await.status, 201);
    }
    let asked = desk.get("/desk/stock-questions").await.body["items"].clone();
    let asked: Vec<&str> = asked.as_array().unwrap().iter().map(|one| one["item"].as_str().unwrap()).collect();
    assert_eq!(asked, ["缬沙坦胶囊"], "a shop is asked by name alone");
    let runner = house.runner_on_duty("r101", 90.0).await;
    // None at the counter for one box says nothing of another.
    let none = json!({ "item": "缬沙坦胶囊", "outcome": "none" });
    assert_eq!(desk.post("/places/P-1/sightings", none).await.status, 201);
    house.settle().await;
    assert!(!runner.offer().await.is_empty(), "what has no name is still fetched from the nearest shop");
    house
}

async fn a_photo_whose_form_was_never_sent_is_thrown_away(house: House) -> House {
    let (kept, sent) = (leaves_a_photo(&house).await, leaves_a_photo(&house).await);
    let ask = async |photo: &str| {
        let mut body = medicine(0);
        body["items"] = json!([{ "photo": photo }]);
        house.anyone().post("/requests", body).await
    };
    assert_eq!(ask(&sent).await.status, 201);
    house.clock.turn(86_400 + 60);
    paotui::flow::rounds::clear(&house.flow).await.unwrap();
    let late = ask(&kept).await;
    assert_eq!((late.status, late.text("/errors/0/code").as_str()), (422, "photo_gone"));
    let id = house.person("sup").await.get("/watch/requests").await.text("/items/0/id");
    let opened = house.person("sup").await.get(&format!("/watch/requests/{id}")).await;
    assert_eq!(opened.body["photos"].as_array().unwrap().len(), 1, "what belongs to a request stays");
    house
}

async fn whatever_is_typed_is_refused_by_field_or_kept(house: House) -> House {
    let form = opens(&house).await;
    let long = "长".repeat(10_000);
    for (field, value) in [
        ("item_name", "x\u{0}"),
        ("item_quantity", "10000000000"),
        ("item_quantity", "很多"),
        ("item_unit", long.as_str()),
        ("note", long.as_str()),
        ("room", " \u{3000}"),
        ("name", "a\u{0}b"),
        ("phone", "call me"),
        ("building", "NO-SUCH"),
        ("email", "nobody"),
        ("hand_over", "window"),
        ("category", "pizza"),
        ("item_photo", "no-such-token"),
    ] {
        let mut filled = with(&[("item_name", "大米"), ("item_quantity", "1"), ("go", "send")]);
        filled.retain(|(name, _)| *name != field);
        filled.push((field, value));
        let answer = form.posts(&house, &filled).await;
        assert_eq!(answer.status(), 422, "{field}");
        let html = answer.text().await.unwrap();
        assert!(html.contains(&format!("href=\"#{field}")), "{field} is not named");
        // What was to be chosen can be chosen again; what was typed must be there.
        if !value.contains('\u{0}') && !["building", "hand_over", "category", "item_photo"].contains(&field) {
            assert!(html.contains(value), "{field} is not kept");
        }
    }
    for (odd, status) in [("drop-999", 200), ("unphoto-99", 200), ("add", 200), ("stay", 200), ("where", 200)] {
        assert_eq!(form.posts(&house, &with(&[("go", odd), ("step", "what")])).await.status(), status, "{odd}");
    }
    let rows: Vec<_> = (0..300).map(|_| ("item_name", "大米")).chain(with(&[("go", "send")])).collect();
    assert_eq!(form.posts(&house, &rows).await.status(), 422);
    assert_eq!(Form { token: "x".into(), ..form }.posts(&house, FILLED).await.status(), 403);
    assert_eq!(requests(&house).await, 0);
    house
}

async fn while_urgent_ones_alone_are_taken_the_form_says_so_and_keeps_what_was_typed(house: House) -> House {
    let said = "单子太多，晚上八点再收不急的";
    let pause = json!({ "paused": true, "text": said });
    assert_eq!(house.person("sup").await.put("/watch/intake", pause).await.status, 200);
    let start = house.http.get(format!("{}/b/H-1", house.base)).send().await.unwrap().text().await.unwrap();
    assert!(start.contains(said), "told before anything is typed");
    let form = opens(&house).await;
    let calm = with(&[("category", "medicine"), ("item_name", "缬沙坦"), ("item_quantity", "1"), ("go", "send")]);
    let calm: Vec<_> = calm.into_iter().filter(|pair| *pair != ("doses_left", "0")).collect();
    let calm = [&calm[..], &[("doses_left", "10"), ("doses_per_day", "1")]].concat();
    let refused = form.posts(&house, &calm).await;
    assert_eq!(refused.status(), 409);
    let page = refused.text().await.unwrap();
    assert!(page.contains(said) && page.contains("缬沙坦") && page.contains("13800000000"), "{page}");
    assert_eq!(requests(&house).await, 0);
    let urgent = with(&[("item_name", "缬沙坦"), ("item_quantity", "1"), ("go", "send")]);
    assert_eq!(form.posts(&house, &urgent).await.status(), 303, "urgent ones are never refused");
    house
}

async fn drugs_are_suggested_to_anybody(house: House) -> House {
    let ask = async |query: &str| house.http.get(format!("{}/drugs?q={query}", house.base)).send().await.unwrap();
    let found = ask("blf").await;
    assert!(found.headers()["cache-control"].to_str().unwrap().contains("public"));
    let found: serde_json::Value = serde_json::from_str(&found.text().await.unwrap()).unwrap();
    assert!(found[0]["name"].as_str().unwrap().starts_with("布洛芬") && found.as_array().unwrap().len() <= 8);
    for odd in ["", "%00", "%F0%9F%92%8A", "%27--"] {
        assert_eq!(ask(odd).await.text().await.unwrap(), "[]", "{odd}");
    }
    assert_eq!(ask("%ff").await.status().as_u16() / 100, 2);
    house
}
