//! A ledger in memory that does with pages what the real one does, and the properties that hold for both.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;
use time::Duration;
use time::macros::date;

use super::*;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    id: String,
    date: Date,
    minor: i64,
    authorized: Option<Date>,
    pending_id: Option<String>,
    shop: String,
    is_pending: bool,
}

impl Sent for Row {
    fn id(&self) -> &str {
        &self.id
    }

    fn pending_id(&self) -> Option<&str> {
        self.pending_id.as_deref()
    }

    fn is_pending(&self) -> bool {
        self.is_pending
    }

    fn date(&self) -> Date {
        self.date
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    kept: Kept,
    booked: Date,
    note: &'static str,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ledger {
    entries: Vec<Entry>,
    own: Vec<OwnRow>,
    doubts: Vec<(TransactionId, Vec<TransactionId>)>,
}

fn account() -> AccountId {
    AccountId::new("a")
}

impl Ledger {
    fn with_own(own: &[OwnRow]) -> Self {
        Self { own: own.to_vec(), ..Self::default() }
    }

    /// One reading of a provider: all of its pages, whole.
    fn apply(&mut self, pages: &[Page<Row>]) {
        let changes = gather(pages.iter().cloned());
        let (pending, posted): (Vec<_>, Vec<_>) =
            changes.rows.into_iter().partition(|row| row.is_pending);
        self.take(pending);
        self.take(posted);
        for id in changes.removed {
            match remove(&id, &self.kept()) {
                Removal::Release(id) => self.entry(&id).kept.state = State::Released,
                Removal::Delete(id) => self.entry(&id).kept.state = State::Deleted,
                Removal::Nothing => {}
            }
        }
    }

    fn take(&mut self, rows: Vec<Row>) {
        let mut new = Vec::new();
        for row in rows {
            let account = account();
            match receive(&reported(&row, &account), &self.kept()) {
                Receipt::Stale => {}
                Receipt::Same(id) => self.update(&id, &row, None),
                Receipt::New(Decision::Update(id, _)) => {
                    let consumed = self.entry(&id).kept.clone();
                    self.update(&id, &row, Some(&consumed));
                }
                Receipt::New(Decision::InsertAndSuggest(id)) => new.push((row, vec![id])),
                Receipt::New(Decision::InsertPossibleDuplicate(ids)) => new.push((row, ids)),
                Receipt::New(Decision::Insert) => new.push((row, Vec::new())),
            }
        }
        let account = account();
        let rows: Vec<Reported<'_>> = new.iter().map(|(row, _)| reported(row, &account)).collect();
        let claims = claims(&rows, &self.own);
        for (row, doubts) in &new {
            let id = claims.get(&row.id).cloned();
            let note = if id.is_some() { "typed" } else { "" };
            let id = id.unwrap_or_else(|| TransactionId::new(format!("t-{}", row.id)));
            self.own.retain(|own| own.id != id);
            if !doubts.is_empty() {
                self.doubts.push((id.clone(), doubts.clone()));
            }
            let kept = kept(id, row, shown_date(row.authorized, None, row.date));
            self.entries.push(Entry { kept, booked: row.date, note });
        }
    }

    fn update(&mut self, id: &TransactionId, row: &Row, consumed: Option<&Kept>) {
        let entry = self.entry(id);
        let pending = consumed.map_or(entry.kept.date, |kept| kept.date);
        let date = shown_date(row.authorized, Some(pending), row.date);
        let pending_id = consumed.map(|kept| kept.provider_id.clone());
        let pending_id = pending_id.or_else(|| entry.kept.pending_id.clone());
        entry.kept = Kept { pending_id, ..kept(id.clone(), row, date) };
        entry.booked = row.date;
    }

    fn entry(&mut self, id: &TransactionId) -> &mut Entry {
        self.entries.iter_mut().find(|entry| entry.kept.id == *id).unwrap()
    }

    fn kept(&self) -> Vec<Kept> {
        self.entries.iter().map(|entry| entry.kept.clone()).collect()
    }

