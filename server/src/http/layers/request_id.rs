//! Names every request, and notes who sent it.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::super::{
    client::{ClientAddress, peer},
    request::RequestRecord,
    surface::Surface,
};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The name a client gave its request. For the log alone.
#[derive(Clone, Debug)]
pub(super) struct ClientRequestId(pub(super) String);

pub(in crate::http) async fn layer(
    State(surface): State<Arc<Surface>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = surface.deps.sources.request_id();
    let proxies = &surface.settings.trusted_proxies;
    let client = ClientAddress::decide(peer(request.extensions()), request.headers(), proxies);
    let theirs = their_id(request.headers()).map(str::to_owned);

    let extensions = request.extensions_mut();
    extensions.insert(id.clone());
    extensions.insert(client);
    extensions.insert(RequestRecord::default());
    if let Some(theirs) = theirs {
        extensions.insert(ClientRequestId(theirs));
    }
    let agent = request.headers().get(header::USER_AGENT).map(HeaderValue::as_bytes);
    let facts = backend::request::Request {
        id: id.to_string(),
        ip_prefix: client.log_prefix(),
        user_agent: String::from_utf8_lossy(agent.unwrap_or_default()).into_owned(),
    };
    let mut response = backend::request::within(facts, next.run(request)).await;
    let value = HeaderValue::from_str(id.as_str()).expect("a UUID is a header value");
    response.headers_mut().insert(HEADER, value);
    response
}

fn their_id(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get(HEADER)?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    ((8..=64).contains(&id.len()) && id.bytes().all(plain)).then_some(id)
}
