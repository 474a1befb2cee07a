//! Which column is what: as the person says, else by its name, else by what stands in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::options::ImportOptions;
use super::{Record, Table, dates, headers, numbers};
use crate::{Code, Currency};

/// Rows looked at to see what a column holds.
const SAMPLE: usize = 200;

words! {
    /// What a column is for.
    pub enum Role (Code::ColumnUnknown) {
        Date = "date", "Date";
        Description = "description", "Description";
        Amount = "amount", "Amount";
        Debit = "debit", "Money out";
        Credit = "credit", "Money in";
        /// Says of an amount without a sign which way it went.
        Indicator = "indicator", "In or out";
        Currency = "currency", "Currency";
        Category = "category", "Category";
        Note = "note", "Note";
        Balance = "balance", "Balance";
        /// The bank's own id of the row.
        ExternalId = "externalId", "Bank's id";
    }
}

/// The column of each role, counted from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(BTreeMap<Role, u32>);

impl Mapping {
    /// The column of a role, if it has one.
    pub fn get(&self, role: Role) -> Option<u32> {
        self.0.get(&role).copied()
    }

    /// Every role that has a column.
    pub fn iter(&self) -> impl Iterator<Item = (Role, u32)> {
        self.0.iter().map(|(role, column)| (*role, *column))
    }

    /// The roles that are still needed: a date, a description, and an amount in one of three shapes.
    pub fn missing(&self) -> Vec<Role> {
        let has = |role| self.0.contains_key(&role);
        let has_amount = has(Role::Amount) || (has(Role::Debit) && has(Role::Credit));
        let needed = [
            (Role::Date, has(Role::Date)),
            (Role::Description, has(Role::Description)),
            (Role::Amount, has_amount),
        ];
        needed.into_iter().filter(|(_, there)| !there).map(|(role, _)| role).collect()
    }

    fn uses(&self, column: u32) -> bool {
        self.0.values().any(|used| *used == column)
    }
}

/// Finds the column of each role; what the person chose stands.
pub(super) fn map(table: &Table, options: &ImportOptions) -> Mapping {
    let mut finder = Finder::new(table, options);
    let named = if table.has_header { table.columns.as_slice() } else { &[] };
    for exact in [true, false] {
        // Amounts first: "Debit amount" is a debit, not an amount with a word beside it.
        for role in [
            Role::Date,
            Role::Debit,
            Role::Credit,
            Role::Balance,
            Role::Amount,
            Role::Currency,
            Role::Description,
            Role::Category,
            Role::Note,
            Role::ExternalId,
            Role::Indicator,
        ] {
            finder.by_name(role, named, exact);
        }
    }
    finder.by_content();
    finder.settle();
    finder.mapping
}

struct Finder<'t> {
    rows: &'t [Record],
    width: u32,
    options: &'t ImportOptions,
    mapping: Mapping,
}

impl<'t> Finder<'t> {
    fn new(table: &'t Table, options: &'t ImportOptions) -> Self {
        let rows = table.rows.get(..SAMPLE).unwrap_or(&table.rows);
        let width = u32::try_from(table.columns.len()).unwrap_or(0);
        let chosen = options.columns.iter().filter_map(|(role, column)| Some((*role, (*column)?)));
        let mapping = Mapping(chosen.filter(|(_, column)| *column < width).collect());
        Self { rows, width, options, mapping }
    }

    /// True while nobody has said or found which column this is.
    fn is_open(&self, role: Role) -> bool {
        if self.options.columns.contains_key(&role) || self.mapping.get(role).is_some() {
            return false;
        }
        let chosen = |role| matches!(self.options.columns.get(&role), Some(Some(_)));
        match role {
            Role::Amount => !chosen(Role::Debit) && !chosen(Role::Credit),
            Role::Debit | Role::Credit => !chosen(Role::Amount),
            _ => true,
        }
    }

    /// Takes the free column whose name fits best; of those, one that holds what it should.
    fn by_name(&mut self, role: Role, names: &[String], exact: bool) {
        if !self.is_open(role) {
            return;
        }
        let best = (0..self.width)
            .zip(names)
            .filter(|(column, _)| !self.mapping.uses(*column))
            .filter_map(|(column, name)| Some((headers::fit(role, name)?, column)))
            .filter(|(fit, _)| headers::is_exact(*fit) == exact)
            .map(|(fit, column)| (!self.holds(role, column), fit, column))
            .min();
        // A column with a date's name and no date in it is still meant to be one, unless it is something else as well.
        let Some((fails, _, column)) = best else { return };
        let is_sure = !matches!(role, Role::Currency | Role::Indicator | Role::Balance);
        if !fails || (exact && is_sure && !self.is_currency(column)) {
            self.mapping.0.insert(role, column);
        }
    }

