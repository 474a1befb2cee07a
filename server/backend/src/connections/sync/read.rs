//! All pages of one reading, and the accounts with their balances. What a provider must not say ends the reading.

use std::collections::HashMap;

use domain::{
    Date,
    connection::BankProblem,
    ledger::matching::{Gathered, Page, gather},
    money::MAX_MINOR,
    text,
};
use time::{Duration, macros::date};

use super::Reader;
use crate::banks::{ProviderAccount, ProviderRow, Readiness, SyncPage, Trouble};

/// Rows in one page.
const LIMIT: u32 = 500;
/// Rows and ids in one reading. More than that is no person's money.
const MOST: usize = 500_000;
/// Most characters of a row's text.
const TEXT: usize = 500;
const NAME: usize = 120;
/// Most bytes of an id or of a cursor.
const ID: usize = 256;
const CURSOR: usize = 1_024;
/// Rows lie between this day and a year from now.
const FIRST_DAY: Date = date!(1970 - 01 - 01);
const AHEAD: Duration = Duration::days(366);

/// Everything one reading says.
pub(in crate::connections) struct Batch {
    pub changes: Gathered<ProviderRow>,
    pub accounts: Vec<ProviderAccount>,
    /// Where the next reading begins.
    pub cursor: String,
    /// The whole past has been read at the bank.
    pub history_complete: bool,
}

/// Why there is none.
#[derive(Debug)]
pub(in crate::connections) enum Halt {
    /// The provider did not do what it was asked.
    Trouble(Trouble),
    /// It has nothing to say yet.
    NotReady,
    /// It said what cannot be: what exactly, for the log.
    Nonsense(&'static str),
}

impl From<Trouble> for Halt {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl Halt {
    /// What its owner is told.
    pub fn problem(&self) -> BankProblem {
        match self {
            Self::Trouble(trouble) => trouble.kind.into(),
            Self::NotReady => crate::banks::TroubleKind::NotReady.into(),
            Self::Nonsense(_) => BankProblem::BadAnswer,
        }
    }
}

/// Reads everything since the cursor of the connection. The pages change together or not at all: one that changed ends
/// the reading, which then begins again where this one did.
pub(super) async fn everything(reader: &Reader, today: Date) -> Result<Batch, Halt> {
    let accounts = reader.provider.accounts(&reader.token).await?;
    let mut pages = Pages::new(today);
    let mut cursor = reader.row.cursor.clone();
    loop {
        let page = reader.provider.sync(&reader.token, cursor.as_deref(), LIMIT).await?;
        if page.readiness == Readiness::NotReady || page.next_cursor.is_empty() {
            return Err(Halt::NotReady);
        }
        if page.next_cursor.len() > CURSOR {
            return Err(Halt::Nonsense("a cursor without an end"));
        }
        if page.has_more && cursor.as_ref() == Some(&page.next_cursor) {
            return Err(Halt::Nonsense("a page that leads to itself"));
        }
        let (next, has_more) = (page.next_cursor.clone(), page.has_more);
        let history_complete = page.readiness == Readiness::Historical;
        pages.add(page)?;
        if !has_more {
            return Ok(Batch {
                changes: pages.gathered()?,
                accounts,
                cursor: next,
                history_complete,
            });
        }
        cursor = Some(next);
    }
}

/// The pages so far, cleaned.
struct Pages {
    /// Rows are dated no later.
    latest: Date,
    read: Vec<Page<ProviderRow>>,
    rows: usize,
}

impl Pages {
    fn new(today: Date) -> Self {
        let latest = today.checked_add(AHEAD).unwrap_or(Date::MAX);
        Self { latest, read: Vec::new(), rows: 0 }
    }

    fn add(&mut self, page: SyncPage) -> Result<(), Halt> {
        self.rows += page.added.len() + page.modified.len() + page.removed.len();
        if self.rows > MOST {
            return Err(Halt::Nonsense("pages without an end"));
        }
        if page.removed.iter().any(|id| !is_id(id)) {
            return Err(Halt::Nonsense("an id that is none"));
        }
        let all = |rows: Vec<ProviderRow>| -> Result<Vec<ProviderRow>, Halt> {
            rows.into_iter().map(|row| clean(row, self.latest)).collect()
        };
        let (added, modified) = (all(page.added)?, all(page.modified)?);
        self.read.push(Page { added, modified, removed: page.removed });
        Ok(())
    }

    /// All of them together. The same row may be said twice, but not to be two.
    fn gathered(self) -> Result<Gathered<ProviderRow>, Halt> {
        let added = self.read.iter().flat_map(|page| &page.added);
        let modified = self.read.iter().flat_map(|page| &page.modified);
        if contradict(added) || contradict(modified) {
            return Err(Halt::Nonsense("one id for two rows"));
        }
        Ok(gather(self.read))
    }
}

fn contradict<'r>(rows: impl Iterator<Item = &'r ProviderRow>) -> bool {
    let mut said: HashMap<&str, &ProviderRow> = HashMap::new();
    rows.into_iter().any(|row| said.insert(&row.id, row).is_some_and(|before| before != row))
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= ID && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A row that may be kept: ids that are ids, an amount and dates that can be, text without what no page should show.
fn clean(row: ProviderRow, latest: Date) -> Result<ProviderRow, Halt> {
    let ids = [Some(&row.id), Some(&row.account), row.pending_id.as_ref()];
    if !ids.into_iter().flatten().all(|id| is_id(id)) {
        return Err(Halt::Nonsense("an id that is none"));
    }
    if row.pending_id.as_ref() == Some(&row.id) {
        return Err(Halt::Nonsense("a row that was itself"));
    }
    if !(-MAX_MINOR..=MAX_MINOR).contains(&row.minor) {
        return Err(Halt::Nonsense("an amount that no account holds"));
    }
    let dates = [Some(row.date), row.authorized_date];
    if dates.into_iter().flatten().any(|date| date < FIRST_DAY || date > latest) {
        return Err(Halt::Nonsense("a day that cannot be"));
    }
    if row.currency.as_ref().is_err_and(|code| code.len() > 16 || !is_id(code)) {
        return Err(Halt::Nonsense("a currency without a name"));
    }
    let line = |text: String, most| text::visible_line(&text, most);
    Ok(ProviderRow {
        description: line(row.description, TEXT).unwrap_or_else(|| "(no description)".to_owned()),
        merchant: row.merchant.and_then(|name| line(name, NAME)),
        city: row.city.and_then(|name| line(name, NAME)),
        provider_category: row.provider_category.and_then(|name| line(name, NAME)),
        ..row
    })
}
