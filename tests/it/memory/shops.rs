//! At the counter, and from there to another.

use serde_json::{Value, json};

use super::{given, journal, of_room, page, pharmacies, presses, ranked, shops, tells};
use crate::live::Stream;
use crate::support::{House, Person, on_every_house};

on_every_house!(
    one_press_tells_the_shelf_and_one_more_goes_to_another_shop,
    shops_are_ranked_for_whoever_carries_it_and_for_nobody_else,
    a_shop_that_is_shut_or_empty_is_no_place_to_go,
    whoever_is_on_the_way_to_an_empty_shelf_hears_it_at_once,
    what_waits_is_offered_from_where_it_may_be_had,
    a_named_place_is_left_only_with_an_answer,
    going_elsewhere_keeps_the_claim_and_writes_the_way_anew,
);

async fn from(runner: &Person) -> String {
    runner.get("/runner/trip").await.text("/stops/0/from/code")
}

async fn one_press_tells_the_shelf_and_one_more_goes_to_another_shop(house: House) -> House {
    pharmacies(&house, &[("P-2", 50.0), ("P-3", 900.0)]).await;
    let (runner, _, errand) = given(&house, "r101", of_room("2-501")).await;
    let (_, shown) = page(&house, "/run", &runner).await;
    for word in ["有货", "没货", "别的厂家", "关门了", "缬沙坦胶囊 80mg，这里有吗？"] {
        assert!(shown.contains(word), "{word}");
    }
    assert!(!shown.contains("改去这家"), "nothing is wrong with the first shop yet");
    assert_eq!(from(&runner).await, "P-1");
    let seen = format!("/run/errands/{errand}/seen");
    let pressed = presses(&house, ("/run", &seen), "item=1&outcome=none", &runner).await;
    assert_eq!(pressed, (303, "/run?notice=told".to_owned()));
    let (_, shown) = page(&house, "/run", &runner).await;
    assert!(shown.contains("您说这里没货") && shown.contains("counter P-2") && shown.contains("改去这家"), "{shown}");
    let near = shown.find("counter P-2").unwrap();
    assert!(near < shown.find("counter P-3").unwrap(), "the nearer of two that are equally likely comes first");
    let go = format!("/run/errands/{errand}/elsewhere");
    assert_eq!(presses(&house, ("/run", &go), "place=P-2", &runner).await, (303, "/run?notice=elsewhere".to_owned()));
    assert_eq!(from(&runner).await, "P-2");
    assert!(!page(&house, "/run", &runner).await.1.contains("您说这里没货"), "nothing is known of this one");
    // A page that was open since: its shelf is another's.
    let stale = presses(&house, ("/run", &seen), "item=1&outcome=none&place=P-1", &runner).await;
    assert_eq!(stale, (303, "/run?notice=out_of_turn".to_owned()));
    assert!(!page(&house, "/run", &runner).await.1.contains("您说这里没货"), "P-2 was not told of");
    // What is not in the list, is no word, or is in other hands.
    for (fields, status) in [("item=9&outcome=has", 422), ("item=1&outcome=maybe", 422), ("outcome=has", 422)] {
        assert_eq!(presses(&house, ("/run", &seen), fields, &runner).await.0, status, "{fields}");
    }
    let other = house.runner_on_duty("r102", 0.0).await;
    assert_eq!(presses(&house, ("/run", &seen), "item=1&outcome=none", &other).await.0, 404);
    house
}

