//! Linking and repairing: the token for Plaid's script, and what the script brings back.

use domain::UserId;
use metrics::counter;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use url::Url;

use super::{
    Plaid,
    accounts::Accounts,
    call::Call,
    error::{ErrorBody, Failed, trouble, unreadable},
    ident,
};
use crate::banks::{
    BeginLink, FailedLink, FinishLink, LinkStart, NewConnection, ProviderAccount, Purpose, Trouble,
    TroubleKind,
};

/// Our name in Plaid's window, which shows at most 30 characters.
const NAME: &str = "Coffer";
/// How far back rows are asked for. It cannot be raised later.
const DAYS: u32 = 730;

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
    pub(super) async fn finish(&self, ask: FinishLink<'_>) -> Result<NewConnection, FailedLink> {
        match ask.purpose {
            Purpose::New => self.link(ask.user, ask.public_token).await,
            // The token stays the same, so there is nothing to exchange.
            Purpose::Repair(_) => {
                let token = ask.token.ok_or_else(no_token)?;
                Ok(self.look(token).await?)
            }
        }
    }

    async fn link(
        &self,
        user: &UserId,
        public: &SecretString,
    ) -> Result<NewConnection, FailedLink> {
        let exchanged = self.exchange(user, public).await?;
        let token = SecretString::from(exchanged.access_token);
        let looked = self.look(&token).await.and_then(|connection| {
            let same = connection.item_id == exchanged.item_id;
            if same { Ok(connection) } else { Err(unreadable(None)) }
        });
        looked.map_err(|trouble| FailedLink { trouble, stray: Some(token) })
    }

    /// Spends the one-time token. It names one connection, so a second exchange makes no other: where the answer to the
    /// first was lost, it is asked for once more. Plaid does not promise that it is given again.
    async fn exchange(&self, user: &UserId, public: &SecretString) -> Result<Exchanged, Trouble> {
        let body = json!({ "public_token": public.expose_secret() });
        let call = Call::new("public_token_exchange", "/item/public_token/exchange", body);
        let outcome = self.try_to_ask(call.at_most(2)).await.and_then(|response| {
            serde_json::from_slice(response.body()).map_err(|_| Failed::unreadable())
        });
        outcome.map_err(|failed: Failed| {
            if failed.may_be_done {
                let trouble = &failed.trouble;
                tracing::error!(user.id = %user, %trouble, "Plaid may have a connection that nobody has");
                counter!("coffer_plaid_exchanges_lost_total").increment(1);
            }
            failed.trouble
        })
    }

    async fn look(&self, token: &SecretString) -> Result<NewConnection, Trouble> {
        let response = self.ask(accounts_of(token)).await?;
        let accounts = accounts_in(response.body())?;
        if let Some(error) = &accounts.item.error {
            return Err(error.trouble());
        }
        let (institution_id, institution_name) = accounts.item.institution();
        Ok(NewConnection {
            item_id: ident(&accounts.item.id).ok_or_else(|| unreadable(None))?,
            token: token.clone(),
            institution_id,
            institution_name,
            accounts: accounts.read().ok_or_else(|| unreadable(None))?,
        })
    }

    /// The accounts with their balances, both as of the last time that Plaid read the bank: of one moment with the rows,
    /// without a price, and without a bank that lets people wait. A connection that wants its customer says so.
    pub(super) async fn ask_accounts(
        &self,
        token: &SecretString,
    ) -> Result<Vec<ProviderAccount>, Trouble> {
        let response = self.ask(accounts_of(token)).await?;
        let accounts = accounts_in(response.body())?;
        let trouble = accounts.item.error.as_ref().map(ErrorBody::trouble);
        match trouble.filter(needs_somebody) {
            Some(trouble) => Err(trouble),
            None => accounts.read().ok_or_else(|| unreadable(None)),
        }
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

fn accounts_of(token: &SecretString) -> Call {
    let body = json!({ "access_token": token.expose_secret() });
    Call::new("accounts_get", "/accounts/get", body)
}

fn accounts_in(body: &[u8]) -> Result<Accounts<'_>, Trouble> {
    serde_json::from_slice(body).map_err(|_| unreadable(None))
}

/// What every answer would end with from now on.
fn needs_somebody(trouble: &Trouble) -> bool {
    matches!(trouble.kind, TroubleKind::NeedsLogin | TroubleKind::NeedsConsent | TroubleKind::Gone)
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
