//! The accept loop. Ours, because every time-out and limit of a connection is decided here.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use metrics::counter;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower::ServiceExt;

use super::{shutdown::Shutdown, stall::Stall};

/// Waiting connections the kernel keeps for us.
const BACKLOG: u32 = 1_024;
/// Largest request head.
const READ_BUFFER: usize = 32 * 1_024;
const MAX_HEADERS: usize = 100;
/// After an accept that failed, as it does without free file descriptors.
const BREATH: Duration = Duration::from_millis(50);

/// How long and how much one listener puts up with.
#[derive(Clone, Debug)]
pub struct ServeSettings {
    /// Open connections; more wait in the backlog.
    pub connections: usize,
    /// Open connections of one address. None behind proxies, which share an address.
    pub per_address: Option<usize>,
    /// From the first byte, or the last answer, to the end of a request's head.
    pub header_read: Duration,
    /// A write that makes no progress.
    pub write_stall: Duration,
    /// What running requests get after the listener closed.
    pub finish: Duration,
}

impl Default for ServeSettings {
    fn default() -> Self {
        Self {
            connections: 4_096,
            per_address: Some(128),
            header_read: Duration::from_secs(10),
            write_stall: Duration::from_secs(30),
            finish: Duration::from_secs(25),
        }
    }
}

/// Opens a listener. `variable` is the one that says where, for the sentence of the error.
pub fn bind(address: SocketAddr, variable: &str) -> Result<TcpListener, String> {
    let open = || -> io::Result<TcpListener> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    open().map_err(|error| {
        let (ip, port) = (address.ip(), address.port());
        match error.kind() {
            io::ErrorKind::AddrInUse => {
                format!("Port {port} on {ip} is in use. Set {variable} to another address.")
            }
            io::ErrorKind::PermissionDenied => {
                format!(
                    "Port {port} is not open to this user. Set {variable} to a port above 1023."
                )
            }
            io::ErrorKind::AddrNotAvailable => {
                format!("This machine has no address {ip}. Set {variable} to one it has.")
            }
            _ => format!(
                "Port {port} on {ip} can't be opened ({error}). Set {variable} to another address."
            ),
        }
    })
}

/// Serves `app` on `listener` until `shutdown` closes, then finishes what runs.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    settings: ServeSettings,
    shutdown: Shutdown,
) {
    let places = Arc::new(Semaphore::new(settings.connections));
    let peers = Peers::default();
    let graceful = GracefulShutdown::new();

    loop {
        let accepted = tokio::select! {
            biased;
            () = shutdown.closing() => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let (stream, peer, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "no connection could be accepted");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let Some(seat) = peers.seat(peer.ip().to_canonical(), settings.per_address) else {
            counter!("coffer_shed_total", "reason" => "connections_per_address").increment(1);
            continue;
        };
        let connection = Connection { stream, peer, app: app.clone(), settings: settings.clone() };
        let watcher = graceful.watcher();
        tokio::spawn(async move {
            connection.run(watcher).await;
            drop((place, seat));
        });
    }

    drop(listener);
    let finished = tokio::time::timeout(settings.finish, graceful.shutdown()).await;
    if finished.is_err() {
        tracing::warn!("some requests did not finish in time and were dropped");
    }
}

type Accepted = (TcpStream, SocketAddr, OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> io::Result<Accepted> {
    let place = places.clone().acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, peer, place))
}

struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    settings: ServeSettings,
}

impl Connection {
    async fn run(self, watcher: Watcher) {
        let Self { stream, peer, app, settings } = self;
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            app.clone().oneshot(request.map(Body::new))
        });
        let stream = TokioIo::new(Stall::new(stream, settings.write_stall));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(settings.header_read)
            .max_buf_size(READ_BUFFER)
            .max_headers(MAX_HEADERS)
            .keep_alive(true)
            .serve_connection(stream, service);
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}

/// Open connections by address.
#[derive(Clone, Default)]
struct Peers(Arc<Mutex<HashMap<IpAddr, usize>>>);

impl Peers {
    /// A seat for `address`, or none if it has `most` already.
    fn seat(&self, address: IpAddr, most: Option<usize>) -> Option<Seat> {
        let mut seats = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = seats.entry(address).or_default();
        if most.is_some_and(|most| *taken >= most) {
            return None;
        }
        *taken += 1;
        Some(Seat { peers: self.clone(), address })
    }
}

struct Seat {
    peers: Peers,
    address: IpAddr,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.peers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = seats.get_mut(&self.address) {
            *taken -= 1;
            if *taken == 0 {
                seats.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests;
