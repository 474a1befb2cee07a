//! The bank behind the trait.

use async_trait::async_trait;
use domain::{AccountNumber, Currency, RoutingNumber};
use http::HeaderMap;
use secrecy::SecretString;

use super::{
    Fault, Simbank, bulk,
    cursor::{Cursor, Mark},
    dice::{self, Dice},
    institutions::{self, EXPIRED, FLAKY, SimAccount},
    ledger::{Change, Ledger},
    logins::Login,
};
use crate::{
    Error,
    banks::{
        BankEvent, BeginLink, Capabilities, DepositStatus, Deposits, FailedLink, FinishLink,
        LinkStart, NewConnection, Numbers, Provider, ProviderAccount, ProviderKind, ProviderRow,
        Purpose, Readiness, StartDeposits, SyncPage, Trouble, TroubleKind,
    },
    error::chain,
};

/// The stream of chance that account numbers come from.
const NUMBERS: u64 = 500;
/// What all of its account numbers begin with. The journeys look for it in everything that the program says.
const NUMBER_PREFIX: &str = "9055";

impl Simbank {
    fn trouble(&self, kind: TroubleKind, code: &str) -> Trouble {
        Trouble { kind, code: code.to_owned(), request_id: self.random.alphanumeric(12) }
    }

    /// Our database is this bank's machine room.
    fn out_of_order(&self, error: &Error) -> Trouble {
        tracing::warn!(error = chain(error), "the built-in bank could not reach its memory");
        self.trouble(TroubleKind::InstitutionDown, "MEMORY")
    }

    /// The login behind a token, if it may be read.
    async fn readable(&self, token: &SecretString) -> Result<Login, Trouble> {
        let login = self.login_of(token).await.map_err(|error| self.out_of_order(&error))?;
        let login = login.ok_or_else(|| self.trouble(TroubleKind::Gone, "LOGIN_UNKNOWN"))?;
        match login.fault() {
            Some(Fault::Login) => Err(self.trouble(TroubleKind::NeedsLogin, "LOGIN_REQUIRED")),
            Some(Fault::Revoked) => Err(self.trouble(TroubleKind::Gone, "PERMISSION_REVOKED")),
            Some(Fault::Down) => Err(self.trouble(TroubleKind::InstitutionDown, "DOWN")),
            _ => Ok(login),
        }
    }

    /// The first call of a run: some banks fail there.
    async fn begin_run(&self, login: &Login) -> Result<(), Trouble> {
        let out_of_order = |error: Error| self.out_of_order(&error);
        if login.institution == EXPIRED && login.syncs == 1 {
            self.set_fault(&login.item_id, Some(Fault::Login)).await.map_err(out_of_order)?;
            return Err(self.trouble(TroubleKind::NeedsLogin, "LOGIN_REQUIRED"));
        }
        let run = self.count_run(&login.item_id).await.map_err(out_of_order)?;
        if login.institution == FLAKY && run % 3 == 0 {
            return Err(self.trouble(TroubleKind::InstitutionDown, "DOWN"));
        }
        Ok(())
    }

    /// A page within a run, where the list may have changed meanwhile.
    async fn go_on(&self, login: &Login) -> Result<(), Trouble> {
        let Some(Fault::Changing(left)) = login.fault() else { return Ok(()) };
        let rest = left.checked_sub(1).filter(|left| *left > 0).map(Fault::Changing);
        let noted = self.set_fault(&login.item_id, rest).await;
        noted.map_err(|error| self.out_of_order(&error))?;
        Err(self.trouble(TroubleKind::Changed, "CHANGED_WHILE_READ"))
    }

