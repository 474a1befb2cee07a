//! The rows of one account while a reading is taken in: all decisions in memory, then one list of what to write.

use std::collections::{HashMap, HashSet};

use domain::{
    Date, TransactionId, TransactionStatus, category,
    ledger::{
        flag::Flag,
        matching::{self, Decision, Kept, OwnRow, Receipt, Removal, Reported, State, shown_date},
        provenance::Writer,
    },
    merchant,
    rules::Compiled,
    states::doubt::DoubtKind,
};

use super::{
    Reading,
    load::{Loaded, Stored, is_fuel},
    steps,
    write::Change,
};
use crate::{Backend, banks::ProviderRow, transactions::NewTransaction};

/// A row, stored or new.
struct Slot<'r> {
    id: TransactionId,
    /// The provider's id of it now.
    provider_id: String,
    /// As matching sees it; none for a currency that is none.
    kept: Option<Kept>,
    state: State,
    stored: Option<Stored>,
    /// What the provider says of it now; none when this reading does not change it.
    latest: Option<Latest<'r>>,
}

#[derive(Clone)]
struct Latest<'r> {
    row: &'r ProviderRow,
    date: Date,
    pending_id: Option<String>,
}

/// Two rows that may be one.
pub(super) struct Doubt {
    pub kept: TransactionId,
    pub other: TransactionId,
    pub kind: DoubtKind,
}

/// What is to be written.
#[derive(Default)]
pub(super) struct Outcome {
    pub inserts: Vec<NewTransaction>,
    pub changes: Vec<Change>,
    pub released: Vec<TransactionId>,
    pub deleted: Vec<TransactionId>,
    pub doubts: Vec<Doubt>,
}

/// The key of the shop of each row of a reading.
pub(super) fn keys<'r>(rows: &[&'r ProviderRow]) -> HashMap<&'r str, String> {
    rows.iter().map(|row| (&*row.id, key_of(row))).collect()
}

fn key_of(row: &ProviderRow) -> String {
    merchant::key_in(&row.description, row.city.as_deref())
}

/// Ids for the rows of a reading, should they be new: in the order in which rows of one day are listed.
pub(super) fn ids(backend: &Backend, rows: &[&ProviderRow]) -> HashMap<String, TransactionId> {
    let mut ids: Vec<String> = rows.iter().map(|_| backend.new_id()).collect();
    ids.sort_unstable();
    let mut rows: Vec<&&ProviderRow> = rows.iter().collect();
    rows.sort_by_key(|row| (shown_date(row.authorized_date, None, row.date), &row.id));
    let ids = ids.into_iter().map(TransactionId::new);
    rows.into_iter().map(|row| row.id.clone()).zip(ids).collect()
}

/// The working set.
pub(super) struct Slots<'r> {
    reading: &'r Reading<'r>,
    keys: &'r HashMap<&'r str, String>,
    rules: &'r [Compiled],
    new_ids: HashMap<String, TransactionId>,
    all: Vec<Slot<'r>>,
    by_id: HashMap<TransactionId, usize>,
    by_provider: HashMap<String, usize>,
    by_pending: HashMap<String, usize>,
    /// Rows that are, or were, pending: by amount and by shop.
    by_amount: HashMap<i64, Vec<usize>>,
    by_shop: HashMap<String, Vec<usize>>,
    own: HashMap<TransactionId, Stored>,
    foreign: Vec<OwnRow>,
    doubts: Vec<Doubt>,
}

/// A row that is not here yet, and those that it may be.
type Newcomer<'r> = (&'r ProviderRow, Vec<TransactionId>, DoubtKind);

