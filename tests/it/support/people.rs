//! People, and what they are answered.

use reqwest::Method;
use serde_json::{Value, json};

/// Somebody with or without a session.
#[derive(Clone)]
pub struct Person {
    pub http: reqwest::Client,
    pub base: String,
    pub token: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub raw: String,
    pub body: Value,
}

impl Answer {
    pub fn text(&self, pointer: &str) -> String {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    pub fn code(&self) -> String {
        self.text("/code")
    }
}

impl Person {
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}/api/v1{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let raw = answer.text().await.unwrap();
        let body = serde_json::from_str(&raw).unwrap_or(Value::Null);
        Answer { status, headers, raw, body }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    /// The id of the first open offer; empty when there is none.
    pub async fn offer(&self) -> String {
        self.get("/runner/offers").await.text("/items/0/id")
    }

    pub async fn accepts(&self) -> Answer {
        let offer = self.offer().await;
        assert!(!offer.is_empty(), "there is no offer to accept");
        self.post(&format!("/offers/{offer}/accept"), json!({})).await
    }

    pub async fn declines(&self) -> Answer {
        let offer = self.offer().await;
        assert!(!offer.is_empty(), "there is no offer to decline");
        self.post(&format!("/offers/{offer}/decline"), json!({ "reason": "too_far" })).await
    }

    /// The first errand in these hands; empty when there is none.
    pub async fn errand(&self) -> String {
        self.get("/runner/trip").await.text("/stops/0/errand")
    }

    pub async fn does(&self, step: &str, errand: &str, body: Value) -> Answer {
        self.post(&format!("/errands/{errand}/{step}"), body).await
    }
}