    /// Fills what is needed and has no name: the one column of dates, the one of amounts, the one with most letters.
    fn by_content(&mut self) {
        if self.is_open(Role::Date) {
            let found = self.free().find(|column| self.holds(Role::Date, *column));
            self.set(Role::Date, found);
        }
        let has_both =
            self.mapping.get(Role::Debit).is_some() && self.mapping.get(Role::Credit).is_some();
        if self.is_open(Role::Amount) && !has_both {
            let found: Vec<u32> =
                self.free().filter(|column| self.holds(Role::Amount, *column)).collect();
            if let &[only] = found.as_slice() {
                self.set(Role::Amount, Some(only));
            }
        }
        if self.is_open(Role::Description) {
            let found =
                self.free().map(|column| (self.letters(column), std::cmp::Reverse(column))).max();
            self.set(
                Role::Description,
                found.filter(|(letters, _)| *letters > 0).map(|(_, column)| column.0),
            );
        }
    }

    /// One shape of amount only: debit and credit together, else the amount, with an indicator if it has no signs.
    fn settle(&mut self) {
        let has = |mapping: &Mapping, role| mapping.get(role).is_some();
        let detected = |role| !self.options.columns.contains_key(&role);
        let has_both = has(&self.mapping, Role::Debit) && has(&self.mapping, Role::Credit);
        if has_both && detected(Role::Amount) {
            self.mapping.0.remove(&Role::Amount);
        } else if has(&self.mapping, Role::Amount) {
            self.mapping.0.remove(&Role::Debit);
            self.mapping.0.remove(&Role::Credit);
        }
        let signed = self.mapping.get(Role::Amount).is_none_or(|column| {
            self.cells(column).any(|cell| cell.contains(['-', '\u{2212}', '(']))
        });
        if signed && detected(Role::Indicator) {
            self.mapping.0.remove(&Role::Indicator);
        }
    }

    fn set(&mut self, role: Role, column: Option<u32>) {
        if let Some(column) = column {
            self.mapping.0.insert(role, column);
        }
    }

    fn free(&self) -> impl Iterator<Item = u32> {
        (0..self.width).filter(|column| !self.mapping.uses(*column))
    }

    fn cells(&self, column: u32) -> impl Iterator<Item = &'t str> {
        self.rows.iter().map(move |row| row.cell(column)).filter(|cell| !cell.is_empty())
    }

    /// True when at least four in five of the filled cells are what the role needs. Any text is a text.
    fn holds(&self, role: Role, column: u32) -> bool {
        let fits: fn(&str) -> bool = match role {
            Role::Date => dates::looks_like_date,
            Role::Amount | Role::Debit | Role::Credit | Role::Balance => numbers::looks_like_number,
            Role::Indicator => |cell| indicates(cell).is_some(),
            Role::Currency => |cell| cell.len() == 3 && Currency::parse(cell).is_ok(),
            Role::Description | Role::Category | Role::Note | Role::ExternalId => return true,
        };
        let (fitting, filled) =
            self.cells(column).fold((0_usize, 0_usize), |(fitting, filled), cell| {
                (fitting.saturating_add(usize::from(fits(cell))), filled.saturating_add(1))
            });
        // Debits may be absent from a whole file; nothing else is known by an empty column.
        let empty_is_fine = matches!(role, Role::Debit | Role::Credit);
        if filled == 0 {
            empty_is_fine
        } else {
            fitting.saturating_mul(5) >= filled.saturating_mul(4)
        }
    }

    fn is_currency(&self, column: u32) -> bool {
        self.holds(Role::Currency, column)
    }

    fn letters(&self, column: u32) -> usize {
        self.cells(column).map(|cell| cell.chars().filter(|c| c.is_alphabetic()).count()).sum()
    }
}

/// What an indicator says: true for money in, false for money out.
pub(super) fn indicates(cell: &str) -> Option<bool> {
    match headers::folded(cell).as_str() {
        "credit" | "cr" | "c" | "crdt" | "haben" | "h" | "gutschrift" | "bij" | "in"
        | "deposit" | "credito" | "uznanie" | "avere" | "kredit" | "ind" | "ach credit" => {
            Some(true)
        }
        "debit" | "dr" | "d" | "dbit" | "soll" | "s" | "lastschrift" | "af" | "out"
        | "withdrawal" | "debito" | "obciazenie" | "dare" | "debet" | "ud" | "ach debit" => {
            Some(false)
        }
        _ => match cell {
            "+" => Some(true),
            "-" | "\u{2212}" => Some(false),
            _ => None,
        },
    }
}
