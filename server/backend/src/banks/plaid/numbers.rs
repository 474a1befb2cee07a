//! Numbers of accounts: read from the answer straight into the types that cannot be printed, and wiped behind.

use std::time::Duration;

use domain::{
    AccountNumber, RoutingNumber,
    provider::{ProviderVerification, plaid_verification},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroize;

use super::{
    Plaid,
    call::{ALL, Call, PAGE},
    error::unreadable,
    ident,
};
use crate::banks::{Numbers, Trouble};

/// Plaid may ask the bank for them.
const PATIENCE: Duration = Duration::from_secs(8);

// Whoever chooses accounts waits for the accounts, and then for their numbers.
const _: () = assert!(ALL.as_secs() + PATIENCE.as_secs() < PAGE.as_secs(), "both within one page");

#[derive(Deserialize)]
struct Auth<'a> {
    accounts: Vec<Account>,
    #[serde(borrow)]
    numbers: ByScheme<'a>,
}

#[derive(Deserialize)]
struct Account {
    account_id: String,
    verification_status: Option<String>,
}

/// Numbers of the US alone: only its banks are asked.
#[derive(Deserialize)]
struct ByScheme<'a> {
    #[serde(borrow)]
    ach: Vec<Ach<'a>>,
}

#[derive(Deserialize)]
struct Ach<'a> {
    account_id: String,
    /// Borrowed, so that no copy of it stays behind.
    account: &'a str,
    routing: &'a str,
    #[serde(default)]
    is_tokenized_account_number: bool,
}

impl Plaid {
    /// The numbers of these accounts, as far as their bank gives them. Where Plaid proves an account by deposits of its
    /// own, only once it is proven; where Plaid is not sure, so that deposits of ours can be sent.
    pub(super) async fn ask_numbers(
        &self,
        token: &SecretString,
        accounts: &[String],
    ) -> Result<Vec<Numbers>, Trouble> {
        if accounts.is_empty() {
            return Ok(Vec::new());
        }
        // Without their ids: one that has no numbers, or is called otherwise by now, would be refused with all the others.
        let body = json!({ "access_token": token.expose_secret() });
        let call = Call::new("auth_get", "/auth/get", body).within(PATIENCE);
        let response = match self.ask(call).await {
            Err(trouble) if has_none(&trouble) => return Ok(Vec::new()),
            outcome => outcome?,
        };
        let mut body = response.into_body();
        let numbers = read(&body, accounts);
        body.zeroize();
        numbers.ok_or_else(|| unreadable(None))
    }
}

impl Account {
    /// Whether its numbers belong to whoever linked it; nothing where they are not to be used. Without a status they came
    /// from the bank itself. A word that Plaid did not have yet proves nothing: deposits of ours decide.
    fn is_proven(&self) -> Option<bool> {
        let status = self.verification_status.as_deref().filter(|status| !status.is_empty());
        let Some(status) = status else { return Some(true) };
        match plaid_verification(status) {
            Some(ProviderVerification::Verified) => Some(true),
            None | Some(ProviderVerification::UseDeposits) => Some(false),
            Some(_) => None,
        }
    }
}

/// Whether the bank gives nobody's numbers: its accounts are read all the same.
fn has_none(trouble: &Trouble) -> bool {
    matches!(
        &*trouble.code,
        "PRODUCTS_NOT_SUPPORTED" | "PRODUCT_NOT_ENABLED" | "ADDITIONAL_CONSENT_REQUIRED"
    )
}

fn read(body: &[u8], asked: &[String]) -> Option<Vec<Numbers>> {
    let auth: Auth<'_> = serde_json::from_slice(body).ok()?;
    let mut all = Vec::new();
    for ach in auth.numbers.ach {
        let account = ident(&ach.account_id)?;
        let owner = auth.accounts.iter().find(|known| known.account_id == account);
        let proven = owner.and_then(Account::is_proven).filter(|_| asked.contains(&account));
        let Some(is_proven) = proven else { continue };
        let routing = RoutingNumber::from_provider(ach.routing);
        let (Ok(routing), Ok(number)) = (routing, AccountNumber::parse(ach.account)) else {
            tracing::error!("a provider's numbers of an account are none, and are left out");
            continue;
        };
        if RoutingNumber::parse(routing.as_str()).is_err() {
            tracing::warn!("a provider's routing number has a prefix that is not in use");
        }
        let is_token = ach.is_tokenized_account_number;
        all.push(Numbers { account, routing, number, is_token, is_proven });
    }
    Some(all)
}
