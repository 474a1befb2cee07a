//! A provider that says what a test wrote down.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use domain::{AccountNumber, AccountType, Currency, RoutingNumber, provider::ProviderVerification};
use http::HeaderMap;
use secrecy::SecretString;
use time::{OffsetDateTime, macros::date};

use super::*;
use crate::{
    Banks,
    banks::{
        BankEvent, BeginLink, Capabilities, DepositStatus, Deposits, FailedLink, FinishLink,
        LinkStart, NewConnection, Numbers, Provider, ProviderAccount, ProviderRow, Readiness,
        StartDeposits, SyncPage, TroubleKind,
    },
};

/// Runs of pages, one after the other; a run begins where the last ended.
#[derive(Default)]
pub(super) struct Script {
    pages: HashMap<Option<String>, SyncPage>,
    runs: usize,
    balance: Option<i64>,
    verification: Option<ProviderVerification>,
    /// How often it was linked: each time under a new id.
    links: u32,
    /// The number of the account, where the bank gives it.
    number: Option<&'static str>,
    /// What the bank calls the account now, and the id that stays, where it has one.
    ids: Option<(&'static str, Option<&'static str>)>,
}

/// A provider in the place of Plaid.
#[derive(Clone, Default)]
pub(super) struct Scripted(Arc<Mutex<Script>>);

pub(super) const ACCOUNT: &str = "acc-1";

/// A booked row of the only account.
pub(super) fn booked(id: &str, date: Date, minor: i64, description: &str) -> ProviderRow {
    ProviderRow {
        id: id.to_owned(),
        pending_id: None,
        account: ACCOUNT.to_owned(),
        date,
        authorized_date: None,
        minor,
        currency: Ok(Currency::USD),
        description: description.to_owned(),
        merchant: None,
        city: None,
        category: None,
        provider_category: None,
        is_transfer: false,
        pending: false,
    }
}

/// The same, not booked yet.
pub(super) fn pending(id: &str, date: Date, minor: i64, description: &str) -> ProviderRow {
    ProviderRow { pending: true, ..booked(id, date, minor, description) }
}

/// A page of changes; where it leads is set by the script.
pub(super) fn page(
    added: Vec<ProviderRow>,
    modified: Vec<ProviderRow>,
    removed: &[&str],
) -> SyncPage {
    SyncPage {
        added,
        modified,
        removed: removed.iter().map(|id| (*id).to_owned()).collect(),
        next_cursor: String::new(),
        has_more: false,
        readiness: Readiness::Historical,
    }
}

impl Scripted {
    /// Adds a run of pages.
    pub fn then(&self, pages: Vec<SyncPage>) {
        let mut script = self.0.lock().unwrap();
        let run = script.runs;
        script.runs += 1;
        let last = pages.len() - 1;
        let mut cursor = (run > 0).then(|| format!("c{run}"));
        for (n, page) in pages.into_iter().enumerate() {
            let has_more = n < last;
            let next = if has_more { format!("c{run}p{n}") } else { format!("c{}", run + 1) };
            let page = SyncPage { next_cursor: next.clone(), has_more, ..page };
            script.pages.insert(cursor.replace(next), page);
        }
    }

    /// What the bank says the account holds.
    pub fn holds(&self, minor: i64) {
        self.0.lock().unwrap().balance = Some(minor);
    }

    /// How far the provider's own proof of the account is.
    pub fn proves(&self, proof: Option<ProviderVerification>) {
        self.0.lock().unwrap().verification = proof;
    }

    /// Which number the account has.
    pub fn numbered(&self, number: &'static str) {
        self.0.lock().unwrap().number = Some(number);
    }

    /// What the bank calls the account from now on.
    pub fn calls_it(&self, id: &'static str, lasting: Option<&'static str>) {
        self.0.lock().unwrap().ids = Some((id, lasting));
    }

    /// A backend that asks this provider, beside the built-in bank.
    pub fn behind(&self, backend: &Backend) -> Backend {
        let banks = Banks::new(backend.banks.simbank().cloned(), Some(Arc::new(self.clone())));
        Backend { banks, ..backend.clone() }
    }

    /// Links the only account of this provider; nothing is read yet.
    pub async fn link(&self, backend: &Backend, who: &SignedIn) -> ConnectionId {
        let ask = BeginAsk {
            provider: ProviderKind::Plaid,
            purpose: Purpose::New,
            institution: None,
            return_url: &return_url(),
        };
        let begun = begin_link(backend, who, &ask).await.unwrap();
        let public_token = SecretString::from("public");
        let ask = FinishAsk { state: &begun.state, public_token: &public_token, hint: None };
        let connection = linked(finish_link(backend, who, &ask).await.unwrap());
        choose_all(backend, who, &connection).await;
        connection
    }
}

