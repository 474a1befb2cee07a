use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use time::macros::datetime;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;

/// A server that answers each connection with the next text, and counts them.
async fn server(answers: Vec<String>) -> (Url, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await.unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (url, asked)
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )
}

fn client(named: &Url) -> Outgoing {
    let clock = Clock::frozen(datetime!(2026-05-04 12:00 UTC));
    Outgoing::new(&clock, &Random::seeded(1), [named.clone()]).unwrap()
}

#[tokio::test]
async fn a_question_is_repeated_while_the_other_side_says_later() {
    let (url, asked) = server(vec![
        answer("503 Service Unavailable", "", ""),
        answer("502 Bad Gateway", "", ""),
        answer("200 OK", "X-A: b\r\n", "here"),
    ])
    .await;

    let response = client(&url).get(&url, HeaderMap::new()).await.unwrap();

    assert_eq!((response.status().as_u16(), &**response.body()), (200, &b"here"[..]));
    assert_eq!(response.headers()["x-a"], "b");
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_refusal_is_not_repeated_and_neither_is_a_change() {
    let (url, asked) = server(vec![answer("404 Not Found", "", "")]).await;
    assert_eq!(client(&url).get(&url, HeaderMap::new()).await.unwrap().status(), 404);
    assert_eq!(asked.load(Ordering::SeqCst), 1);

    let (url, asked) = server(vec![answer("503 Service Unavailable", "", "")]).await;
    let request = http::Request::post(url.as_str()).body(b"x=1".to_vec()).unwrap();
    assert_eq!(client(&url).send(request).await.unwrap().status(), 503);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_request_may_have_less_time_than_others() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let request = http::Request::get(url.as_str()).body(Vec::new()).unwrap();

    let error = client(&url).send_within(request, Duration::from_millis(50)).await.unwrap_err();

    assert!(error.is_passing(), "{error:?}");
}

#[tokio::test]
async fn redirects_are_answers_like_others() {
    let (url, _) = server(vec![answer("302 Found", "Location: http://127.0.0.1:1/\r\n", "")]).await;

    let response = client(&url).get(&url, HeaderMap::new()).await.unwrap();

    assert_eq!(response.status(), 302);
}

#[tokio::test]
async fn an_answer_ends_at_one_mebibyte() {
    let (url, _) = server(vec![answer("200 OK", "", &"x".repeat(MOST_BYTES + 1))]).await;

    let error = client(&url).get(&url, HeaderMap::new()).await.unwrap_err();

    assert!(matches!(error, OutgoingError::TooLarge(_)), "{error:?}");
}

#[tokio::test]
async fn an_answer_may_have_a_bound_of_its_own() {
    let long = "x".repeat(MOST_BYTES + 1);
    let (url, _) = server(vec![answer("200 OK", "", &long), answer("200 OK", "", "12345")]).await;
    let request = || http::Request::get(url.as_str()).body(Vec::new()).unwrap();
    let within = |bytes| Bounds { bytes, ..Bounds::default() };

    let large = client(&url).send_bounded(request(), within(2 * MOST_BYTES)).await.unwrap();
    let error = client(&url).send_bounded(request(), within(4)).await.unwrap_err();

    assert_eq!(large.body().len(), MOST_BYTES + 1);
    assert!(matches!(error, OutgoingError::TooLarge(_)), "{error:?}");
}

#[tokio::test]
async fn a_host_that_is_down_is_left_alone_after_a_while() {
    let url: Url = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}/?code=secret", listener.local_addr().unwrap()).parse().unwrap()
    };
    let client = client(&url);
    let mut last = String::new();
    for _ in 0..6 {
        let request = http::Request::post(url.as_str()).body(Vec::new()).unwrap();
        let error = client.send(request).await.unwrap_err();
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        last = error.to_string();
    }

    assert!(last.ends_with("is left alone after several failures"), "{last}");
}

#[tokio::test]
async fn nobody_else_is_called() {
    let named = "http://127.0.0.1:4599".parse().unwrap();
    for url in ["http://127.0.0.1:1/", "https://169.254.169.254/latest", "https://localhost/"] {
        let error = client(&named).get(&url.parse().unwrap(), HeaderMap::new()).await.unwrap_err();
        let reached = format!("{error:?}");
        assert!(reached.contains("Refused") || reached.contains("no public address"), "{reached}");
    }
}
