//! One request to the application, with whatever the switches make of it.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{Method, Request, header},
};
use http_body_util::{BodyExt as _, Limited};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use uuid::Uuid;

use super::{Attempt, Job, PATIENCE};
use crate::{
    faults::Switch,
    json::Json,
    moment::Moment,
    shared::{Handle, Shared},
};

/// Polar keeps so much of an answer.
const KEPT: usize = 2_048;
/// A timestamp outside the window that receivers allow.
const OUTSIDE_SECONDS: i64 = 360;

/// The client of all deliveries: plain HTTP, no redirects.
pub type Sender = Client<HttpConnector, Body>;

/// A client that opens a connection for each request: the application may have restarted in between.
pub fn client() -> Sender {
    Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http()
}

/// Sends an event, and once more for each duplicate.
pub async fn send(shared: &Handle, sender: &Sender, job: &Job) -> Vec<Attempt> {
    let duplicates = job.tricks.iter().find_map(|trick| match trick {
        Switch::Duplicate(count) => Some(*count),
        _ => None,
    });
    let mut attempts = Vec::new();
    for _ in 0..=duplicates.unwrap_or(0) {
        let at = shared.lock().now();
        let (status, answer) = try_once(shared, sender, job).await;
        let lost = job.tricks.contains(&Switch::LostAnswer(true));
        let succeeded = !lost && status.is_some_and(|status| (200..300).contains(&status));
        let answer = if lost { "The answer was lost.".to_owned() } else { answer };
        let status = status.filter(|_| !lost);
        attempts.push(Attempt { id: Uuid::nil(), at, status, answer, succeeded });
    }
    attempts
}

async fn try_once(shared: &Shared, sender: &Sender, job: &Job) -> (Option<u16>, String) {
    let request = match request(shared, job) {
        Ok(request) => request,
        Err(error) => return (None, error.to_string()),
    };
    let exchange = async {
        let response = sender.request(request).await.map_err(|error| error.to_string())?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), KEPT).collect().await;
        let text = body.map(|body| String::from_utf8_lossy(&body.to_bytes()).into_owned());
        Ok((Some(status), text.unwrap_or_default()))
    };
    match tokio::time::timeout(PATIENCE, exchange).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => (None, error),
        Err(_) => (None, "No answer in time.".to_owned()),
    }
}

fn request(shared: &Shared, job: &Job) -> Result<Request<Body>, axum::http::Error> {
    let has = |trick: &Switch| job.tricks.contains(trick);
    if job.tricks.iter().any(|trick| matches!(trick, Switch::App5xx(_))) {
        shared.let_refuse(job.event);
    }
    let id = job.event.to_string();
    let timestamp = timestamp(shared.real_now(), &job.tricks);
    let mut body = job.body.clone();
    let signer = &shared.signer;
    let mut signature = if has(&Switch::WrongSecret(true)) {
        signer.sign_wrongly(&id, &timestamp, &body)
    } else if has(&Switch::OtherScheme(true)) {
        signer.sign_otherwise(&id, &timestamp, &body)
    } else if has(&Switch::WrongSignature(true)) {
        signer.sign(&id, &timestamp, "{}")
    } else {
        signer.sign(&id, &timestamp, &body)
    };
    if has(&Switch::TwoSignatures(true)) {
        signature = format!("{} {signature}", signer.sign_wrongly(&id, &timestamp, &body));
    }
    if has(&Switch::TamperBody(true)) {
        body = body.replacen("\"data\":{", "\"data\":{\"tampered\":true,", 1);
    }
    if has(&Switch::ReformatBody(true)) {
        body = serde_json::from_str::<Json>(&body).map_or(body, |json| json.pretty());
    }
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(shared.webhook_url.as_str())
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, "polar.sh webhooks")
        .header("webhook-timestamp", timestamp);
    if !has(&Switch::NoId(true)) {
        request = request.header("webhook-id", id);
    }
    if !has(&Switch::NoSignature(true)) {
        request = request.header("webhook-signature", signature);
    }
    if let Some(version) = version(&body) {
        request = request.header("webhook-api-version", version);
    }
    let slow = job.tricks.iter().find_map(|trick| match trick {
        Switch::SlowReaderMs(wait) => Some(*wait),
        _ => None,
    });
    request.body(slow.map_or_else(|| Body::from(body.clone()), |wait| drip(&body, wait)))
}

fn timestamp(now: Moment, tricks: &[Switch]) -> String {
    let seconds = if tricks.contains(&Switch::StaleTimestamp(true)) {
        now.seconds() - OUTSIDE_SECONDS
    } else if tricks.contains(&Switch::FutureTimestamp(true)) {
        now.seconds() + OUTSIDE_SECONDS
    } else if tricks.contains(&Switch::BadTimestamp(true)) {
        return "yesterday".to_owned();
    } else {
        now.seconds()
    };
    seconds.to_string()
}

/// The version that the envelope names.
fn version(body: &str) -> Option<String> {
    let json: Json = serde_json::from_str(body).ok()?;
    json.text("api_version").map(str::to_owned)
}

/// The body in ten pieces over a time.
fn drip(body: &str, over_ms: u64) -> Body {
    let size = (body.len() / 10).max(1);
    let pieces: Vec<Bytes> = body.as_bytes().chunks(size).map(Bytes::copy_from_slice).collect();
    let pause = Duration::from_millis(over_ms / 10);
    let stream = futures::stream::unfold(pieces.into_iter(), move |mut pieces| async move {
        let piece = pieces.next()?;
        tokio::time::sleep(pause).await;
        Some((Ok::<_, Infallible>(piece), pieces))
    });
    Body::from_stream(stream)
}
