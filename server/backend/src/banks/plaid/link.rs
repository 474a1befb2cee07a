//! Linking and repairing: the token for Plaid's script, and what the script brings back.

use std::time::Duration;

use domain::UserId;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use url::Url;

use super::{
    Plaid,
    accounts::Accounts,
    call::Call,
    error::{trouble, unreadable},
    ident,
};
use crate::banks::{
    BeginLink, FinishLink, LinkStart, NewConnection, ProviderAccount, Purpose, Trouble, TroubleKind,
};

/// Our name in Plaid's window, which shows at most 30 characters.
const NAME: &str = "Coffer";
/// How far back rows are asked for. It cannot be raised later.
const DAYS: u32 = 730;
/// Plaid asks the bank while we wait, and gives up before this.
const LIVE: Duration = Duration::from_secs(35);
/// An older balance is none.
const OLDEST_BALANCE: time::Duration = time::Duration::days(30);

const _: () = assert!(NAME.len() <= 30, "Plaid shows a longer name as \"This Application\"");

#[derive(Deserialize)]
struct LinkToken {
    link_token: String,
    expiration: String,
}

#[derive(Deserialize)]
struct Exchanged {
    access_token: String,
    item_id: String,
}

impl Plaid {
    /// A token for Plaid's script: four hours for a new connection, half an hour for one that is repaired.
    pub(super) async fn begin(&self, ask: BeginLink<'_>) -> Result<LinkStart, Trouble> {
        let mut body = json!({
            "client_name": NAME,
            "user": { "client_user_id": ask.user },
            "country_codes": ["US"],
            "language": "en",
            "redirect_uri": redirect_uri(ask.return_url).as_str(),
        });
        match ask.purpose {
            Purpose::New => self.ask_for_rows(&mut body),
            Purpose::Repair(_) => {
                let token = ask.token.ok_or_else(no_token)?;
                body["access_token"] = json!(token.expose_secret());
                // Whoever comes back may also choose accounts that they did not share before.
                body["update"] = json!({ "account_selection_enabled": true });
            }
        }
        let response = self.ask(Call::new("link_token_create", "/link/token/create", body)).await?;
        let link: LinkToken =
            serde_json::from_slice(response.body()).map_err(|_| unreadable(None))?;
        let expires_at = OffsetDateTime::parse(&link.expiration, &Rfc3339);
        Ok(LinkStart::Script {
            token: SecretString::from(link.link_token),
            expires_at: expires_at.map_err(|_| unreadable(None))?,
        })
    }

    /// What only a new connection asks for.
    fn ask_for_rows(&self, body: &mut Value) {
        body["products"] = json!(["transactions"]);
        body["required_if_supported_products"] = json!(["auth"]);
        body["transactions"] = json!({ "days_requested": DAYS });
        if let Some(webhook) = &self.webhook {
            body["webhook"] = json!(webhook.as_str());
        }
    }

    /// The connection: a new one for the one-time token, or the repaired one as it is now.
    pub(super) async fn finish(&self, ask: FinishLink<'_>) -> Result<NewConnection, Trouble> {
        match ask.purpose {
            Purpose::New => self.link(ask.user, ask.public_token).await,
            // The token stays the same, so there is nothing to exchange.
            Purpose::Repair(_) => self.look(ask.token.ok_or_else(no_token)?).await,
        }
    }

    async fn link(&self, user: &UserId, public: &SecretString) -> Result<NewConnection, Trouble> {
        let body = json!({ "public_token": public.expose_secret() });
        let call = Call::new("public_token_exchange", "/item/public_token/exchange", body).once();
        let response = self.ask(call).await?;
        let exchanged: Exchanged =
            serde_json::from_slice(response.body()).map_err(|_| unreadable(None))?;
        let token = SecretString::from(exchanged.access_token);
        let looked = self.look(&token).await;
        let looked = looked.and_then(|connection| {
            let same = connection.item_id == exchanged.item_id;
            if same { Ok(connection) } else { Err(unreadable(None)) }
        });
        if looked.is_err() {
            // Nobody will ever know this token again, and Plaid would go on asking money for it.
            if let Err(trouble) = self.end(&token).await {
                tracing::error!(user.id = %user, %trouble, "a connection that nobody has stays at Plaid");
            }
        }
        looked
    }

    async fn look(&self, token: &SecretString) -> Result<NewConnection, Trouble> {
        let body = json!({ "access_token": token.expose_secret() });
        let response = self.ask(Call::new("accounts_get", "/accounts/get", body)).await?;
        let accounts = accounts_in(response.body())?;
        if let Some(error) = &accounts.item.error {
            return Err(error.trouble());
        }
        let (institution_id, institution_name) = accounts.item.institution();
        Ok(NewConnection {
            item_id: ident(&accounts.item.item_id).ok_or_else(|| unreadable(None))?,
            token: token.clone(),
            institution_id,
            institution_name,
            accounts: accounts.read().ok_or_else(|| unreadable(None))?,
        })
    }

    /// The accounts with their balances at this moment; where the bank or our contract with Plaid does not give those,
    /// with the balances of the last time that rows were read.
    pub(super) async fn ask_accounts(
        &self,
        token: &SecretString,
    ) -> Result<Vec<ProviderAccount>, Trouble> {
        let token = token.expose_secret();
        let body = json!({
            "access_token": token,
            "options": { "min_last_updated_datetime": self.oldest_balance() },
        });
        let live = Call::new("balance_get", "/accounts/balance/get", body);
        let response = match self.ask(live.within(LIVE).once()).await {
            Err(trouble) if is_about_balances(&trouble) => {
                tracing::info!(%trouble, "a bank does not say what its accounts hold now");
                let body = json!({ "access_token": token });
                self.ask(Call::new("accounts_get", "/accounts/get", body)).await?
            }
            outcome => outcome?,
        };
        accounts_in(response.body())?.read().ok_or_else(|| unreadable(None))
    }

    /// One bank has no balances of this moment, and wants to hear how old they may be.
    fn oldest_balance(&self) -> Option<String> {
        let at = (self.clock.now() - OLDEST_BALANCE).replace_nanosecond(0).ok()?;
        at.format(&Rfc3339).ok()
    }

    /// Ends access. One that has ended already is ended.
    pub(super) async fn end(&self, token: &SecretString) -> Result<(), Trouble> {
        let body = json!({ "access_token": token.expose_secret() });
        match self.ask(Call::new("item_remove", "/item/remove", body)).await {
            Err(trouble) if trouble.kind != TroubleKind::Gone => Err(trouble),
            _ => Ok(()),
        }
    }
}

fn accounts_in(body: &[u8]) -> Result<Accounts<'_>, Trouble> {
    serde_json::from_slice(body).map_err(|_| unreadable(None))
}

/// Whether other questions about the same connection may be answered.
fn is_about_balances(trouble: &Trouble) -> bool {
    match trouble.kind {
        TroubleKind::InstitutionDown | TroubleKind::NotReady | TroubleKind::RateLimited(_) => true,
        TroubleKind::BadRequest => matches!(
            &*trouble.code,
            "INVALID_PRODUCT"
                | "PRODUCTS_NOT_SUPPORTED"
                | "PRODUCT_NOT_ENABLED"
                | "ADDITIONAL_CONSENT_REQUIRED"
                | "LAST_UPDATED_DATETIME_OUT_OF_RANGE"
        ),
        _ => false,
    }
}

/// Plaid compares it with a list that an operator keeps there, and takes none with a question mark.
fn redirect_uri(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url
}

fn no_token() -> Trouble {
    trouble(TroubleKind::BadRequest, "NO_TOKEN", None)
}