    async fn read_page(
        &self,
        login: &Login,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<SyncPage, Trouble> {
        let extras = login.extras().map_err(|error| self.out_of_order(&error))?;
        let today = self.today().await.map_err(|error| self.out_of_order(&error))?;
        let now = Mark { day: today, extras: extras.len() };
        let foreign = |_| self.trouble(TroubleKind::BadRequest, "CURSOR_INVALID");
        let at = cursor.map(|text| text.parse::<Cursor>().map_err(foreign)).transpose()?;
        let (from, to, offset) = match at {
            None => (None, now, 0),
            Some(Cursor::Whole(mark)) => (Some(mark), now, 0),
            Some(Cursor::Within { from, to, offset }) => (from, to, offset),
        };
        if matches!(at, Some(Cursor::Within { .. })) {
            self.go_on(login).await?;
        } else {
            self.begin_run(login).await?;
        }
        let account_id = |key: &str| account_id(login, key);
        let ledger = ledger(login, &extras, &account_id);
        // A list that is to change while it is read needs more than one page.
        let changing = matches!(login.fault(), Some(Fault::Changing(_)));
        let limit = if changing { limit.min(10) } else { limit };
        let part = ledger.part(from, to, offset, usize::try_from(limit).unwrap_or(usize::MAX));
        let mut page = SyncPage {
            added: Vec::new(),
            modified: Vec::new(),
            removed: Vec::new(),
            next_cursor: part.next.to_string(),
            has_more: part.has_more,
            readiness: Readiness::Historical,
        };
        for change in part.changes {
            match change {
                Change::Added(row) => page.added.push(row),
                Change::Modified(row) => page.modified.push(row),
                Change::Removed(id) => page.removed.push(id),
            }
        }
        Ok(page)
    }
}

/// The lies that somebody switched on.
fn lie(fault: Option<Fault>, page: &mut SyncPage) {
    match fault {
        Some(Fault::NotReady) => {
            *page = SyncPage {
                added: Vec::new(),
                modified: Vec::new(),
                removed: Vec::new(),
                next_cursor: String::new(),
                has_more: false,
                readiness: Readiness::NotReady,
            };
        }
        Some(Fault::Repeated) => {
            let twice = page.added.first().cloned();
            page.added.extend(twice.map(|row| ProviderRow { minor: row.minor - 1, ..row }));
        }
        Some(Fault::Endless) => page.has_more = true,
        Some(Fault::Nonsense) => {
            if let Some(row) = page.added.first_mut() {
                (row.minor, row.description) = (i64::MIN, "\0".to_owned());
            }
        }
        _ => {}
    }
}

fn ledger<'a>(
    login: &'a Login,
    extras: &'a [super::ExtraRow],
    account_id: &'a dyn Fn(&str) -> String,
) -> Ledger<'a> {
    Ledger {
        seed: dice::seed(&[&login.seed, &login.institution, &login.name]),
        institution: &login.institution,
        accounts: institutions::accounts(&login.institution, &login.name),
        since: bulk::first_day(login.opened_on),
        extras,
        account_id,
    }
}

/// The provider's id of an account: another with each link.
pub(super) fn account_id(login: &Login, key: &str) -> String {
    format!("acc-{}", dice::name(&[&login.item_id, key]))
}

/// What stays the same with each link. `per-` tells an invented account from a real one, for as long as it is kept.
fn persistent_id(login: &Login, key: &str) -> String {
    format!("per-{}", dice::name(&[&login.seed, &login.institution, &login.name, key]))
}

/// The twelve digits of an account's number: by the first four, a number that stands where none may can be told.
fn number(login: &Login, account: &SimAccount) -> String {
    let seed = dice::seed(&[&login.seed, &login.institution, &login.name, account.key]);
    NUMBER_PREFIX.to_owned() + &Dice::timeless(seed, NUMBERS).digits(12)[NUMBER_PREFIX.len()..]
}

