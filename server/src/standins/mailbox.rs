//! The mailbox for programs: `/dev/mail/api/v1/…`, in the shapes of Mailpit's interface. The page at `/dev/mail`
//! is in `app`.

use app::AppError;
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use backend::{
    Backend,
    mail::mailbox::{self, Message},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// As many messages as one answer holds at most.
const MOST: i64 = 1_000;

/// The routes of the mailbox.
pub(super) fn routes(backend: Backend) -> Router {
    Router::new()
        .route("/dev/mail/api/v1/messages", get(list).delete(delete))
        .route("/dev/mail/api/v1/message/{id}", get(find))
        .with_state(backend)
}

/// Which part of the list.
#[derive(Deserialize)]
#[serde(default)]
struct Part {
    start: i64,
    limit: i64,
}

impl Default for Part {
    fn default() -> Self {
        Self { start: 0, limit: 50 }
    }
}

/// `{"IDs": […]}`; without a body, or with an empty list, everything.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Chosen {
    #[serde(rename = "IDs")]
    ids: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Person {
    name: String,
    address: String,
}

#[derive(Serialize)]
struct List {
    total: i64,
    unread: i64,
    count: usize,
    messages_count: i64,
    start: i64,
    tags: [String; 0],
    messages: Vec<Summary>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    #[serde(rename = "ID")]
    id: String,
    from: Person,
    to: [Person; 1],
    cc: [Person; 0],
    bcc: [Person; 0],
    subject: String,
    #[serde(with = "time::serde::rfc3339")]
    created: OffsetDateTime,
    size: usize,
    attachments: usize,
    snippet: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Whole {
    #[serde(rename = "ID")]
    id: String,
    from: Person,
    to: [Person; 1],
    cc: [Person; 0],
    bcc: [Person; 0],
    subject: String,
    #[serde(with = "time::serde::rfc3339")]
    date: OffsetDateTime,
    text: String,
    #[serde(rename = "HTML")]
    html: String,
    size: usize,
    attachments: [String; 0],
}

impl Person {
    /// `Name <address>` or an address.
    fn parse(written: &str) -> Self {
        match written.trim_end_matches('>').rsplit_once('<') {
            Some((name, address)) => {
                Self { name: name.trim().trim_matches('"').to_owned(), address: address.to_owned() }
            }
            None => Self { name: String::new(), address: written.to_owned() },
        }
    }
}

impl From<Message> for Summary {
    fn from(message: Message) -> Self {
        Self {
            from: Person::parse(&message.sender),
            to: [Person::parse(&message.recipient)],
            cc: [],
            bcc: [],
            created: message.created_at,
            size: message.text.len() + message.html.len(),
            attachments: 0,
            snippet: message.text.split_whitespace().take(30).collect::<Vec<_>>().join(" "),
            id: message.id,
            subject: message.subject,
        }
    }
}

impl From<Message> for Whole {
    fn from(message: Message) -> Self {
        Self {
            from: Person::parse(&message.sender),
            to: [Person::parse(&message.recipient)],
            cc: [],
            bcc: [],
            date: message.created_at,
            size: message.text.len() + message.html.len(),
            attachments: [],
            id: message.id,
            subject: message.subject,
            text: message.text,
            html: message.html,
        }
    }
}

/// `GET /dev/mail/api/v1/messages?start=&limit=`: newest first.
async fn list(
    State(backend): State<Backend>,
    Query(part): Query<Part>,
) -> Result<Json<List>, Failure> {
    let start = part.start.max(0);
    let total = mailbox::count(&backend).await?;
    let messages = mailbox::list(&backend, start, part.limit.clamp(0, MOST)).await?;
    let messages: Vec<Summary> = messages.into_iter().map(Summary::from).collect();
    Ok(Json(List {
        total,
        unread: 0,
        count: messages.len(),
        messages_count: total,
        start,
        tags: [],
        messages,
    }))
}

/// `GET /dev/mail/api/v1/message/{ID}`; `latest` is the newest.
async fn find(
    State(backend): State<Backend>,
    Path(id): Path<String>,
) -> Result<Json<Whole>, Failure> {
    if id == "latest" {
        let newest = mailbox::list(&backend, 0, 1).await?.pop();
        return newest.map(|message| Json(message.into())).ok_or(Failure(AppError::NotFound));
    }
    Ok(Json(mailbox::find(&backend, &id).await?.into()))
}

/// `DELETE /dev/mail/api/v1/messages`.
async fn delete(State(backend): State<Backend>, body: Bytes) -> Result<&'static str, Failure> {
    let chosen: Chosen = if body.is_empty() {
        Chosen::default()
    } else {
        serde_json::from_slice(&body)
            .map_err(|_| Failure(AppError::message(400, "The body is not JSON.")))?
    };
    if chosen.ids.is_empty() {
        mailbox::clear(&backend).await?;
    }
    for id in &chosen.ids {
        mailbox::delete(&backend, id).await?;
    }
    Ok("ok")
}

/// A failure in Mailpit's shape: `{"Error": "…"}`.
struct Failure(AppError);

impl From<backend::Error> for Failure {
    fn from(error: backend::Error) -> Self {
        Self(app::server::reject(error))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(serde_json::json!({ "Error": self.0.to_string() }))).into_response()
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use backend::{
        both_engines, jobs,
        testing::{World, mail_to},
    };
    use http_body_util::BodyExt as _;
    use serde_json::Value;
    use tower::ServiceExt as _;

    use super::*;

    async fn ask(backend: &Backend, method: &str, path: &str, body: &str) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("/dev/mail/api/v1{path}"))
            .body(Body::from(body.to_owned()))
            .unwrap();
        let response = crate::standins::mailbox(backend.clone()).oneshot(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let answer = serde_json::from_slice(&body)
            .unwrap_or_else(|_| Value::from(&*String::from_utf8_lossy(&body)));
        (status, answer)
    }

    async fn mail_all(backend: &Backend, names: &[&str]) {
        for name in names {
            mail_to(backend, &format!("{name}@example.com")).await;
            jobs::run_due(backend).await.unwrap();
            backend.clock.advance(std::time::Duration::from_secs(1));
        }
    }

    both_engines! {
        async fn messages_are_listed_newest_first(db: TestDb) {
            let w = World::new(db).await;
            mail_all(&w.backend, &["ada", "ben", "eve"]).await;

            let (status, all) = ask(&w.backend, "GET", "/messages?limit=500", "").await;
            let (_, part) = ask(&w.backend, "GET", "/messages?start=1&limit=1", "").await;

            assert_eq!(status, StatusCode::OK);
            assert_eq!(all["total"], 3);
            assert_eq!(all["messages"][0]["To"][0]["Address"], "eve@example.com");
            assert_eq!(all["messages"][0]["From"]["Name"], "Coffer");
            assert_eq!(all["messages"][0]["Created"], "2026-05-04T12:00:02Z");
            assert_eq!(part["messages"].as_array().unwrap().len(), 1);
            assert_eq!(part["messages"][0]["ID"], all["messages"][1]["ID"]);
        }

        async fn a_message_is_found_by_its_id_and_as_the_latest(db: TestDb) {
            let w = World::new(db).await;
            mail_all(&w.backend, &["ada"]).await;
            let (_, all) = ask(&w.backend, "GET", "/messages", "").await;
            let id = all["messages"][0]["ID"].as_str().unwrap();

            let (_, by_id) = ask(&w.backend, "GET", &format!("/message/{id}"), "").await;
            let (_, latest) = ask(&w.backend, "GET", "/message/latest", "").await;

            assert_eq!(by_id, latest);
            assert_eq!(by_id["Subject"], "A letter");
            assert!(by_id["Text"].as_str().unwrap().contains("/somewhere"));
            assert!(by_id["HTML"].as_str().unwrap().contains("<h1"));
        }

        async fn an_unknown_message_is_not_found(db: TestDb) {
            let w = World::new(db).await;

            for path in ["/message/nothing", "/message/latest"] {
                let (status, answer) = ask(&w.backend, "GET", path, "").await;
                assert_eq!(status, StatusCode::NOT_FOUND);
                assert!(answer["Error"].is_string(), "{answer}");
            }
        }

        async fn chosen_messages_or_all_are_deleted(db: TestDb) {
            let w = World::new(db).await;
            mail_all(&w.backend, &["ada", "ben", "eve"]).await;
            let (_, latest) = ask(&w.backend, "GET", "/message/latest", "").await;
            let chosen = serde_json::json!({ "IDs": [latest["ID"]] }).to_string();

            let (status, answer) = ask(&w.backend, "DELETE", "/messages", &chosen).await;
            assert_eq!((status, answer), (StatusCode::OK, Value::from("ok")));
            let (_, left) = ask(&w.backend, "GET", "/messages", "").await;
            assert_eq!(left["total"], 2);

            ask(&w.backend, "DELETE", "/messages", "").await;
            let (_, left) = ask(&w.backend, "GET", "/messages", "").await;
            assert_eq!(left["total"], 0);
        }
    }

    #[test]
    fn a_sender_is_taken_apart() {
        let cases = [
            ("Coffer <hello@bank.example>", ("Coffer", "hello@bank.example")),
            ("\"Coffer, Inc\" <hello@bank.example>", ("Coffer, Inc", "hello@bank.example")),
            ("hello@bank.example", ("", "hello@bank.example")),
        ];
        for (written, (name, address)) in cases {
            let person = Person::parse(written);
            assert_eq!((&*person.name, &*person.address), (name, address));
        }
    }
}
