//! A connection by way of Plaid: recorded answers over real HTTP, from the link to its end.

mod heard;
mod link;
mod read;

use std::sync::LazyLock;

use domain::{connection::BankProblem, provider::TroubleKind, states::connection::ConnectionState};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{
    testing::{begin_at_plaid, choose_at_plaid, link_at_plaid},
    *,
};
use crate::{
    banks::plaid::testing::{
        ACCESS_TOKEN, ITEM, JSON, PlaidStandIn, SECRET, recorded_plaid, webhook_headers, with_plaid,
    },
    both_engines,
};

const SYNC: &str = "POST /transactions/sync";
const REMOVE: &str = "POST /item/remove";
const EXCHANGE: &str = "POST /item/public_token/exchange";

/// The rows of the recorded checking account, in our sign.
const GROCERIES: (&str, i64) = ("tGroc1pQ2mXeRwZ4tNbYg9LvJdSfU1oAiTk01", -7_210);
const SALARY: (&str, i64) = ("tPay01pQ2mXeRwZ4tNbYg9LvJdSfU1oAiTk02", 207_850);
const TRANSFER: (&str, i64) = ("tXfer1pQ2mXeRwZ4tNbYg9LvJdSfU1oAiTk03", -50_000);

async fn world(db: crate::testing::TestDb) -> (World, PlaidStandIn) {
    let stand_in = PlaidStandIn::start().await;
    let mut w = World::new(db).await;
    w.backend = with_plaid(w.backend.clone(), &stand_in);
    (w, stand_in)
}

/// A world with a connection that was read once.
async fn healthy(db: crate::testing::TestDb) -> (World, PlaidStandIn, ConnectionId) {
    let (w, stand_in) = world(db).await;
    let connection = choose_at_plaid(&w.backend, &w.alice).await;
    run(&w.backend).await;
    assert_eq!(view(&w, &connection).await.problem, None);
    (w, stand_in, connection)
}

/// Ids and amounts of everything that was read.
async fn amounts(w: &World) -> BTreeMap<String, i64> {
    let rows = live(&w.backend, &w.alice).await.into_iter();
    rows.filter_map(|line| Some((line.provider_id?, line.minor))).collect()
}

/// The cursors that pages were asked for with: null is the beginning.
fn cursors(stand_in: &PlaidStandIn) -> Vec<Value> {
    let asked = stand_in.asked().into_iter().filter(|asked| asked.what == SYNC);
    asked.map(|asked| asked.body["cursor"].clone()).collect()
}

fn last_of(stand_in: &PlaidStandIn, what: &str) -> Value {
    let asked = stand_in.asked().into_iter().rfind(|asked| asked.what == what);
    asked.unwrap_or_else(|| panic!("nobody asked {what}")).body
}

/// The next link makes an item of its own, at the same bank.
fn another_item(stand_in: &PlaidStandIn) {
    for (path, body) in [
        ("/item/public_token/exchange", recorded_plaid!("calls/public_token_exchange")),
        ("/accounts/get", recorded_plaid!("calls/accounts_get")),
    ] {
        stand_in.refuse(path, 200, body.replace(ITEM, "aNoTheRpR2mXeHwZ4tNbYc9LgJdSfU1oAiTk3"));
    }
}

/// What Plaid's window gives to the browser.
fn brought(begun: &Begun) -> FinishAsk<'_> {
    static TOKEN: LazyLock<SecretString> = LazyLock::new(|| "public-sandbox-b0e2c4ee".into());
    FinishAsk { state: &begun.state, public_token: &TOKEN, hint: None }
}

fn count_of(stand_in: &PlaidStandIn, what: &str) -> usize {
    stand_in.calls().iter().filter(|call| *call == what).count()
}

/// A webhook as it comes in: signed, believed, kept, applied.
async fn hear(w: &World, body: &str) {
    let plaid = w.backend.banks.provider(ProviderKind::Plaid).unwrap();
    let headers = webhook_headers(body.as_bytes(), w.backend.clock.now());
    let event = plaid.parse_webhook(&headers, body.as_bytes()).await.unwrap();
    receive(&w.backend, ProviderKind::Plaid, &event, body.as_bytes()).await.unwrap();
    run(&w.backend).await;
}