    /// What counts: by the provider's id the date, the amount and whether it is booked.
    fn visible(&self) -> BTreeMap<&str, (Date, i64, bool)> {
        let live = self.entries.iter().map(|entry| &entry.kept);
        live.filter(|kept| matches!(kept.state, State::Pending | State::Completed))
            .map(|kept| {
                let row = (kept.date, kept.minor, kept.state == State::Completed);
                (kept.provider_id.as_str(), row)
            })
            .collect()
    }
}

fn reported<'r>(row: &'r Row, account: &'r AccountId) -> Reported<'r> {
    Reported {
        id: &row.id,
        pending_id: row.pending_id.as_deref(),
        account,
        currency: Currency::USD,
        date: row.date,
        authorized: row.authorized,
        minor: row.minor,
        merchant_key: &row.shop,
        is_fuel: false,
        is_pending: row.is_pending,
    }
}

fn kept(id: TransactionId, row: &Row, date: Date) -> Kept {
    Kept {
        id,
        account: account(),
        currency: Currency::USD,
        provider_id: row.id.clone(),
        pending_id: row.pending_id.clone(),
        date,
        minor: row.minor,
        merchant_key: row.shop.clone(),
        is_fuel: false,
        state: if row.is_pending { State::Pending } else { State::Completed },
    }
}

/// What happens to one purchase at the bank.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each may happen to a purchase or not")]
struct Purchase {
    day: i64,
    /// One of few amounts, so that several are alike; none for an amount of its own.
    alike: Option<i64>,
    shop: bool,
    shows_pending: bool,
    posts_after: Option<i64>,
    names_pending: bool,
    tip: i64,
    corrected: Option<i64>,
    reversed: bool,
}

#[derive(Clone, Debug)]
enum Event {
    Added(Row),
    Modified(Row),
    Removed(String),
}

fn purchases() -> impl Strategy<Value = Vec<Purchase>> {
    let purchase = (
        0_i64..12,
        prop::option::of(1_i64..4),
        any::<bool>(),
        any::<bool>(),
        prop::option::weighted(0.8, 0_i64..7),
        any::<bool>(),
        prop_oneof![3 => Just(0_i64), 1 => 1_i64..30],
        prop::option::weighted(0.2, 1_i64..50),
        prop::bool::weighted(0.1),
    );
    let purchase = purchase.prop_map(
        |(
            day,
            alike,
            shop,
            shows_pending,
            posts_after,
            names_pending,
            tip,
            corrected,
            reversed,
        )| {
            Purchase {
                day,
                alike,
                shop,
                shows_pending,
                posts_after,
                names_pending,
                tip,
                corrected,
                reversed,
            }
        },
    );
    prop::collection::vec(purchase, 1..12)
}

/// One that a few others have too, or one of its own that no tip makes another's.
fn amount(n: usize, purchase: &Purchase) -> i64 {
    purchase.alike.map_or(1_000_000 << n, |alike| alike * 1_000)
}

/// What the bank's provider says about them, in the order in which it happens.
fn history(purchases: &[Purchase]) -> Vec<Event> {
    let mut events: Vec<(i64, Event)> = Vec::new();
    for (n, purchase) in purchases.iter().enumerate() {
        let day = |after: i64| date!(2026 - 05 - 01) + Duration::days(purchase.day + after);
        let amount = amount(n, purchase);
        let pending = Row {
            id: format!("x{n}"),
            date: day(0),
            minor: -amount,
            authorized: purchase.alike.map(|_| day(0)),
            pending_id: None,
            shop: if purchase.shop { "shop".to_owned() } else { String::new() },
            is_pending: true,
        };
        if purchase.shows_pending {
            events.push((purchase.day, Event::Added(pending.clone())));
        }
        let Some(after) = purchase.posts_after else {
            if purchase.shows_pending {
                events.push((purchase.day + 9, Event::Removed(pending.id)));
            }
            continue;
        };
        let posted = Row {
            id: format!("y{n}"),
            date: day(after),
            minor: -amount - amount * purchase.tip / 100,
            pending_id: purchase.names_pending.then(|| pending.id.clone()),
            // The pending day can be kept only where it is certain which one it was.
            authorized: pending.authorized.or((!purchase.names_pending).then(|| day(0))),
            is_pending: false,
            ..pending.clone()
        };
        let then = purchase.day + after;
        events.push((then, Event::Added(posted.clone())));
        if purchase.shows_pending {
            events.push((then, Event::Removed(pending.id)));
        }
        if let Some(more) = purchase.corrected {
            let row = Row { minor: posted.minor - more, ..posted.clone() };
            events.push((then + 1, Event::Modified(row)));
        }
        if purchase.reversed {
            events.push((then + 2, Event::Removed(posted.id)));
        }
    }
    // A purchase is pending before it is posted, also on one day.
    events.sort_by_key(|(day, _)| *day);
    events.into_iter().map(|(_, event)| event).collect()
}

fn page(events: &[Event]) -> Page<Row> {
    let mut page = Page { added: Vec::new(), modified: Vec::new(), removed: Vec::new() };
    for event in events.iter().cloned() {
        match event {
            Event::Added(row) => page.added.push(row),
            Event::Modified(row) => page.modified.push(row),
            Event::Removed(id) => page.removed.push(id),
        }
    }
    page
}

fn pages(events: &[Event], size: usize) -> Vec<Page<Row>> {
    let last = std::iter::once(page(&[]));
    events.chunks(size).map(page).chain(last).collect()
}

fn typed() -> impl Strategy<Value = Vec<OwnRow>> {
    let row = (0_i64..16, 1_i64..4);
    prop::collection::vec(row, 0..4).prop_map(|rows| {
        let row = |(n, (day, alike)): (usize, (i64, i64))| OwnRow {
            id: TransactionId::new(format!("m{n}")),
            account: account(),
            currency: Currency::USD,
            minor: -alike * 1_000,
            date: date!(2026 - 05 - 01) + Duration::days(day),
        };
        rows.into_iter().enumerate().map(row).collect()
    })
}

proptest! {
    #[test]
    fn any_order_and_repetition_of_pages_gives_one_ledger(
        purchases in purchases(),
        own in typed(),
        size in 1_usize..6,
        order in prop::collection::vec((any::<Index>(), any::<Index>()), 0..20),
        again in prop::collection::vec(any::<Index>(), 0..6),
    ) {
        let pages = pages(&history(&purchases), size);
        let mut other = pages.clone();
        for (one, two) in order {
            other.swap(one.index(pages.len()), two.index(pages.len()));
        }
        for page in again {
            other.push(page.get(&pages).clone());
        }
        let mut ledger = Ledger::with_own(&own);
        ledger.apply(&pages);
        let mut shuffled = Ledger::with_own(&own);
        shuffled.apply(&other);
        prop_assert_eq!(&shuffled, &ledger);

        shuffled.apply(&other);
        prop_assert_eq!(shuffled, ledger);
    }

    #[test]
    fn reading_in_parts_and_again_from_an_earlier_place_gives_the_same_rows(
        purchases in purchases(),
        size in 1_usize..6,
        back in prop::collection::vec(any::<Index>(), 0..4),
    ) {
        let pages = pages(&history(&purchases), size);
        let mut whole = Ledger::default();
        whole.apply(&pages);
        let mut parts = Ledger::default();
        for page in &pages {
            parts.apply(std::slice::from_ref(page));
        }
        prop_assert_eq!(parts.visible(), whole.visible());

        for place in back {
            for page in &pages[place.index(pages.len())..] {
                parts.apply(std::slice::from_ref(page));
            }
            prop_assert_eq!(parts.visible(), whole.visible());
        }
    }

    #[test]
    fn what_counts_in_the_end_is_what_the_bank_counts(purchases in purchases(), own in typed()) {
        let mut ledger = Ledger::with_own(&own);
        ledger.apply(&pages(&history(&purchases), 3));

        let mut expected = BTreeMap::new();
        for (n, purchase) in purchases.iter().enumerate() {
            let amount = amount(n, purchase);
            if purchase.posts_after.is_some() && !purchase.reversed {
                let minor = -amount - amount * purchase.tip / 100 - purchase.corrected.unwrap_or(0);
                expected.insert(format!("y{n}"), minor);
            }
        }
        let counted: BTreeMap<String, i64> =
            ledger.visible().into_iter().map(|(id, row)| (id.to_owned(), row.1)).collect();
        prop_assert_eq!(counted, expected);
    }

    #[test]
    fn a_typed_row_is_never_lost_and_never_twice(purchases in purchases(), own in typed()) {
        let mut ledger = Ledger::with_own(&own);
        ledger.apply(&pages(&history(&purchases), 3));

        let claimed = ledger.entries.iter().filter(|entry| entry.note == "typed");
        let mut ids: Vec<&TransactionId> = claimed.map(|entry| &entry.kept.id).collect();
        ids.extend(ledger.own.iter().map(|own| &own.id));
        ids.sort();
        let mut expected: Vec<&TransactionId> = own.iter().map(|own| &own.id).collect();
        expected.sort();
        prop_assert_eq!(ids, expected);
    }
}

#[test]
fn notes_and_ids_stay_when_a_pending_row_is_booked() {
    let pending = Row {
        id: "x".to_owned(),
        date: date!(2026 - 05 - 04),
        minor: -450,
        authorized: None,
        pending_id: None,
        shop: "shop".to_owned(),
        is_pending: true,
    };
    let posted = Row {
        id: "y".to_owned(),
        date: date!(2026 - 05 - 06),
        pending_id: Some("x".to_owned()),
        is_pending: false,
        ..pending.clone()
    };
    let mut ledger = Ledger::default();
    ledger.apply(&[page(&[Event::Added(pending)])]);
    ledger.entries[0].note = "for the office";
    ledger.apply(&[page(&[Event::Removed("x".to_owned()), Event::Added(posted)])]);

    assert_eq!(ledger.entries.len(), 1);
    let entry = &ledger.entries[0];
    assert_eq!(entry.note, "for the office");
    assert_eq!(entry.kept.id.as_str(), "t-x");
    assert_eq!(entry.kept.provider_id, "y");
    assert_eq!(entry.kept.pending_id.as_deref(), Some("x"));
    assert_eq!((entry.kept.date, entry.booked), (date!(2026 - 05 - 04), date!(2026 - 05 - 06)));
    assert_eq!(entry.kept.state, State::Completed);
}
