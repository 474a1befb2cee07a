//! The files of the site: a list made once, and nothing outside of it. In a release they are in the binary.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::Embed;
use sha2::{Digest, Sha256};

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
struct Site;

/// The folder of what cargo-leptos builds: code and styles.
const PKG: &str = "pkg/";
/// The script of the worker that reads files to import.
const WORKER: &str = "pkg/reader.js";
/// It loads its WASM from beside itself, and speaks to nobody else.
const WORKER_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; base-uri 'none'",
);
/// Names in a folder with this content never change.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Kept, but asked for each time.
const ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// One file.
#[derive(Clone)]
struct Asset {
    /// What it may load, where it is a worker's script.
    policy: Option<HeaderValue>,
    bytes: Cow<'static, [u8]>,
    media_type: HeaderValue,
    hash: [u8; 32],
    brotli: Option<Cow<'static, [u8]>>,
    gzip: Option<Cow<'static, [u8]>>,
}

/// Every file there is, by its path without the leading slash.
struct Catalogue {
    files: BTreeMap<String, Asset>,
    /// Changes when any file below [`PKG`] does.
    version: String,
}

static CATALOGUE: LazyLock<Arc<Catalogue>> = LazyLock::new(|| Arc::new(Catalogue::read()));

/// What paths of code and styles begin with. In a release it changes with their content; while developing it
/// stays `/pkg`, so that a rebuilt file is found under its old name.
pub fn pkg_prefix() -> String {
    if cfg!(debug_assertions) { "/pkg".to_owned() } else { format!("/pkg/{}", CATALOGUE.version) }
}

/// Routes of every file: code and styles below [`pkg_prefix`] and `/pkg`, the others at the root.
pub fn routes() -> Router {
    if cfg!(debug_assertions) {
        // The files change under a running program, so each request looks again.
        routes_of(|| Arc::new(Catalogue::read()), &Catalogue::read())
    } else {
        routes_of(|| CATALOGUE.clone(), &CATALOGUE)
    }
}

fn routes_of(
    catalogue: impl Fn() -> Arc<Catalogue> + Clone + Send + Sync + 'static,
    now: &Catalogue,
) -> Router {
    let find = catalogue.clone();
    let mut router = Router::new().route(
        "/pkg/{*path}",
        get(async move |Path(path): Path<String>, headers: HeaderMap| find().pkg(&path, &headers)),
    );
    for name in now.files.keys().filter(|name| !name.starts_with(PKG)) {
        let (find, file) = (catalogue.clone(), name.clone());
        let handler = get(async move |headers: HeaderMap| find().at(&file, &headers, ASK));
        router = router.route(&format!("/{name}"), handler);
    }
    router
}

impl Catalogue {
    fn read() -> Self {
        let files = Site::iter().filter_map(|name| {
            let file = Site::get(&name)?;
            Some((name.into_owned(), file.data))
        });
        Self::new(files)
    }

