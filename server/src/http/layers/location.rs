//! No answer sends a browser to a place that is not ours or listed, whoever wrote it.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::{
    super::{local_path, surface::Surface},
    is_auth,
};

pub(in crate::http) async fn layer(
    State(surface): State<Arc<Surface>>,
    request: Request,
    next: Next,
) -> Response {
    let settings = &surface.settings;
    let left_alone = settings.auth_checks_itself && is_auth(request.uri().path());

    let mut response = next.run(request).await;

    let Some(target) = response.headers().get(header::LOCATION).filter(|_| !left_alone) else {
        return response;
    };
    let allowed = target.to_str().ok().and_then(|target| {
        let mut elsewhere = settings.redirect_origins.clone();
        elsewhere.extend(surface.deps.providers.authorization_origins());
        elsewhere.extend(surface.deps.payments.iter().cloned());
        local_path::location(target, &settings.own_origins, &elsewhere)
    });
    let allowed = allowed.and_then(|target| HeaderValue::from_str(&target).ok());
    if allowed.is_none() {
        tracing::warn!("an answer's Location led elsewhere and was replaced");
    }
    let allowed = allowed.unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, allowed);
    response
}
