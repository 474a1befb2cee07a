//! The headers every answer has, whatever wrote it.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use domain::picture;

use super::super::{
    request::Nonce,
    surface::{Surface, SurfaceSettings},
};

/// Answers that are no pages may load nothing and stand nowhere.
const CLOSED: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
);

const REPORTING: HeaderValue = HeaderValue::from_static("csp=\"/api/csp-report\"");

const ALWAYS: [(HeaderName, HeaderValue); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // Not no-referrer: browsers would send `Origin: null` with our own forms (Fetch, "append a request Origin header").
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ),
];

pub(in crate::http) async fn layer(
    State(surface): State<Arc<Surface>>,
    mut request: Request,
    next: Next,
) -> Response {
    let nonce = surface.deps.sources.nonce();
    request.extensions_mut().insert(nonce.clone());

    let mut response = next.run(request).await;

    let mut forms = surface.deps.providers.authorization_origins();
    forms.extend(surface.deps.payments.iter().cloned());
    apply(response.headers_mut(), &surface.settings, &forms, &nonce);
    response
}

fn apply(headers: &mut HeaderMap, settings: &SurfaceSettings, forms: &[String], nonce: &Nonce) {
    for (name, value) in ALWAYS {
        headers.insert(name, value);
    }
    if settings.https {
        let two_years = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, two_years);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.remove(header::SERVER);

    if is_html(headers) {
        headers.insert(header::CONTENT_SECURITY_POLICY, page_policy(settings, forms, nonce));
        headers.insert(HeaderName::from_static("reporting-endpoints"), REPORTING);
    } else {
        headers.insert(header::CONTENT_SECURITY_POLICY, CLOSED);
    }
}

fn is_html(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/html"))
}

fn page_policy(settings: &SurfaceSettings, forms: &[String], nonce: &Nonce) -> HeaderValue {
    let nonce = nonce.as_str();
    // Style sheets and views reload over a socket, but only in a build that could not be deployed by mistake.
    let reload = if settings.development && cfg!(debug_assertions) { " ws:" } else { "" };
    let upgrade = if settings.https { "upgrade-insecure-requests; " } else { "" };
    // Browsers hold the page a form is redirected to against the page that has the form (CSP 3, 6.4.1).
    let forms: String = forms.iter().flat_map(|origin| [" ", &**origin]).collect();
    let pictures: String = picture::HOSTS.iter().flat_map(|host| [" https://", *host]).collect();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data:{pictures}; font-src 'self'; \
         connect-src 'self'{reload}; manifest-src 'self'; worker-src 'self'; form-action 'self'{forms}; \
         base-uri 'none'; object-src 'none'; frame-ancestors 'none'; {upgrade}report-to csp"
    );
    HeaderValue::from_str(&policy).expect("base64 and fixed words are a header value")
}