impl<'r> Slots<'r> {
    pub fn new(
        reading: &'r Reading<'r>,
        keys: &'r HashMap<&'r str, String>,
        rules: &'r [Compiled],
        loaded: Loaded,
        new_ids: HashMap<String, TransactionId>,
    ) -> Self {
        let account = reading.account;
        let mut slots = Self {
            reading,
            keys,
            rules,
            new_ids,
            all: Vec::new(),
            by_id: HashMap::new(),
            by_provider: HashMap::new(),
            by_pending: HashMap::new(),
            by_amount: HashMap::new(),
            by_shop: HashMap::new(),
            own: loaded.own.into_iter().map(|row| (row.id.clone(), row)).collect(),
            foreign: loaded.foreign.iter().filter_map(|row| row.own(account)).collect(),
            doubts: Vec::new(),
        };
        for stored in loaded.reported {
            if !slots.by_id.contains_key(&stored.id) {
                slots.push(Slot {
                    id: stored.id.clone(),
                    provider_id: stored.provider_id.clone().unwrap_or_default(),
                    kept: stored.kept(account),
                    state: stored.state(),
                    stored: Some(stored),
                    latest: None,
                });
            }
        }
        slots
    }

    fn push(&mut self, slot: Slot<'r>) {
        self.by_id.insert(slot.id.clone(), self.all.len());
        self.all.push(slot);
        self.find_by_names(self.all.len() - 1);
    }

    /// Lets a row be found by its ids, and while it is pending by its amount and its shop.
    fn find_by_names(&mut self, at: usize) {
        let slot = &self.all[at];
        self.by_provider.insert(slot.provider_id.clone(), at);
        let Some(kept) = &slot.kept else { return };
        self.by_pending.extend(kept.pending_id.clone().map(|id| (id, at)));
        if kept.state == State::Pending {
            self.by_amount.entry(kept.minor).or_default().push(at);
            self.by_shop.entry(kept.merchant_key.clone()).or_default().push(at);
        }
    }

    /// Takes in everything: pending rows, so that booked ones find them, then those, then what is gone.
    pub fn run(mut self) -> Outcome {
        let rows = self.reading.rows;
        let (pending, booked): (Vec<_>, Vec<_>) = rows.iter().copied().partition(|row| row.pending);
        self.phase(&pending);
        self.phase(&booked);
        for id in self.reading.removed {
            self.remove(id);
        }
        self.finish()
    }

    fn phase(&mut self, rows: &[&'r ProviderRow]) {
        let mut new: Vec<Newcomer<'r>> = Vec::new();
        for row in rows {
            let Some(reported) = self.reported(row) else {
                self.take_odd(row);
                continue;
            };
            match matching::receive(&reported, &self.beside(row)) {
                Receipt::Stale => {}
                Receipt::Same(id) => self.change(&id, row, false),
                Receipt::New(Decision::Update(id, _)) => self.change(&id, row, true),
                Receipt::New(Decision::InsertAndSuggest(id)) => {
                    new.push((row, vec![id], DoubtKind::FinalAmount));
                }
                Receipt::New(Decision::InsertPossibleDuplicate(ids)) => {
                    new.push((row, ids, DoubtKind::Copy));
                }
                Receipt::New(Decision::Insert) => new.push((row, Vec::new(), DoubtKind::Copy)),
            }
        }
        self.add(new);
    }

    fn key(&self, row: &ProviderRow) -> &'r str {
        self.keys.get(&*row.id).map_or("", String::as_str)
    }

