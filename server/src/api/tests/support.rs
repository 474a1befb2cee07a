//! The routes over one database, and the two people who call them.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::DefaultBodyLimit,
    http::{HeaderMap, Request, StatusCode, request::Builder},
};
use backend::{
    SignedIn,
    testing::{TestDb, World},
};
use serde_json::Value;
use tower::ServiceExt;

/// The routes, without what stands around them: who calls is put into the request as the session layer does.
pub struct Site {
    pub w: World,
    router: Router,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Site {
    pub async fn new(db: TestDb) -> Self {
        Self::of(World::new(db).await)
    }

    /// The same over a world that is there.
    pub fn of(w: World) -> Self {
        // The layer of bodies has the limit of each route.
        let router = super::super::routes(w.backend.clone()).layer(DefaultBodyLimit::disable());
        Self { w, router }
    }

    pub async fn get(&self, who: Option<&SignedIn>, path: &str) -> Answer {
        self.send(who, Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn delete(&self, who: Option<&SignedIn>, path: &str) -> Answer {
        self.send(who, Request::delete(path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, who: Option<&SignedIn>, path: &str, body: &Value) -> Answer {
        self.json(who, Request::post(path), body).await
    }

    pub async fn put(&self, who: Option<&SignedIn>, path: &str, body: &Value) -> Answer {
        self.json(who, Request::put(path), body).await
    }

    pub async fn patch(&self, who: Option<&SignedIn>, path: &str, body: &Value) -> Answer {
        self.json(who, Request::patch(path), body).await
    }

    /// The same request as any other with this key.
    pub async fn post_once(
        &self,
        who: Option<&SignedIn>,
        path: &str,
        key: &str,
        body: &Value,
    ) -> Answer {
        self.json(who, Request::post(path).header("idempotency-key", key), body).await
    }

    async fn json(&self, who: Option<&SignedIn>, request: Builder, body: &Value) -> Answer {
        let request = request.header("content-type", "application/json");
        self.send(who, request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub async fn send(&self, who: Option<&SignedIn>, mut request: Request<Body>) -> Answer {
        if let Some(who) = who {
            request.extensions_mut().insert(who.clone());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The code of a refusal.
    pub fn code(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }

    /// The first code of a field.
    pub fn field(&self, name: &str) -> String {
        self.json()["fields"][name][0]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The status, for answers whose body doesn't matter.
    pub fn is(&self, status: StatusCode) -> bool {
        self.status == status.as_u16()
    }
}
