//! The stand-in alone, for trying a client against it: `cargo run -p polar-local --example serve -- 4242`.

use std::sync::Arc;

use polar_local::{PolarLocal, Scheme, Settings};
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::args().nth(1).unwrap_or_default().parse().unwrap_or(4242);
    let webhooks = std::env::args().nth(2);
    let webhooks = webhooks.as_deref().unwrap_or("http://127.0.0.1:3000/api/auth/polar/webhooks");
    let polar = PolarLocal::new(Settings {
        base_url: format!("http://127.0.0.1:{port}/dev/polar").parse()?,
        webhook_url: webhooks.parse()?,
        webhook_secret: "whsec_Y29mZmVyLWxvY2FsLXdlYmhvb2stc2VjcmV0LTAwMDE=".to_owned(),
        scheme: Scheme::Standard,
        envelope: Some("2026-10".to_owned()),
        token: "polar_oat_local".to_owned(),
        backoff_divisor: 100,
        state_file: None,
        seed: None,
        #[expect(clippy::disallowed_methods, reason = "this program has no other clock")]
        now: Arc::new(OffsetDateTime::now_utc),
    })?;
    let stop = CancellationToken::new();
    tokio::spawn(polar.clone().run(stop.clone()));
    let app = axum::Router::new().nest("/dev/polar", polar.router());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, app).await?;
    stop.cancel();
    Ok(())
}