#[async_trait]
impl Provider for Simbank {
    fn kind(&self) -> ProviderKind {
        ProviderKind::Simbank
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            instant: true,
            micro_deposits: true,
            transactions: true,
            pending: true,
            balances: true,
            recurring: false,
        }
    }

    async fn begin_link(&self, ask: BeginLink<'_>) -> Result<LinkStart, Trouble> {
        let out_of_order = |error: Error| self.out_of_order(&error);
        let item = match (ask.purpose, ask.token) {
            (Purpose::New, _) => None,
            (Purpose::Repair(_), None) => {
                return Err(self.trouble(TroubleKind::BadRequest, "TOKEN_MISSING"));
            }
            (Purpose::Repair(_), Some(token)) => {
                let login = self.login_of(token).await.map_err(out_of_order)?;
                Some(login.ok_or_else(|| self.trouble(TroubleKind::Gone, "LOGIN_UNKNOWN"))?)
            }
        };
        let institution = match &item {
            Some(login) => Some(&*login.institution),
            None => ask.institution,
        };
        let institution = institution
            .map(|id| {
                let known = institutions::institution(id).filter(|known| known.deposits.is_none());
                known.ok_or_else(|| self.trouble(TroubleKind::BadRequest, "NO_INSTANT_LINK"))
            })
            .transpose()?;
        let item = item.map(|login| login.item_id);
        let url = self.page_url(&ask, institution, item).map_err(out_of_order)?;
        Ok(LinkStart::Redirect { url })
    }

    async fn finish_link(&self, ask: FinishLink<'_>) -> Result<NewConnection, FailedLink> {
        let known = ask.token.filter(|_| matches!(ask.purpose, Purpose::Repair(_)));
        let exchanged = self.exchange(ask.public_token, known).await;
        let exchanged = exchanged.map_err(|error| self.out_of_order(&error))?;
        let (login, token) =
            exchanged.ok_or_else(|| self.trouble(TroubleKind::BadRequest, "PUBLIC_TOKEN"))?;
        let institution = institutions::institution(&login.institution)
            .ok_or_else(|| self.trouble(TroubleKind::Gone, "INSTITUTION_UNKNOWN"))?;
        let accounts = self.accounts(&token).await?;
        Ok(NewConnection {
            item_id: login.item_id,
            token,
            institution_id: institution.id.to_owned(),
            institution_name: institution.name.to_owned(),
            accounts,
        })
    }

    async fn accounts(&self, token: &SecretString) -> Result<Vec<ProviderAccount>, Trouble> {
        let login = self.readable(token).await?;
        let extras = login.extras().map_err(|error| self.out_of_order(&error))?;
        let today = self.today().await.map_err(|error| self.out_of_order(&error))?;
        let account_id = |key: &str| account_id(&login, key);
        let ledger = ledger(&login, &extras, &account_id);
        let accounts = ledger.accounts.iter().map(|account| {
            let balance = ledger.balance(account, today);
            ProviderAccount {
                id: account_id(account.key),
                persistent_id: Some(persistent_id(&login, account.key)),
                name: account.name.to_owned(),
                account_type: account.account_type,
                mask: number(&login, account).get(8..).map(str::to_owned),
                currency: Currency::parse(account.currency).unwrap_or(Currency::USD),
                balance_minor: Some(balance.booked),
                available_minor: Some(balance.available),
                verification: None,
            }
        });
        Ok(accounts.collect())
    }

    async fn numbers(
        &self,
        token: &SecretString,
        accounts: &[String],
    ) -> Result<Vec<Numbers>, Trouble> {
        let login = self.readable(token).await?;
        let institution = institutions::institution(&login.institution);
        let routing = institution.and_then(|bank| RoutingNumber::parse(bank.routing).ok());
        let routing =
            routing.ok_or_else(|| self.trouble(TroubleKind::BadRequest, "INSTITUTION_UNKNOWN"))?;
        let behind = institutions::accounts(&login.institution, &login.name).iter();
        let wanted = behind.filter(|account| {
            account.account_type.needs_numbers()
                && accounts.contains(&account_id(&login, account.key))
        });
        let numbers = wanted.filter_map(|account| {
            Some(Numbers {
                account: account_id(&login, account.key),
                routing: routing.clone(),
                number: AccountNumber::parse(&number(&login, account)).ok()?,
                // So that there is one.
                is_token: login.institution == FLAKY,
                is_proven: true,
            })
        });
        Ok(numbers.collect())
    }

    async fn sync(
        &self,
        token: &SecretString,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<SyncPage, Trouble> {
        let login = self.readable(token).await?;
        let mut page = self.read_page(&login, cursor, limit).await?;
        lie(login.fault(), &mut page);
        Ok(page)
    }

    async fn start_deposits(&self, ask: StartDeposits<'_>) -> Result<Deposits, Trouble> {
        self.send(&ask).await.map_err(|error| self.out_of_order(&error))
    }

    async fn check_deposits(&self, reference: &str) -> Result<DepositStatus, Trouble> {
        let standing = self.standing(reference).await.map_err(|error| self.out_of_order(&error))?;
        standing.ok_or_else(|| self.trouble(TroubleKind::BadRequest, "REFERENCE_UNKNOWN"))
    }

    async fn parse_webhook(&self, headers: &HeaderMap, body: &[u8]) -> Result<BankEvent, Trouble> {
        self.read_webhook(headers, body)
            .ok_or_else(|| self.trouble(TroubleKind::BadRequest, "WEBHOOK_FORGED"))
    }

    async fn remove(&self, token: &SecretString) -> Result<(), Trouble> {
        let closed = self.close_login(token).await.map_err(|error| self.out_of_order(&error))?;
        if closed { Ok(()) } else { Err(self.trouble(TroubleKind::Gone, "LOGIN_UNKNOWN")) }
    }
}