    fn new(files: impl IntoIterator<Item = (String, Cow<'static, [u8]>)>) -> Self {
        let all: BTreeMap<_, _> = files.into_iter().collect();
        let named = all.iter().filter(|(name, _)| is_public(name));
        let files: BTreeMap<_, _> = named
            .map(|(name, bytes)| {
                let asset = Asset {
                    policy: (name == WORKER).then_some(WORKER_POLICY),
                    bytes: bytes.clone(),
                    media_type: media_type(name),
                    hash: Sha256::digest(bytes).into(),
                    brotli: all.get(&format!("{name}.br")).cloned(),
                    gzip: all.get(&format!("{name}.gz")).cloned(),
                };
                (name.clone(), asset)
            })
            .collect();
        let mut version = Sha256::new();
        for (name, asset) in files.iter().filter(|(name, _)| name.starts_with(PKG)) {
            version.update(name);
            version.update(asset.hash);
        }
        Self { files, version: hex::encode(&version.finalize()[..8]) }
    }

    /// A file below `/pkg`, with or without the version before its name.
    fn pkg(&self, path: &str, headers: &HeaderMap) -> Response {
        let versioned = path.strip_prefix(&self.version).and_then(|rest| rest.strip_prefix('/'));
        match versioned {
            Some(name) => self.at(&format!("{PKG}{name}"), headers, FOREVER),
            None => self.at(&format!("{PKG}{path}"), headers, ASK),
        }
    }

    fn at(&self, name: &str, headers: &HeaderMap, cache: HeaderValue) -> Response {
        match self.files.get(name) {
            Some(asset) => asset.answer(headers, cache),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }
}

impl Asset {
    fn answer(&self, asked: &HeaderMap, cache: HeaderValue) -> Response {
        let (encoding, bytes) = self.encoded(asked);
        // Each encoding is another text, so it has another tag (RFC 9110 section 8.8.3.3).
        let tag = format!("\"{}{}\"", hex::encode(&self.hash[..16]), encoding.unwrap_or_default());
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, cache);
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        if let Some(policy) = &self.policy {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
        }
        if has_tag(asked, &tag) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        headers.insert(header::CONTENT_TYPE, self.media_type.clone());
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        (headers, bytes.clone()).into_response()
    }

    /// The smallest form the client reads.
    fn encoded(&self, asked: &HeaderMap) -> (Option<&'static str>, &Cow<'static, [u8]>) {
        let forms = [("br", &self.brotli), ("gzip", &self.gzip)];
        let found = forms.into_iter().find_map(|(name, bytes)| {
            let bytes = bytes.as_ref().filter(|_| accepts(asked, name))?;
            Some((Some(name), bytes))
        });
        found.unwrap_or((None, &self.bytes))
    }
}

/// Whether `Accept-Encoding` names `encoding` without a weight of zero.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
    lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).any(|part| {
        let mut words = part.split(';').map(str::trim);
        let named = words.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let refused = words.any(|word| {
            word.strip_prefix("q=").is_some_and(|weight| weight.trim_matches(['0', '.']).is_empty())
        });
        named && !refused
    })
}

