//! Exactly one `Host`, and one of ours (RFC 9112 section 3.2). `X-Forwarded-Host` is never read.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    super::{
        failure::Failure,
        surface::{Surface, SurfaceSettings},
    },
    is_probe,
};

pub(in crate::http) async fn layer(
    State(surface): State<Arc<Surface>>,
    request: Request,
    next: Next,
) -> Response {
    if is_probe(request.uri().path()) {
        return next.run(request).await;
    }
    match judge(&request, &surface.settings) {
        Ok(()) => next.run(request).await,
        Err(failure) => failure.into_response(),
    }
}

fn judge(request: &Request, settings: &SurfaceSettings) -> Result<(), Failure> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        let sentence = "The request needs exactly one Host header.";
        return Err(Failure::new(StatusCode::BAD_REQUEST, "BAD_HOST", sentence));
    };
    let allowed = |host: &str| {
        let usual_port = if settings.https { ":443" } else { ":80" };
        let host = host.strip_suffix(usual_port).unwrap_or(host).to_ascii_lowercase();
        settings.allowed_hosts.contains(&host)
    };
    let host_is_ours = host.to_str().is_ok_and(allowed);
    let target_is_ours =
        request.uri().authority().is_none_or(|authority| allowed(authority.as_str()));
    if host_is_ours && target_is_ours { Ok(()) } else { Err(foreign(settings)) }
}

fn foreign(settings: &SurfaceSettings) -> Failure {
    let status = StatusCode::MISDIRECTED_REQUEST;
    let sentence = "This server doesn't answer to that host name.";
    if settings.development {
        let origin = &settings.origin;
        let sentence = format!("{sentence} Open {origin}, or set APP_URL or ALLOWED_HOSTS.");
        return Failure::new(status, "MISDIRECTED_REQUEST", sentence);
    }
    Failure::new(status, "MISDIRECTED_REQUEST", sentence)
}
