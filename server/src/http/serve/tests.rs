use std::sync::atomic::{AtomicUsize, Ordering};

use axum::routing::get;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::Notify,
    task::JoinHandle,
    time::Instant,
};

use super::*;

struct Running {
    address: SocketAddr,
    shutdown: Shutdown,
    task: JoinHandle<()>,
}

fn start(app: Router, settings: ServeSettings) -> Running {
    let listener = bind(([127, 0, 0, 1], 0).into(), "BIND").unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = Shutdown::default();
    let task = tokio::spawn(serve(listener, app, settings, shutdown.clone()));
    Running { address, shutdown, task }
}

fn hello() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}

async fn send(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

/// Everything until the server closes; a reset counts as closed.
async fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8(bytes).unwrap()
}

const CLOSE: &str = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn a_request_is_answered() {
    let server = start(hello(), ServeSettings::default());

    let answer = rest(send(server.address, CLOSE).await).await;

    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("hello"), "{answer}");
    assert!(!answer.to_lowercase().contains("\r\nserver:"), "{answer}");
}

// The paused clock jumps ahead whenever everybody waits, so ten seconds take no time.
#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_end_in_ten_seconds_is_cut() {
    let server = start(hello(), ServeSettings::default());
    let begun = Instant::now();

    let answer = rest(send(server.address, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await).await;

    assert!(!answer.contains("hello"), "{answer}");
    let waited = begun.elapsed().as_secs();
    assert!((10..12).contains(&waited), "{waited} s");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_says_nothing_is_cut() {
    let server = start(hello(), ServeSettings::default());
    let begun = Instant::now();

    assert_eq!(rest(send(server.address, "").await).await, "");

    assert!(begun.elapsed() >= Duration::from_secs(10));
}

#[tokio::test]
async fn more_than_a_hundred_headers_are_refused() {
    let server = start(hello(), ServeSettings::default());
    let head = |count: usize| {
        let lines = "x-a: 1\r\n".repeat(count);
        format!("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{lines}\r\n")
    };

    let within = rest(send(server.address, &head(98)).await).await;
    let beyond = rest(send(server.address, &head(99)).await).await;

    assert!(within.starts_with("HTTP/1.1 200"), "{within}");
    assert!(beyond.starts_with("HTTP/1.1 431"), "{beyond}");
}

// The limit is looked at after each read, so a head only a little longer may still pass.
#[tokio::test]
async fn a_head_far_over_32_kib_is_refused() {
    let server = start(hello(), ServeSettings::default());
    let long = "a".repeat(4 * READ_BUFFER);
    let head = format!("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nx-long: {long}\r\n\r\n");

    let answer = rest(send(server.address, &head).await).await;

    assert!(!answer.contains("hello"), "{answer}");
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_gets_its_places_back() {
    let settings = ServeSettings { per_address: Some(2), ..ServeSettings::default() };
    let server = start(hello(), settings);
    let keep = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut first = send(server.address, keep).await;
    let mut second = send(server.address, keep).await;
    let mut buffer = [0; 12];
    first.read_exact(&mut buffer).await.unwrap();
    second.read_exact(&mut buffer).await.unwrap();

    assert_eq!(rest(send(server.address, CLOSE).await).await, "");

    drop(first);
    loop {
        let answer = rest(send(server.address, CLOSE).await).await;
        if answer.starts_with("HTTP/1.1 200") {
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_running_request_is_finished_while_new_ones_are_refused() {
    let (entered, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (enter, wait) = (entered.clone(), go.clone());
    let app = Router::new().route(
        "/",
        get(async move || {
            enter.notify_one();
            wait.notified().await;
            "finished"
        }),
    );
    let server = start(app, ServeSettings::default());
    let running = send(server.address, CLOSE).await;
    entered.notified().await;

    server.shutdown.close();
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    go.notify_one();

    assert!(rest(running).await.ends_with("finished"));
    server.task.await.unwrap();
}

#[tokio::test]
async fn idle_connections_do_not_hold_the_server_back() {
    let server = start(hello(), ServeSettings::default());
    let mut idle = send(server.address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let mut buffer = [0; 12];
    idle.read_exact(&mut buffer).await.unwrap();

    server.shutdown.close();

    server.task.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_request_that_never_ends_is_dropped_after_25_seconds() {
    let app = Router::new().route("/", get(std::future::pending::<&str>));
    let server = start(app, ServeSettings::default());
    let _running = send(server.address, CLOSE).await;
    // One turn of the paused clock, so that the request has begun.
    tokio::time::sleep(Duration::from_millis(1)).await;
    let begun = Instant::now();

    server.shutdown.close();
    server.task.await.unwrap();

    assert_eq!(begun.elapsed().as_secs(), 25);
}

#[tokio::test]
async fn handlers_learn_the_address_of_their_peer() {
    let app = Router::new()
        .route("/", get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.ip().to_string()));
    let server = start(app, ServeSettings::default());

    assert!(rest(send(server.address, CLOSE).await).await.ends_with("127.0.0.1"));
}

#[tokio::test]
async fn a_panic_ends_one_connection_and_not_the_server() {
    let count = Arc::new(AtomicUsize::new(0));
    let app = Router::new().route(
        "/",
        get(async move || {
            assert!(count.fetch_add(1, Ordering::Relaxed) > 0, "the first request panics");
            "alive"
        }),
    );
    let server = start(app, ServeSettings::default());

    assert_eq!(rest(send(server.address, CLOSE).await).await, "");
    assert!(rest(send(server.address, CLOSE).await).await.ends_with("alive"));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_stops_reading_is_given_up() {
    let app = Router::new().route("/", get(|| async { vec![0_u8; 64 * 1024 * 1024] }));
    let server = start(app, ServeSettings::default());
    let _deaf = send(server.address, CLOSE).await;
    tokio::time::sleep(Duration::from_mins(1)).await;

    server.shutdown.close();
    let begun = Instant::now();
    server.task.await.unwrap();

    assert!(begun.elapsed() < Duration::from_secs(1), "its connection was gone before");
}

#[tokio::test]
async fn a_taken_port_is_one_sentence() {
    let taken = bind(([127, 0, 0, 1], 0).into(), "BIND").unwrap();
    let address = taken.local_addr().unwrap();

    let sentence = bind(address, "BIND").unwrap_err();

    let port = address.port();
    assert_eq!(
        sentence,
        format!("Port {port} on 127.0.0.1 is in use. Set BIND to another address.")
    );
}

#[tokio::test]
async fn an_address_of_another_machine_is_one_sentence() {
    let sentence = bind("192.0.2.1:0".parse().unwrap(), "BIND").unwrap_err();
    assert_eq!(sentence, "This machine has no address 192.0.2.1. Set BIND to one it has.");
}