/// Whether `If-None-Match` names `tag`, weakly or not.
fn has_tag(headers: &HeaderMap, tag: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// No dot files, no source maps, no type declarations, and compressed forms only through their original.
fn is_public(name: &str) -> bool {
    let hidden = name.split('/').any(|part| part.starts_with('.') || part.is_empty());
    let private = [".map", ".br", ".gz", ".d.ts", ".html"];
    !hidden && !private.iter().any(|end| name.ends_with(end))
}

fn media_type(name: &str) -> HeaderValue {
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    let text = match guess.essence_str() {
        "text/javascript" | "application/javascript" => "text/javascript; charset=utf-8".to_owned(),
        essence if essence.starts_with("text/") => format!("{essence}; charset=utf-8"),
        essence => essence.to_owned(),
    };
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    const FILES: [(&str, &str); 11] = [
        ("pkg/reader.js", "worker"),
        ("pkg/coffer.js", "script"),
        ("pkg/coffer.js.br", "brotli"),
        ("pkg/coffer.js.gz", "gzip"),
        ("pkg/coffer.wasm", "wasm"),
        ("pkg/coffer.css", "style"),
        ("pkg/coffer.js.map", "map"),
        ("pkg/.secret", "dot"),
        ("pkg/coffer.d.ts", "types"),
        ("favicon.svg", "icon"),
        ("manifest.webmanifest", "{}"),
    ];

    fn catalogue(files: &[(&'static str, &'static str)]) -> Arc<Catalogue> {
        let files =
            files.iter().map(|(name, text)| ((*name).to_owned(), Cow::Borrowed(text.as_bytes())));
        Arc::new(Catalogue::new(files))
    }

    struct Answer {
        status: u16,
        headers: HeaderMap,
        text: String,
    }

    impl Answer {
        fn header(&self, name: &str) -> &str {
            self.headers.get(name).map_or("", |value| value.to_str().unwrap())
        }
    }

    async fn ask(method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let files = catalogue(&FILES);
        let app = routes_of(
            {
                let files = files.clone();
                move || files.clone()
            },
            &files,
        );
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer { status: head.status.as_u16(), headers: head.headers, text }
    }

    fn versioned(name: &str) -> String {
        format!("/pkg/{}/{name}", catalogue(&FILES).version)
    }

    #[tokio::test]
    async fn the_worker_alone_may_load_what_is_beside_it_also_when_it_is_known_already() {
        let first = ask("GET", "/pkg/reader.js", &[]).await;
        let again = ask("GET", "/pkg/reader.js", &[("if-none-match", first.header("etag"))]).await;
        let other = ask("GET", "/pkg/coffer.js", &[]).await;

        assert_eq!([first.status, again.status, other.status], [200, 304, 200]);
        for answer in [&first, &again] {
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("'wasm-unsafe-eval'; connect-src 'self'"), "{policy}");
        }
        assert_eq!(other.header("content-security-policy"), "");
    }

    #[tokio::test]
    async fn a_versioned_file_is_kept_for_ever() {
        let answer = ask("GET", &versioned("coffer.css"), &[]).await;

        assert_eq!((answer.status, answer.text.as_str()), (200, "style"));
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.header("vary"), "Accept-Encoding");
        assert_eq!(answer.header("content-type"), "text/css; charset=utf-8");
    }

    #[tokio::test]
    async fn other_files_are_asked_for_each_time_and_sent_once() {
        for path in ["/pkg/coffer.wasm", "/favicon.svg"] {
            let answer = ask("GET", path, &[]).await;
            assert_eq!(
                (answer.status, answer.header("cache-control")),
                (200, "no-cache"),
                "{path}"
            );
            let tag = answer.header("etag");

            let again = ask("GET", path, &[("if-none-match", &format!("\"x\", W/{tag}"))]).await;

            assert_eq!((again.status, again.text.as_str()), (304, ""), "{path}");
            assert_eq!(again.header("etag"), tag);
        }
    }

    #[tokio::test]
    async fn media_types_are_those_browsers_insist_on() {
        for (path, kind) in [
            ("/pkg/coffer.js", "text/javascript; charset=utf-8"),
            ("/pkg/coffer.wasm", "application/wasm"),
            ("/favicon.svg", "image/svg+xml"),
            ("/manifest.webmanifest", "application/manifest+json"),
        ] {
            assert_eq!(ask("GET", path, &[]).await.header("content-type"), kind, "{path}");
        }
    }

    #[tokio::test]
    async fn the_smallest_accepted_form_is_sent() {
        for (accepted, encoding, text) in [
            ("gzip, deflate, br, zstd", "br", "brotli"),
            ("gzip", "gzip", "gzip"),
            ("br;q=0, gzip;q=0.5", "gzip", "gzip"),
            ("br;q=0.0", "", "script"),
            ("brotli", "", "script"),
            ("", "", "script"),
        ] {
            let answer = ask("GET", "/pkg/coffer.js", &[("accept-encoding", accepted)]).await;
            assert_eq!((answer.header("content-encoding"), answer.text.as_str()), (encoding, text));
            assert_eq!(answer.header("vary"), "Accept-Encoding");
        }
    }

    #[tokio::test]
    async fn each_form_has_its_own_tag() {
        let plain = ask("GET", "/pkg/coffer.js", &[]).await;
        let small = ask("GET", "/pkg/coffer.js", &[("accept-encoding", "br")]).await;
        assert_ne!(plain.header("etag"), small.header("etag"));
    }

    #[tokio::test]
    async fn a_head_is_the_answer_without_its_body() {
        let answer = ask("HEAD", "/pkg/coffer.css", &[]).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, ""));
        assert_eq!(answer.header("content-length"), "5");
    }

    #[tokio::test]
    async fn names_outside_of_the_list_are_not_found() {
        let old = "/pkg/0000000000000000/coffer.css".to_owned();
        for path in [
            "/pkg/coffer.js.map",
            "/pkg/.secret",
            "/pkg/coffer.js.br",
            "/pkg/coffer.js.gz",
            "/pkg/coffer.d.ts",
            "/pkg/",
            "/pkg/x",
            "/pkg/../favicon.svg",
            "/pkg/%2e%2e/favicon.svg",
            "/nothing",
            &old,
            &versioned(".secret"),
            &versioned("../favicon.svg"),
        ] {
            assert_eq!(ask("GET", path, &[]).await.status, 404, "{path}");
        }
    }

    #[tokio::test]
    async fn only_reading_is_answered() {
        assert_eq!(ask("POST", "/pkg/coffer.js", &[]).await.status, 405);
    }

    #[test]
    fn the_version_follows_the_content_of_code_and_styles_alone() {
        let base = catalogue(&[("pkg/a.js", "1"), ("icon.svg", "1")]).version.clone();
        assert_eq!(catalogue(&[("pkg/a.js", "1"), ("icon.svg", "2")]).version, base);
        assert_ne!(catalogue(&[("pkg/a.js", "2"), ("icon.svg", "1")]).version, base);
        assert_ne!(catalogue(&[("pkg/b.js", "1"), ("icon.svg", "1")]).version, base);
    }
}
