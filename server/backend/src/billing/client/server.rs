//! A Polar of a few answers, for tests: what each method and path gets, and what was asked.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Mutex},
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use url::Url;

/// The user of the fixtures.
const USER: &str = "7Yk2mQh0vT4sLr9ZbN6cXw1pJd8eUaG3";
/// What such a server's clock says unless it is told otherwise.
const NOON: &str = "Mon, 04 May 2026 12:00:00 GMT";

/// A body of Polar's, with Alice as its customer.
macro_rules! fixture {
    ($name:literal) => {
        $crate::billing::client::server::of_alice(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/billing/fixtures/",
            $name,
            ".json"
        )))
    };
}
pub(in crate::billing) use fixture;

/// A body whose customer is Alice.
pub fn of_alice(body: &str) -> String {
    body.replace(USER, "alice")
}

/// A body with other values at its top.
pub fn with(body: &str, changes: Value) -> String {
    let mut value: Value = serde_json::from_str(body).unwrap();
    let Value::Object(changes) = changes else { panic!("changes are an object") };
    value.as_object_mut().unwrap().extend(changes);
    value.to_string()
}

/// A list of one page.
pub fn list(items: &[String]) -> String {
    let items = items.join(",");
    format!(r#"{{"items":[{items}],"pagination":{{"total_count":1,"max_page":1}}}}"#)
}

/// What somebody asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `POST /v1/checkouts/`
    pub what: String,
    pub query: HashMap<String, String>,
    /// With small names.
    pub headers: HashMap<String, String>,
    pub body: Value,
}

#[derive(Clone)]
struct Canned {
    status: u16,
    headers: String,
    body: String,
}

#[derive(Default)]
struct State {
    canned: BTreeMap<String, VecDeque<Canned>>,
    asked: Vec<Asked>,
    date: String,
}

/// The server; it ends with the test.
#[derive(Clone)]
pub struct Polar {
    pub url: Url,
    state: Arc<Mutex<State>>,
}

impl Polar {
    /// One that knows nothing yet: every question is answered with Polar's 404.
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let state = Arc::new(Mutex::new(State { date: NOON.to_owned(), ..State::default() }));
        let server = Self { url, state };
        let answering = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = answering.clone();
                tokio::spawn(async move { server.answer_one(stream).await });
            }
        });
        server
    }

    /// Answers `what` (`GET /v1/products/`) with this; after several of one path, the last one stays.
    pub fn on(&self, what: &str, status: u16, body: impl Into<String>) -> &Self {
        self.on_with(what, status, "", body)
    }

    /// The same with headers, each with its line end.
    pub fn on_with(
        &self,
        what: &str,
        status: u16,
        headers: &str,
        body: impl Into<String>,
    ) -> &Self {
        let canned = Canned { status, headers: headers.to_owned(), body: body.into() };
        let mut state = self.state.lock().unwrap();
        state.canned.entry(what.to_owned()).or_default().push_back(canned);
        drop(state);
        self
    }

    /// Forgets the answers for `what`.
    pub fn forget(&self, what: &str) -> &Self {
        self.state.lock().unwrap().canned.remove(what);
        self
    }

    /// What its clock says from now on; nothing: its answers have no date.
    pub fn set_date(&self, date: &str) {
        date.clone_into(&mut self.state.lock().unwrap().date);
    }

    /// Everything that was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.state.lock().unwrap().asked.clone()
    }

    /// The only question there was.
    pub fn asked_once(&self) -> Asked {
        let mut asked = self.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked.remove(0)
    }

    /// Methods and paths of what was asked so far.
    pub fn calls(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.what).collect()
    }

    async fn answer_one(&self, mut stream: TcpStream) {
        let Some(asked) = read(&mut stream).await else { return };
        let (canned, date) = {
            let mut state = self.state.lock().unwrap();
            let canned = state.canned.get_mut(&asked.what).and_then(|canned| {
                if canned.len() > 1 { canned.pop_front() } else { canned.front().cloned() }
            });
            state.asked.push(asked);
            (canned, state.date.clone())
        };
        let Canned { status, headers, body } = canned.unwrap_or_else(|| Canned {
            status: 404,
            headers: String::new(),
            body: include_str!("../fixtures/errors/404.not-found.json").to_owned(),
        });
        let date = if date.is_empty() { date } else { format!("Date: {date}\r\n") };
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status} .\r\nConnection: close\r\nContent-Length: {length}\r\n{date}{headers}\r\n{body}"
        );
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let head = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(head) = head
            && let Some(asked) = parse(&bytes[..head], &bytes[head + 4..])
        {
            return Some(asked);
        }
        match stream.read(&mut chunk).await {
            Ok(read) if read > 0 => bytes.extend_from_slice(&chunk[..read]),
            _ => return None,
        }
    }
}

/// The request, once its body is complete.
fn parse(head: &[u8], body: &[u8]) -> Option<Asked> {
    let head = str::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?, first.next()?);
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    if body.len() < length {
        return None;
    }
    let url = Url::parse("http://polar").unwrap().join(target).unwrap();
    let body = if length == 0 { Value::Null } else { serde_json::from_slice(body).unwrap() };
    Some(Asked {
        what: format!("{method} {}", url.path()),
        query: url.query_pairs().into_owned().collect(),
        headers,
        body,
    })
}
