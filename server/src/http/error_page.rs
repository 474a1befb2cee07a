//! Pages for failed requests: the product's own, and a small one for when nothing else works.

use std::{
    fmt::Write,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use axum::http::StatusCode;

use super::request::{Nonce, RequestId};

/// A failed request, as its page shows it.
#[derive(Clone, Debug)]
pub struct Failed {
    /// The HTTP status, which the answer really has.
    pub status: StatusCode,
    /// One or two sentences for the person.
    pub message: String,
    /// What to tell support.
    pub request_id: RequestId,
    /// For inline styles and scripts.
    pub nonce: Nonce,
    /// The `Cookie` header, so that the page can wear the person's theme.
    pub cookies: Option<String>,
}

/// Writes the whole HTML document of a failed request.
#[derive(Clone, Default)]
pub struct ErrorPage(Option<Render>);

type Render = Arc<dyn Fn(&Failed) -> String + Send + Sync>;

impl ErrorPage {
    /// The product's own page.
    pub fn new(render: impl Fn(&Failed) -> String + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(render)))
    }

    /// The document. If the product's own page panics, the small one.
    pub(super) fn render(&self, failed: &Failed) -> String {
        self.0
            .as_ref()
            .and_then(|render| catch_unwind(AssertUnwindSafe(|| render(failed))).ok())
            .unwrap_or_else(|| built_in(failed))
    }
}

const STYLE: &str = ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;margin:0;\
    display:grid;min-height:100vh;place-items:center}main{max-width:36rem;padding:2rem}\
    h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}p{margin:0 0 1rem}code{font-size:.875rem}\
    a{color:inherit;margin-right:1rem}";

/// A document that needs no script, no database and no style sheet.
fn built_in(failed: &Failed) -> String {
    let status = failed.status.as_u16();
    let title = escape(&failed.message);
    let nonce = failed.nonce.as_str();
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{status} · Coffer</title><style nonce=\"{nonce}\">{STYLE}</style></head>\
         <body><main data-testid=\"error-{status}\"><h1>{title}</h1>"
    );
    if failed.status.is_server_error() {
        // Writing into a String cannot fail.
        let _ = write!(page, "<p>Reference: <code>{}</code></p>", failed.request_id);
        page.push_str("<p><a href=\"\">Try again</a>");
    } else {
        page.push_str("<p>");
    }
    page.push_str("<a href=\"/\">Home</a></p></main></body></html>");
    page
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(status: StatusCode) -> Failed {
        Failed {
            status,
            message: "It's <broken>.".into(),
            request_id: RequestId::default(),
            nonce: Nonce::default(),
            cookies: None,
        }
    }

    #[test]
    fn a_page_that_panics_is_replaced_by_the_small_one() {
        let page = ErrorPage::new(|_| panic!("the renderer is broken too"));

        let html = page.render(&failed(StatusCode::INTERNAL_SERVER_ERROR));

        assert!(html.contains("data-testid=\"error-500\"") && html.contains("Try again"), "{html}");
    }

    #[test]
    fn text_is_escaped() {
        let html = ErrorPage::default().render(&failed(StatusCode::NOT_FOUND));
        assert!(html.contains("It's &lt;broken&gt;."), "{html}");
    }
}
