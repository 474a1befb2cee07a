//! The headers every answer has, whatever wrote it.

use std::sync::Arc;

use app::routes;
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

const OPENER: &str = "cross-origin-opener-policy";
/// Banks with a page of their own open it from within Plaid's window, and answer to it.
const POPUPS: HeaderValue = HeaderValue::from_static("same-origin-allow-popups");
/// Plaid's script, which it asks to be loaded from nowhere else.
const PLAID_SCRIPT: &str = "https://cdn.plaid.com/link/v2/stable/link-initialize.js";
const PLAID_FRAMES: &str = "https://cdn.plaid.com";

const ALWAYS: [(HeaderName, HeaderValue); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // Not no-referrer: browsers would send `Origin: null` with our own forms (Fetch, "append a request Origin header").
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static(OPENER), HeaderValue::from_static("same-origin")),
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
    let is_window = request.uri().path() == routes::LINK_WINDOW;

    let mut response = next.run(request).await;

    let mut elsewhere = surface.deps.providers.authorization_origins();
    elsewhere.extend(surface.settings.payment_origins.iter().cloned());
    let plaid = surface.settings.plaid_origin.as_deref().filter(|_| is_window);
    let page = Page { settings: &surface.settings, elsewhere: &elsewhere, plaid, nonce: &nonce };
    apply(response.headers_mut(), &page);
    response
}

/// What the policy of a page follows from.
struct Page<'a> {
    settings: &'a SurfaceSettings,
    elsewhere: &'a [String],
    /// Where Plaid's window may open, the origin it speaks to.
    plaid: Option<&'a str>,
    nonce: &'a Nonce,
}

fn apply(headers: &mut HeaderMap, page: &Page<'_>) {
    let settings = page.settings;
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
        headers.insert(header::CONTENT_SECURITY_POLICY, page_policy(page));
        if page.plaid.is_some() {
            headers.insert(HeaderName::from_static(OPENER), POPUPS);
        }
        headers.insert(HeaderName::from_static("reporting-endpoints"), REPORTING);
    } else {
        // A worker lives by the policy of its own script, which says so.
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(CLOSED);
    }
}

fn is_html(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/html"))
}

fn page_policy(page: &Page<'_>) -> HeaderValue {
    let Page { settings, elsewhere, plaid, nonce } = *page;
    let nonce = nonce.as_str();
    // By its address: a nonce would let it bring others. Its window is a frame.
    let (script, frames, speaks) = match plaid {
        Some(origin) => (
            format!(" {PLAID_SCRIPT}"),
            format!("frame-src {PLAID_FRAMES}; "),
            format!(" {origin}"),
        ),
        None => Default::default(),
    };
    // Style sheets and views reload over a socket, but only in a build that could not be deployed by mistake.
    let reload = if settings.development && cfg!(debug_assertions) { " ws:" } else { "" };
    let upgrade = if settings.https { "upgrade-insecure-requests; " } else { "" };
    // Browsers hold the page a form is redirected to against the page that has the form (CSP 3, 6.4.1).
    let forms: String = elsewhere.iter().flat_map(|origin| [" ", &**origin]).collect();
    let pictures: String = picture::HOSTS.iter().flat_map(|host| [" https://", *host]).collect();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'{script}; {frames}\
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data:{pictures}; font-src 'self'; \
         connect-src 'self'{speaks}{reload}; manifest-src 'self'; worker-src 'self'; form-action 'self'{forms}; \
         base-uri 'none'; object-src 'none'; frame-ancestors 'none'; {upgrade}report-to csp"
    );
    HeaderValue::from_str(&policy).expect("base64 and fixed words are a header value")
}