async fn shops_are_ranked_for_whoever_carries_it_and_for_nobody_else(house: House) -> House {
    pharmacies(&house, &[("P-2", 50.0), ("P-3", 250.0)]).await;
    let (runner, _, errand) = given(&house, "r101", of_room("2-501")).await;
    let order = |answer| ranked(&answer).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    assert_eq!(order(shops(&runner, &errand).await), ["P-1", "P-2", "P-3"], "of equal chance the nearer");
    let desk = house.person("desk").await;
    tells(&desk, "P-1", "none").await;
    tells(&desk, "P-3", "has").await;
    house.clock.turn(600);
    let told = shops(&house.runner_on_duty("r101", 0.0).await, &errand).await;
    assert_eq!(told.status, 200, "{told:?}");
    let expected = [("P-2", "open"), ("P-3", "open"), ("P-1", "empty")];
    assert_eq!(ranked(&told), expected.map(|(code, standing)| (code.to_owned(), standing.to_owned())));
    let last = &told.body["items"][1];
    assert_eq!((&last["last"]["outcome"], &last["phone"]), (&json!("has"), &json!("023-5550-0101")));
    assert_eq!(told.body["trouble"], json!({ "outcome": "none", "at": "2026-11-23T04:00:00Z", "mine": false }));
    assert_eq!((&told.body["must_ask"], &told.body["items"][2]["here"]), (&json!(false), &json!(true)));
    assert!(last["way_m"].as_f64().unwrap() > 300.0 && last["to_door_m"].as_f64().unwrap() > 300.0, "on foot: {last}");
    let (other, desk) = (house.runner_on_duty("r102", 0.0).await, house.person("desk").await);
    assert_eq!(shops(&other, &errand).await.status, 404);
    assert_eq!(shops(&desk, &errand).await.status, 403);
    assert_eq!(shops(&house.anyone(), &errand).await.status, 401);
    let runner = house.person("r101").await;
    assert_eq!(shops(&runner, "no-id").await.status, 404);
    runner.does("collect", &errand, json!({})).await;
    assert_eq!(shops(&runner, &errand).await.code(), "out_of_turn");
    house
}

async fn a_shop_that_is_shut_or_empty_is_no_place_to_go(house: House) -> House {
    pharmacies(&house, &[("P-2", 50.0), ("P-3", 250.0)]).await;
    let (runner, asked, errand) = given(&house, "r101", of_room("2-501")).await;
    let desk = house.person("desk").await;
    tells(&desk, "P-2", "none").await;
    tells(&desk, "P-3", "shut").await;
    let go = async |place: Value| runner.does("elsewhere", &errand, json!({ "place": place })).await;
    for place in ["P-2", "P-3"] {
        assert_eq!(go(json!(place)).await.code(), "nothing_there", "{place}");
    }
    for place in ["S-1", "NOWHERE", "%00"] {
        let wrong = go(json!(place)).await;
        assert_eq!((wrong.status, wrong.text("/errors/0/code")), (422, "unknown_place".to_owned()), "{place}");
    }
    for place in [Value::Null, json!(" ")] {
        assert_eq!(go(place).await.text("/errors/0/code"), "required");
    }
    assert_eq!((from(&runner).await, journal(&house, &asked, "elsewhere").await), ("P-1".to_owned(), 0));
    let other = house.runner_on_duty("r102", 0.0).await;
    assert_eq!(other.does("elsewhere", &errand, json!({ "place": "P-2" })).await.status, 404);
    house
}

async fn whoever_is_on_the_way_to_an_empty_shelf_hears_it_at_once(house: House) -> House {
    pharmacies(&house, &[("P-2", 50.0)]).await;
    let (first, mine, own) = given(&house, "r101", of_room("2-501")).await;
    let (second, theirs, _) = given(&house, "r102", of_room("3-501")).await;
    let mut other = of_room("4-501");
    other["items"][0]["name"] = json!("二甲双胍片");
    let (third, unconcerned, _) = given(&house, "r103", other).await;
    assert!(!page(&house, "/run", &second).await.1.contains("刚有人说没货"));
    let mut ear = Stream::open(&second, "", None).await;
    let pressed = presses(&house, ("/run", &format!("/run/errands/{own}/seen")), "item=1&outcome=none", &first).await;
    assert_eq!(pressed.0, 303);
    ear.until("counter_empty").await;
    let (_, shown) = page(&house, "/run", &second).await;
    assert!(shown.contains("刚有人说没货") && shown.contains("改去这家") && shown.contains("counter P-2"), "{shown}");
    assert!(!page(&house, "/run", &third).await.1.contains("刚有人说没货"), "another medicine");
    let told = async |asked| journal(&house, asked, "counter_empty").await;
    assert_eq!((told(&mine).await, told(&theirs).await, told(&unconcerned).await), (0, 1, 0));
    // A shut door concerns everybody who is on the way to it.
    tells(&house.person("desk").await, "P-1", "shut").await;
    for (runner, asked) in [(&first, &mine), (&second, &theirs), (&third, &unconcerned)] {
        assert!(page(&house, "/run", runner).await.1.contains("刚有人说关门了"));
        assert_eq!(journal(&house, asked, "counter_shut").await, 1);
    }
    let tracked = house.tracks(&theirs).await.to_string();
    assert!(!tracked.contains("counter_"), "what shops lack is no step of the way: {tracked}");
    house
}