    fn reported(&self, row: &'r ProviderRow) -> Option<Reported<'r>> {
        Some(Reported {
            id: &row.id,
            pending_id: row.pending_id.as_deref(),
            account: self.reading.account,
            currency: *row.currency.as_ref().ok()?,
            date: row.date,
            authorized: row.authorized_date,
            minor: row.minor,
            merchant_key: self.key(row),
            is_fuel: row.category.is_some_and(is_fuel),
            is_pending: row.pending,
        })
    }

    /// The rows that can have anything to do with one that is reported.
    fn beside(&self, row: &ProviderRow) -> Vec<Kept> {
        let named = row.pending_id.as_ref().and_then(|id| self.by_provider.get(id));
        let ids = [self.by_provider.get(&row.id), named, self.by_pending.get(&row.id)];
        let of_amount = self.by_amount.get(&row.minor);
        let of_shop = self.by_shop.get(self.key(row));
        let alike = of_amount.into_iter().chain(of_shop).flatten();
        let mut seen = HashSet::new();
        let all = ids.into_iter().flatten().chain(alike).filter(|at| seen.insert(**at));
        all.filter_map(|at| self.all[*at].kept.clone()).collect()
    }

    /// A row in a currency that is none is known by its id alone.
    fn take_odd(&mut self, row: &'r ProviderRow) {
        match self
            .by_provider
            .get(&row.id)
            .map(|at| (self.all[*at].id.clone(), self.all[*at].state))
        {
            Some((_, State::Released | State::Deleted)) => {}
            Some((id, _)) => self.change(&id, row, false),
            None => self.add(vec![(row, Vec::new(), DoubtKind::Copy)]),
        }
    }

    /// A row that is here is what the provider says now; `consumed` when it was known as its pending row.
    fn change(&mut self, id: &TransactionId, row: &'r ProviderRow, consumed: bool) {
        let Some(at) = self.by_id.get(id).copied() else { return };
        let slot = &self.all[at];
        let shown = match (&slot.latest, &slot.kept, &slot.stored) {
            (_, Some(kept), _) => Some(kept.date),
            (Some(latest), ..) => Some(latest.date),
            (.., stored) => stored.as_ref().map(|stored| stored.date),
        };
        let date = shown_date(row.authorized_date, shown, row.date);
        let known = slot.kept.as_ref().and_then(|kept| kept.pending_id.clone());
        let pending_id = if consumed {
            Some(slot.provider_id.clone())
        } else {
            known.or_else(|| row.pending_id.clone())
        };
        self.set(at, row, date, pending_id);
    }

    fn set(&mut self, at: usize, row: &'r ProviderRow, date: Date, pending_id: Option<String>) {
        let key = self.key(row).to_owned();
        let slot = &mut self.all[at];
        slot.state = if row.pending { State::Pending } else { State::Completed };
        slot.provider_id.clone_from(&row.id);
        slot.kept = row.currency.as_ref().ok().map(|currency| Kept {
            id: slot.id.clone(),
            account: self.reading.account.clone(),
            currency: *currency,
            provider_id: row.id.clone(),
            pending_id: pending_id.clone(),
            date,
            minor: row.minor,
            merchant_key: key,
            is_fuel: row.category.is_some_and(is_fuel),
            state: slot.state,
        });
        slot.latest = Some(Latest { row, date, pending_id });
        self.find_by_names(at);
    }

    /// Rows that are not here yet: each is one that a person typed or imported, or it is new.
    fn add(&mut self, new: Vec<Newcomer<'r>>) {
        let reported: Vec<Reported<'r>> =
            new.iter().filter_map(|(row, ..)| self.reported(row)).collect();
        let account = self.reading.account;
        let own: Vec<OwnRow> = self.own.values().filter_map(|row| row.own(account)).collect();
        let claims = matching::claims(&reported, &own);
        let unclaimed: Vec<Reported<'r>> =
            reported.into_iter().filter(|row| !claims.contains_key(row.id)).collect();
        let copies = matching::claims(&unclaimed, &self.foreign);
        for (row, others, kind) in new {
            let claimed = claims.get(&row.id).and_then(|id| self.own.remove(id));
            let id = match &claimed {
                Some(own) => own.id.clone(),
                None => {
                    self.new_ids.remove(&row.id).unwrap_or_else(|| TransactionId::new(&*row.id))
                }
            };
            let others = others.into_iter().map(|other| (other, kind));
            let copy = copies.get(&row.id).map(|other| (other.clone(), DoubtKind::Copy));
            for (other, kind) in others.chain(copy) {
                self.doubts.push(Doubt { kept: id.clone(), other, kind });
            }
            self.push(Slot {
                id,
                provider_id: row.id.clone(),
                kept: None,
                state: State::Completed,
                stored: claimed,
                latest: None,
            });
            let date = shown_date(row.authorized_date, None, row.date);
            self.set(self.all.len() - 1, row, date, row.pending_id.clone());
        }
    }

    fn remove(&mut self, provider_id: &str) {
        let Some(at) = self.by_provider.get(provider_id).copied() else { return };
        let slot = &mut self.all[at];
        if slot.provider_id != provider_id {
            // It has become another row.
            return;
        }
        let state = match &slot.kept {
            Some(kept) => match matching::remove(provider_id, std::slice::from_ref(kept)) {
                Removal::Release(_) => State::Released,
                Removal::Delete(_) => State::Deleted,
                Removal::Nothing => return,
            },
            None if slot.state == State::Pending => State::Released,
            None if slot.state == State::Completed => State::Deleted,
            None => return,
        };
        slot.state = state;
        if let Some(kept) = &mut slot.kept {
            kept.state = state;
        }
    }

    fn finish(mut self) -> Outcome {
        let doubts = std::mem::take(&mut self.doubts);
        let mut outcome = Outcome::default();
        let mut left = HashSet::new();
        for slot in &self.all {
            let gone = match slot.state {
                State::Pending | State::Completed => None,
                State::Released => Some(&mut outcome.released),
                State::Deleted => Some(&mut outcome.deleted),
            };
            let was = slot.stored.as_ref().map(Stored::state);
            match (gone, &slot.stored, &slot.latest) {
                // Come and gone between two readings: nobody saw it.
                (Some(_), None, _) => drop(left.insert(&slot.id)),
                (Some(gone), Some(stored), _) => {
                    left.insert(&slot.id);
                    let source = self.reading.source;
                    let may = slot.state != State::Released
                        || steps::may_become(stored, TransactionStatus::Failed, source);
                    if was != Some(slot.state) && may {
                        gone.push(slot.id.clone());
                    }
                }
                (None, None, Some(latest)) => {
                    let key = self.key(latest.row);
                    outcome.inserts.push(new_row(slot, latest, key, self.reading.source));
                }
                (None, Some(stored), Some(latest)) => {
                    let pending_id = latest.pending_id.as_deref();
                    let key = self.key(latest.row).to_owned();
                    let change = Change::of(stored, latest.row, key, latest.date, pending_id);
                    let may = steps::may_become(stored, status(latest.row), self.reading.source);
                    if may && change.differs_from(stored, self.reading.source) {
                        outcome.changes.push(change.ruled(
                            stored,
                            self.rules,
                            self.reading.account,
                        ));
                    }
                }
                (None, _, None) => {}
            }
        }
        let here = |doubt: &Doubt| !left.contains(&doubt.kept) && !left.contains(&doubt.other);
        outcome.doubts = doubts.into_iter().filter(here).collect();
        outcome
    }
}

/// The status of a row that is not gone.
pub(super) const fn status(row: &ProviderRow) -> TransactionStatus {
    if row.pending { TransactionStatus::Pending } else { TransactionStatus::Completed }
}

/// The day of booking, once there is one.
pub(super) fn posted_date(row: &ProviderRow) -> Option<Date> {
    (!row.pending).then_some(row.date)
}

/// The text in the column of currencies.
pub(super) fn currency(row: &ProviderRow) -> &str {
    match &row.currency {
        Ok(currency) => currency.code(),
        Err(unofficial) => unofficial,
    }
}

fn new_row(
    slot: &Slot<'_>,
    latest: &Latest<'_>,
    key: &str,
    source: &'static str,
) -> NewTransaction {
    let row = latest.row;
    let by = |known: bool| if known { Writer::Provider } else { Writer::Default }.as_str();
    let guessed = || category::guess(&row.description, row.minor);
    let (id, text) = (slot.id.as_str().to_owned(), row.description.clone());
    let currency = currency(row).to_owned();
    NewTransaction {
        date_by: by(true),
        posted_date: posted_date(row),
        merchant: row.merchant.clone(),
        merchant_by: by(row.merchant.is_some()),
        merchant_key: key.to_owned(),
        category: row.category.unwrap_or_else(guessed).to_owned(),
        category_by: by(row.category.is_some()),
        status: status(row),
        provider_id: Some(row.id.clone()),
        pending_id: latest.pending_id.clone(),
        provider_category: row.provider_category.clone(),
        provider_transfer: row.is_transfer,
        flag: row.currency.is_err().then_some(Flag::CurrencyUnsupported.as_str()),
        ..NewTransaction::plain(id, latest.date, text, row.minor, currency, source)
    }
}
