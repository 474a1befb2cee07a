//! The page that needs nothing: no database, no style sheet, no script, no framework.

use super::words::words;

/// The least of a style sheet, for a page without the built one. Both themes.
const STYLE: &str = "\
body{margin:0;font:1rem/1.5 system-ui,sans-serif;color:#1c2430;background:#f9fafb}\
main{max-width:34rem;margin:0 auto;padding:20vh 1rem 2rem}\
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem}\
p{margin:0 0 1rem}a{color:#00618f}code{user-select:all}\
@media(prefers-color-scheme:dark){body{color:#eceff3;background:#12161c}a{color:#6dbdf0}}";

/// A whole document for `status` with `message` as its heading. The style stands inside it under the request's
/// nonce.
pub fn fallback_page(status: u16, message: &str, reference: &str, nonce: &str) -> String {
    let words = words(status);
    let advice = if words.test_id == format!("error-{status}") { words.text } else { "" };
    let reference = if words.ours {
        format!(
            "<p>Reference: <code data-testid=\"error-reference\">{}</code></p>",
            escape(reference)
        )
    } else {
        String::new()
    };
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{message} · Coffer</title><style nonce=\"{nonce}\">{STYLE}</style></head>\
         <body><main data-testid=\"error-{status}\"><h1>{message}</h1><p>{advice}</p>{reference}\
         <p><a href=\"\">Try again</a> · <a href=\"/\">Go to the start page</a></p></main></body></html>",
        message = escape(message),
        nonce = escape(nonce),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_is_whole_and_names_its_reference() {
        let html = fallback_page(500, "Something went wrong on our side.", "0197-abc", "n0nce");

        assert!(html.starts_with("<!DOCTYPE html>") && html.ends_with("</html>"));
        assert!(html.contains("Something went wrong on our side"));
        assert!(html.contains("0197-abc"));
        assert_eq!(html.matches("n0nce").count(), 1);
    }

    #[test]
    fn a_failure_of_the_visitor_has_no_reference() {
        assert!(
            !fallback_page(404, "We can't find that page.", "0197-abc", "n").contains("0197-abc")
        );
    }

    #[test]
    fn nothing_in_a_reference_becomes_markup() {
        assert!(!fallback_page(500, "<script>", "<script>", "n").contains("<script>"));
    }
}
