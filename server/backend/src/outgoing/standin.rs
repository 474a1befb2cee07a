//! A server of a few answers, for tests of whatever calls other people's servers: what each method and path gets, and
//! what was asked.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use url::Url;

/// What such a server's clock says unless it is told otherwise.
const NOON: &str = "Mon, 04 May 2026 12:00:00 GMT";

/// What somebody asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `POST /v1/checkouts/`
    pub what: String,
    /// What stood behind the question mark.
    pub query: HashMap<String, String>,
    /// With small names.
    pub headers: HashMap<String, String>,
    /// JSON; null where there was none.
    pub body: Value,
}

#[derive(Clone)]
enum Canned {
    Answer {
        status: u16,
        headers: String,
        body: String,
    },
    /// The body never ends.
    Endless,
    /// Nothing is ever said.
    Silent,
    /// The next answer, once somebody lets go.
    Held(Arc<Notify>),
}

struct State {
    canned: BTreeMap<String, VecDeque<Canned>>,
    unknown: Canned,
    asked: Vec<Asked>,
    date: String,
}

/// The server; it ends with the test.
#[derive(Clone)]
pub struct StandIn {
    /// Where it is: an origin.
    pub url: Url,
    state: Arc<Mutex<State>>,
    arrived: Arc<Notify>,
}

impl StandIn {
    /// One on a free port that knows nothing yet: every question is answered with this.
    pub async fn start(status: u16, headers: &str, body: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let url = format!("http://{address}").parse().expect("an address is a URL");
        let state = State {
            canned: BTreeMap::new(),
            unknown: answer(status, headers, body),
            asked: Vec::new(),
            date: NOON.to_owned(),
        };
        let arrived = Arc::new(Notify::new());
        let server = Self { url, state: Arc::new(Mutex::new(state)), arrived };
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
        self.push(what, answer(status, headers, &body.into()))
    }

    /// Answers `what` with a body that never ends.
    pub fn endless(&self, what: &str) -> &Self {
        self.push(what, Canned::Endless)
    }

    /// Takes what is sent to `what`, and says nothing.
    pub fn silent(&self, what: &str) -> &Self {
        self.push(what, Canned::Silent)
    }

    /// Holds whatever answer `what` has next, until the test lets go of it with `notify_one`.
    pub fn hold(&self, what: &str) -> Arc<Notify> {
        let go = Arc::new(Notify::new());
        let mut state = self.state();
        let canned = state.canned.entry(what.to_owned()).or_default();
        canned.push_front(Canned::Held(go.clone()));
        go
    }

    /// Waits until somebody has asked `what`.
    pub async fn until(&self, what: &str) {
        loop {
            let more = self.arrived.notified();
            if self.state().asked.iter().any(|asked| asked.what == what) {
                return;
            }
            more.await;
        }
    }

    fn push(&self, what: &str, canned: Canned) -> &Self {
        self.state().canned.entry(what.to_owned()).or_default().push_back(canned);
        self
    }

    /// Forgets the answers for `what`.
    pub fn forget(&self, what: &str) -> &Self {
        self.state().canned.remove(what);
        self
    }

    /// What its clock says from now on; nothing: its answers have no date.
    pub fn set_date(&self, date: &str) {
        date.clone_into(&mut self.state().date);
    }

    /// Everything that was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.state().asked.clone()
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

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer_one(&self, mut stream: TcpStream) {
        let Some(asked) = read(&mut stream).await else { return };
        let what = asked.what.clone();
        let mut canned = self.note(asked);
        while let (Canned::Held(go), _) = &canned {
            go.notified().await;
            canned = self.next(&what);
        }
        match canned {
            (Canned::Answer { status, headers, body }, date) => {
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 {status} .\r\nConnection: close\r\nContent-Length: {length}\r\n{date}{headers}\r\n{body}"
                );
                let _ = stream.write_all(answer.as_bytes()).await;
            }
            (Canned::Endless, date) => {
                let head = format!(
                    "HTTP/1.1 200 .\r\nConnection: close\r\nContent-Type: application/json\r\n{date}\r\n"
                );
                let mut sent = stream.write_all(head.as_bytes()).await;
                while sent.is_ok() {
                    sent = stream.write_all(&[b' '; 16 * 1024]).await;
                }
            }
            // The other end gives up, and closes.
            (Canned::Silent | Canned::Held(_), _) => drop(stream.read(&mut [0; 1]).await),
        }
    }

    /// Writes down what was asked. What is answered, and the header with its date.
    fn note(&self, asked: Asked) -> (Canned, String) {
        let what = asked.what.clone();
        self.state().asked.push(asked);
        let next = self.next(&what);
        self.arrived.notify_waiters();
        next
    }

    fn next(&self, what: &str) -> (Canned, String) {
        let mut state = self.state();
        let canned = state.canned.get_mut(what).and_then(|canned| {
            if canned.len() > 1 { canned.pop_front() } else { canned.front().cloned() }
        });
        let date = &state.date;
        let date = if date.is_empty() { String::new() } else { format!("Date: {date}\r\n") };
        (canned.unwrap_or_else(|| state.unknown.clone()), date)
    }
}

fn answer(status: u16, headers: &str, body: &str) -> Canned {
    Canned::Answer { status, headers: headers.to_owned(), body: body.to_owned() }
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
    let head = str::from_utf8(head).expect("a head of ASCII");
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?, first.next()?);
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length =
        headers.get("content-length").map_or(0, |length| length.parse().expect("a length"));
    if body.len() < length {
        return None;
    }
    let url = Url::parse("http://stand-in").and_then(|url| url.join(target)).expect("a target");
    let body =
        if length == 0 { Value::Null } else { serde_json::from_slice(body).expect("a JSON body") };
    Some(Asked {
        what: format!("{method} {}", url.path()),
        query: url.query_pairs().into_owned().collect(),
        headers,
        body,
    })
}
