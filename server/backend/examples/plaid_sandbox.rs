//! The whole way of a connection through Plaid's sandbox, with the code that goes to production:
//!
//! ```sh
//! PLAID_CLIENT_ID=… PLAID_SECRET=… cargo run -p backend --example plaid_sandbox
//! ```
//!
//! The keys are those of the sandbox, from the team's page at Plaid, which must also allow the redirect URI
//! `http://localhost:3000/accounts/link/return`. First Platypus Bank (`ins_109508`) is linked without Plaid's window and
//! exchanged once more, its rows are read to the end, one webhook is asked for, the login is broken and shown as such, and the connection is removed. Printed
//! are counts and kinds, never a token, a number or an amount.
//!
//! What needs a person: Plaid's window with `user_good` / `pass_good` and the code `1234`; rows that go on changing with
//! `user_transactions_dynamic`; deposits with `user_good` / `microdeposits_good`; numbers typed by hand at Houndstooth Bank
//! (`ins_109512`, 021000021 and 1111222233331111) and at Windowpane Bank (`ins_135858`, 333333334 and 1111222233330000).
//! Connections of the sandbox break by themselves after 30 days.
#![expect(clippy::print_stdout, reason = "it is run by hand")]

use std::{env, error::Error, time::Duration};

use backend::{
    Clock, Outgoing, Random,
    banks::{
        BeginLink, FinishLink, LinkStart, Plaid, PlaidServer, PlaidSettings, Provider, Purpose,
        Readiness, TroubleKind,
    },
};
use domain::{ConnectionId, UserId};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use url::Url;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// How often a new connection is asked whether its rows are there.
const TRIES: u32 = 12;
/// Between two of them.
const PAUSE: Duration = Duration::from_secs(5);

struct Sandbox {
    plaid: Plaid,
    settings: PlaidSettings,
    outgoing: Outgoing,
}

#[tokio::main]
async fn main() -> Outcome {
    let sandbox = Sandbox::new()?;
    let user = UserId::new("somebody-in-the-sandbox");
    sandbox.begin(&user, &Purpose::New, None).await?;

    let public_token = sandbox.public_token().await?;
    let purpose = Purpose::New;
    let ask =
        FinishLink { user: &user, purpose: &purpose, token: None, public_token: &public_token };
    let connection = sandbox.plaid.finish_link(ask).await?;
    println!("linked {}: {} accounts", connection.institution_name, connection.accounts.len());

    // What an exchange answers whose first answer was lost: Plaid does not say.
    let ask =
        FinishLink { user: &user, purpose: &purpose, token: None, public_token: &public_token };
    match sandbox.plaid.finish_link(ask).await {
        Ok(again) => println!(
            "exchanged twice: the same item {}, the same token {}",
            again.item_id == connection.item_id,
            again.token.expose_secret() == connection.token.expose_secret()
        ),
        Err(failed) => println!("exchanged twice: refused ({failed})"),
    }

    // Whatever happens on the way: nothing stays at Plaid.
    let walked = sandbox.walk(&user, &connection.token).await;
    sandbox.plaid.remove(&connection.token).await?;
    sandbox.plaid.remove(&connection.token).await?;
    println!("removed, twice");
    walked
}

impl Sandbox {
    fn new() -> Outcome<Self> {
        let settings = PlaidSettings {
            server: PlaidServer::Sandbox,
            api: "https://sandbox.plaid.com".parse()?,
            client_id: variable("PLAID_CLIENT_ID")?,
            secret: SecretString::from(variable("PLAID_SECRET")?),
        };
        let (clock, random) = (Clock::system(), Random::system());
        let outgoing = Outgoing::new(&clock, &random, [])?;
        let app_url: Url = "https://coffer.invalid".parse()?;
        let plaid = Plaid::new(settings.clone(), &app_url, &outgoing, &clock, &random);
        Ok(Self { plaid, settings, outgoing })
    }

    async fn walk(&self, user: &UserId, token: &SecretString) -> Outcome {
        let accounts = self.plaid.accounts(token).await?;
        println!("balances of {} accounts", accounts.len());
        let ids: Vec<String> = accounts.into_iter().map(|account| account.id).collect();
        println!("numbers of {} accounts", self.plaid.numbers(token, &ids).await?.len());

        self.read_rows(token).await?;
        let fired = json!({
            "access_token": token.expose_secret(),
            "webhook_type": "TRANSACTIONS",
            "webhook_code": "SYNC_UPDATES_AVAILABLE",
        });
        self.post("/sandbox/item/fire_webhook", &fired).await?;
        println!("asked for a webhook");

        let reset = json!({ "access_token": token.expose_secret() });
        self.post("/sandbox/item/reset_login", &reset).await?;
        let trouble = self.plaid.accounts(token).await.err();
        let kind = trouble.map(|trouble| trouble.kind);
        println!("after the login was broken: {}", kind.map_or("no trouble", TroubleKind::as_str));
        self.begin(user, &Purpose::Repair(ConnectionId::new("a-connection")), Some(token)).await
    }

    /// Every page, from the first; the bank needs a moment for them.
    async fn read_rows(&self, token: &SecretString) -> Outcome {
        for _ in 0..TRIES {
            let (mut cursor, mut rows, mut pages) = (None, 0, 0);
            let readiness = loop {
                let page = self.plaid.sync(token, cursor.as_deref(), 500).await?;
                rows += page.added.len();
                pages += 1;
                cursor = Some(page.next_cursor);
                if !page.has_more {
                    break page.readiness;
                }
            };
            println!("{rows} rows on {pages} pages: {readiness:?}");
            if readiness == Readiness::Historical {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err("the rows were not all there in time".into())
    }

    async fn begin(
        &self,
        user: &UserId,
        purpose: &Purpose,
        token: Option<&SecretString>,
    ) -> Outcome {
        let return_url: Url = "http://localhost:3000/accounts/link/return".parse()?;
        let institution = None;
        let ask =
            BeginLink { user, purpose, token, institution, return_url: &return_url, state: "" };
        let LinkStart::Script { expires_at, .. } = self.plaid.begin_link(ask).await? else {
            return Err("Plaid has a script".into());
        };
        println!("a token for the window, until {expires_at}");
        Ok(())
    }

    /// What the window would have brought back.
    async fn public_token(&self) -> Outcome<SecretString> {
        let body = json!({
            "institution_id": "ins_109508",
            "initial_products": ["transactions", "auth"],
            "options": { "transactions": { "days_requested": 730 } },
        });
        let answer = self.post("/sandbox/public_token/create", &body).await?;
        let token = answer["public_token"].as_str().ok_or("no token")?;
        Ok(SecretString::from(token))
    }

    /// A call of the sandbox alone, which the program itself never makes.
    async fn post(&self, path: &str, body: &Value) -> Outcome<Value> {
        let request = http::Request::post(self.settings.api.join(path)?.as_str())
            .header("content-type", "application/json")
            .header("plaid-client-id", &self.settings.client_id)
            .header("plaid-secret", self.settings.secret.expose_secret())
            .body(body.to_string().into_bytes())?;
        let answer = self.outgoing.send(request).await?;
        let value: Value = serde_json::from_slice(answer.body())?;
        if answer.status().is_success() {
            Ok(value)
        } else {
            Err(format!("{path}: {}", value["error_code"]).into())
        }
    }
}

fn variable(name: &str) -> Outcome<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "an example has no configuration to read it from"
    )]
    let value = env::var(name);
    value.map_err(|_| format!("Set {name} to the sandbox's.").into())
}
