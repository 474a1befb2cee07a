//! The lifecycles: what is told, and in which order.

mod buying;
mod changing;
mod ending;
mod renewing;

use crate::{json::Json, testing::Bench};

const PAID: [&str; 2] = ["order.updated paid", "order.paid paid"];
const STATE: &str = "customer.state_changed";

async fn sub(bench: &Bench, id: &str) -> Json {
    bench.json("GET", &format!("/v1/subscriptions/{id}"), "").await
}

async fn patch(bench: &Bench, id: &str, body: &str) -> Json {
    bench.json("PATCH", &format!("/v1/subscriptions/{id}"), body).await
}
