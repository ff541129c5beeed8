//! A form with files: texts as [`Fields`], photos apart from them. What is too large is let pass by and told, so that
//! the rest of the form is not lost with it.

use std::future::Future;
use std::pin::Pin;

use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;

use super::Fields;
use super::body::LARGEST;
use crate::flow::photos::MOST_BYTES;
use crate::web::fault::Fault;

/// All files of one form together; who sends more is cut off.
const MOST_TOGETHER: usize = 4 * MOST_BYTES;

/// Parts of one form: twenty items of six fields each are 120.
const MOST_PARTS: usize = 400;

/// A file of a form: under which name, and what is in it; `None` = more than is taken.
pub struct File {
    pub name: String,
    pub bytes: Option<Vec<u8>>,
}

/// See the module.
#[derive(Default)]
pub struct Sent {
    pub fields: Fields,
    pub files: Vec<File>,
}

impl FromRequest for Sent {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Fault>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        if kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
            let parts = Multipart::new(request.headers(), payload.take());
            return Box::pin(read(parts));
        }
        let fields = Fields::from_request(request, payload);
        Box::pin(async move { Ok(Self { fields: fields.await?, files: Vec::new() }) })
    }
}

fn unreadable<E>(_: E) -> Fault {
    Fault::Malformed("The form could not be read.".to_owned())
}

async fn read(mut parts: Multipart) -> Result<Sent, Fault> {
    let (mut sent, mut texts, mut together, mut count) = (Sent::default(), 0, 0, 0);
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(unreadable)?;
        count += 1;
        if count > MOST_PARTS {
            return Err(Fault::TooLarge);
        }
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.content_disposition().is_some_and(|about| about.get_filename().is_some());
        if is_file {
            let bytes = file(&mut part, &mut together).await?;
            // A field nothing was chosen for is sent as an empty file.
            if bytes.as_ref().is_none_or(|bytes| !bytes.is_empty()) {
                sent.files.push(File { name, bytes });
            }
        } else {
            let text = text(&mut part, LARGEST.saturating_sub(texts)).await?;
            texts += text.len() + name.len();
            sent.fields.pairs.push((name, text));
        }
    }
    Ok(sent)
}

async fn text(part: &mut Field, most: usize) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(unreadable)?;
        if bytes.len() + chunk.len() > most {
            return Err(Fault::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(unreadable)
}

async fn file(part: &mut Field, together: &mut usize) -> Result<Option<Vec<u8>>, Fault> {
    let mut bytes = Some(Vec::new());
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(unreadable)?;
        *together += chunk.len();
        if *together > MOST_TOGETHER {
            return Err(Fault::TooLarge);
        }
        bytes = bytes.filter(|held| held.len() + chunk.len() <= MOST_BYTES);
        if let Some(held) = &mut bytes {
            held.extend_from_slice(&chunk);
        }
    }
    Ok(bytes)
}