async fn what_waits_is_offered_from_where_it_may_be_had(house: House) -> House {
    pharmacies(&house, &[("P-2", 150.0)]).await;
    house.asks_for_medicine(0).await;
    tells(&house.person("desk").await, "P-1", "none").await;
    let runner = house.runner_on_duty("r101", 0.0).await;
    house.settle().await;
    let offered = runner.get("/runner/offers").await;
    assert_eq!(offered.text("/items/0/errands/0/from/code"), "P-2", "{offered:?}");
    runner.accepts().await;
    assert_eq!(from(&runner).await, "P-2");
    house
}

async fn a_named_place_is_left_only_with_an_answer(house: House) -> House {
    pharmacies(&house, &[("P-2", 50.0)]).await;
    let mut body = of_room("2-501");
    body["place"] = json!("P-1");
    let (runner, asked, errand) = given(&house, "r101", body).await;
    assert_eq!(shops(&runner, &errand).await.body["must_ask"], true);
    let go = async || runner.does("elsewhere", &errand, json!({ "place": "P-2" })).await;
    assert_eq!(go().await.code(), "place_named");
    tells(&runner, "P-1", "none").await;
    let (_, shown) = page(&house, "/run", &runner).await;
    assert!(shown.contains("问居民：去别的店行吗") && !shown.contains("改去这家"), "{shown}");
    let ask = format!("/run/errands/{errand}/ask");
    assert_eq!(presses(&house, ("/run", &ask), "item=0", &runner).await, (303, "/run?notice=asked".to_owned()));
    assert!(page(&house, "/run", &runner).await.1.contains("已经问了，等居民回答"));
    let tracked = house.tracks(&asked).await;
    assert_eq!((&tracked["questions"][0]["item"], &tracked["questions"][0]["answer"]), (&json!(0), &Value::Null));
    let link = format!("/r/{}", asked.text("/token"));
    let (_, shown) = page(&house, &link, &house.anyone()).await;
    assert!(shown.contains("去别的店买行吗") && !shown.contains("缬沙坦") && !shown.contains("counter"), "{shown}");
    assert_eq!(go().await.code(), "place_named", "asked is not answered");
    let question = tracked["questions"][0]["id"].as_str().unwrap();
    let answer = format!("/requests/{}/answer", asked.text("/token"));
    house.anyone().post(&answer, json!({ "question": question, "choice": "swap" })).await;
    assert!(page(&house, &link, &house.anyone()).await.1.contains("答：行，去别的店买"));
    assert_eq!(go().await.status, 200);
    assert_eq!(from(&runner).await, "P-2");
    // Who named no place is not asked about one.
    let (other, _, free) = given(&house, "r102", of_room("3-501")).await;
    let about_the_shop = other.does("ask", &free, json!({ "item": 0, "kind": "out_of_stock" })).await;
    assert_eq!((about_the_shop.status, about_the_shop.text("/errors/0/field")), (422, "item".to_owned()));
    house
}

async fn going_elsewhere_keeps_the_claim_and_writes_the_way_anew(house: House) -> House {
    pharmacies(&house, &[("P-2", 50.0), ("P-3", 400.0)]).await;
    let (runner, asked, errand) = given(&house, "r101", of_room("2-501")).await;
    let claimed = async || house.tracks(&asked).await["timeline"].as_array().unwrap().len();
    let before = claimed().await;
    house.clock.turn(60);
    let runner = Person { token: house.runner_on_duty("r101", 0.0).await.token, ..runner };
    let moved = runner.does("elsewhere", &errand, json!({ "place": "P-3" })).await;
    assert_eq!((moved.status, moved.text("/state")), (200, "claimed".to_owned()), "{moved:?}");
    let again = runner.does("elsewhere", &errand, json!({ "place": "P-3" })).await;
    assert_eq!((again.status, &again.body["fence"]), (200, &moved.body["fence"]), "told twice it is done once");
    let trip = runner.get("/runner/trip").await.body;
    assert_eq!(trip["route"][0]["place"], "P-3");
    assert_eq!(trip["route"].as_array().unwrap().len(), 2, "{}", trip["route"]);
    assert_eq!((claimed().await, journal(&house, &asked, "elsewhere").await), (before, 1));
    runner.does("collect", &errand, json!({})).await;
    assert_eq!(runner.does("elsewhere", &errand, json!({ "place": "P-2" })).await.code(), "out_of_turn");
    assert_eq!(runner.does("deliver", &errand, json!({})).await.status, 200);
    house
}
