//! Whose requests are taken.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Requests from other machines are refused, and changes that another site's page asks for.
pub async fn this_machine_only(request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let from_here = peer.is_none_or(|ConnectInfo(peer)| peer.ip().is_loopback());
    if !from_here || is_cross_site(&request) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

/// A form is only taken from a page of this site. Pages are private: they have secrets in their addresses.
pub async fn this_site_only(request: Request, next: Next) -> Response {
    if is_cross_site(&request) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, header::HeaderValue::from_static("same-origin"));
    response
}

/// Something would be changed by another site's page. Reading is harmless: no other site sees the answer.
fn is_cross_site(request: &Request) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return false;
    }
    let site = request.headers().get("sec-fetch-site");
    site.is_some_and(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"))
}