fn never() -> Trouble {
    Trouble {
        kind: TroubleKind::BadRequest,
        code: "NOT_IN_THE_SCRIPT".to_owned(),
        request_id: "none".to_owned(),
    }
}

#[async_trait]
impl Provider for Scripted {
    fn kind(&self) -> ProviderKind {
        ProviderKind::Plaid
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            instant: true,
            micro_deposits: false,
            transactions: true,
            pending: true,
            balances: true,
            recurring: false,
        }
    }

    async fn begin_link(&self, _: BeginLink<'_>) -> Result<LinkStart, Trouble> {
        Ok(LinkStart::Script { token: "link".into(), expires_at: OffsetDateTime::UNIX_EPOCH })
    }

    async fn finish_link(&self, ask: FinishLink<'_>) -> Result<NewConnection, FailedLink> {
        let mut script = self.0.lock().unwrap();
        script.links += 1;
        Ok(NewConnection {
            item_id: format!("item-{}-of-{}", script.links, ask.user),
            token: format!("access-of-{}", ask.user).into(),
            institution_id: "ins_1".to_owned(),
            institution_name: "Scripted Bank".to_owned(),
            accounts: Vec::new(),
        })
    }

    async fn accounts(&self, _: &SecretString) -> Result<Vec<ProviderAccount>, Trouble> {
        let script = self.0.lock().unwrap();
        let (id, lasting) = script.ids.unwrap_or((ACCOUNT, Some("per-1")));
        Ok(vec![ProviderAccount {
            id: id.to_owned(),
            persistent_id: lasting.map(str::to_owned),
            name: "Checking".to_owned(),
            account_type: AccountType::Checking,
            mask: Some("0001".to_owned()),
            currency: Currency::USD,
            balance_minor: script.balance,
            available_minor: None,
            verification: script.verification,
        }])
    }

    async fn numbers(&self, _: &SecretString, of: &[String]) -> Result<Vec<Numbers>, Trouble> {
        let script = self.0.lock().unwrap();
        let Some(number) = script.number else { return Ok(Vec::new()) };
        let numbers = of.iter().map(|account| Numbers {
            account: account.clone(),
            // A prefix that no bank has, as in Plaid's sandbox.
            routing: RoutingNumber::from_provider("333333334").unwrap(),
            number: AccountNumber::parse(number).unwrap(),
            is_token: false,
            is_proven: matches!(script.verification, None | Some(ProviderVerification::Verified)),
        });
        Ok(numbers.collect())
    }

    async fn sync(
        &self,
        _: &SecretString,
        cursor: Option<&str>,
        _: u32,
    ) -> Result<SyncPage, Trouble> {
        let key = cursor.map(str::to_owned);
        let script = self.0.lock().unwrap();
        let nothing = || SyncPage {
            next_cursor: cursor.unwrap_or("c0").to_owned(),
            ..page(Vec::new(), Vec::new(), &[])
        };
        Ok(script.pages.get(&key).cloned().unwrap_or_else(nothing))
    }

    async fn start_deposits(&self, _: StartDeposits<'_>) -> Result<Deposits, Trouble> {
        Err(never())
    }

    async fn check_deposits(&self, _: &str) -> Result<DepositStatus, Trouble> {
        Err(never())
    }

    async fn parse_webhook(&self, _: &HeaderMap, _: &[u8]) -> Result<BankEvent, Trouble> {
        Err(never())
    }

    async fn remove(&self, _: &SecretString) -> Result<(), Trouble> {
        Ok(())
    }
}

/// A world with a scripted bank that Alice has linked.
pub(super) async fn scripted(db: crate::testing::TestDb) -> (World, Scripted, ConnectionId) {
    let bank = Scripted::default();
    let mut w = World::new(db).await;
    w.backend = bank.behind(&w.backend);
    let connection = bank.link(&w.backend, &w.alice).await;
    (w, bank, connection)
}

/// Lets the bank say one thing, and reads it.
pub(super) async fn tell(w: &World, bank: &Scripted, connection: &ConnectionId, page: SyncPage) {
    bank.then(vec![page]);
    let view = read(&w.backend, &w.alice, connection).await;
    assert_eq!(view.problem, None, "{view:?}");
}

pub(super) const MAY_4: Date = date!(2026 - 05 - 04);
