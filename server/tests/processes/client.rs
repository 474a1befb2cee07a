//! A small HTTP client: one connection for each request, cookies kept, blocking.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Value, json};

/// An answer that takes longer counts as none.
const PATIENCE: Duration = Duration::from_secs(20);

/// One answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }
}

/// One visitor.
pub struct Client {
    port: u16,
    cookies: BTreeMap<String, String>,
}

impl Client {
    pub fn new(port: u16) -> Self {
        Self { port, cookies: BTreeMap::new() }
    }

    /// A person who has just signed up.
    pub fn signed_up(port: u16, name: &str) -> Self {
        let mut client = Self::new(port);
        let answer = client
            .post(
                "/api/auth/sign-up/email",
                &json!({
                    "name": name,
                    "email": format!("{name}@example.com"),
                    "password": "correct horse battery staple",
                }),
            )
            .unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(!client.cookies.is_empty(), "sign-up set no cookie");
        client
    }

    /// The same visitor at another port, after a restart.
    pub fn at(self, port: u16) -> Self {
        Self { port, ..self }
    }

    pub fn get(&mut self, path: &str) -> io::Result<Answer> {
        let head = self.head("GET", path, 0);
        self.exchange(&[&head])
    }

    pub fn post(&mut self, path: &str, body: &Value) -> io::Result<Answer> {
        let body = body.to_string();
        let head = self.head("POST", path, body.len());
        self.exchange(&[&head, &body])
    }

    /// A body that is signed, with the headers that say so.
    pub fn post_text(&mut self, path: &str, headers: &str, body: &str) -> io::Result<Answer> {
        let head = self.head("POST", path, body.len());
        let head = head.replacen("\r\n\r\n", &format!("\r\n{headers}\r\n"), 1);
        self.exchange(&[&head, body])
    }

    /// Sends half of a request; [`Half::finish`] sends the rest.
    pub fn begin_post(&mut self, path: &str, body: &Value) -> Half {
        let body = body.to_string();
        let head = self.head("POST", path, body.len());
        let mut stream = self.connect().unwrap();
        let (first, second) = body.split_at(body.len() / 2);
        stream.write_all(format!("{head}{first}").as_bytes()).unwrap();
        Half { stream, rest: second.to_owned() }
    }

    fn head(&self, method: &str, path: &str, length: usize) -> String {
        let port = self.port;
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n\
             Accept: application/json\r\nConnection: close\r\n"
        );
        // Writing into a String cannot fail.
        if !cookies.is_empty() {
            let _ = write!(head, "Cookie: {}\r\n", cookies.join("; "));
        }
        if method == "POST" {
            let _ = write!(head, "Content-Type: application/json\r\nContent-Length: {length}\r\n");
        }
        head.push_str("\r\n");
        head
    }

    fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    fn exchange(&mut self, parts: &[&str]) -> io::Result<Answer> {
        let mut stream = self.connect()?;
        stream.write_all(parts.concat().as_bytes())?;
        let (answer, cookies) = read(stream)?;
        self.cookies.extend(cookies);
        Ok(answer)
    }
}

/// A request whose second half has not been sent.
pub struct Half {
    stream: TcpStream,
    rest: String,
}

impl Half {
    pub fn finish(mut self) -> io::Result<Answer> {
        self.stream.write_all(self.rest.as_bytes())?;
        read(self.stream).map(|(answer, _)| answer)
    }
}

type Cookies = Vec<(String, String)>;

/// The status, the fields this client cares about, and the whole body: an answer that ends early is an error.
fn read(stream: TcpStream) -> io::Result<(Answer, Cookies)> {
    let mut reader = BufReader::new(stream);
    let mut line = read_line(&mut reader)?;
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(broken)?;

    let (mut length, mut cookies) = (None, Vec::new());
    loop {
        line = read_line(&mut reader)?;
        let Some((name, value)) = line.split_once(':') else { break };
        let value = value.trim();
        match &*name.to_ascii_lowercase() {
            "content-length" => length = value.parse::<usize>().ok(),
            "set-cookie" => {
                let pair = value.split(';').next().and_then(|pair| pair.split_once('='));
                cookies.extend(pair.map(|(name, value)| (name.to_owned(), value.to_owned())));
            }
            _ => {}
        }
    }
    let body = match length {
        Some(length) => read_exactly(&mut reader, length)?,
        None => read_chunks(&mut reader)?,
    };
    let body = String::from_utf8(body).map_err(|_| broken())?;
    Ok((Answer { status, body }, cookies))
}

fn broken() -> io::Error {
    io::ErrorKind::UnexpectedEof.into()
}

fn read_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    line.strip_suffix("\r\n").map(str::to_owned).ok_or_else(broken)
}

fn read_exactly(reader: &mut impl Read, length: usize) -> io::Result<Vec<u8>> {
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(body)
}

/// RFC 9112, 7.1, without trailers.
fn read_chunks(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let length = usize::from_str_radix(&read_line(reader)?, 16).map_err(|_| broken())?;
        body.extend(read_exactly(reader, length)?);
        if !read_line(reader)?.is_empty() {
            return Err(broken());
        }
        if length == 0 {
            return Ok(body);
        }
    }
}
