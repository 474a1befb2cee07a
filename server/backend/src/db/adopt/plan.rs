//! What has to be done to a table of another application before it is one of ours. Pure: compares two catalogues.

use super::catalog::{Column, Index, Reference, Schema, quoted};

/// Whether the other application goes on using the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// Types that it reads stay as they are.
    Shared,
    /// The database is ours alone.
    Ours,
}

/// One change: what to tell people, and the statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) table: String,
    pub(crate) says: String,
    pub(crate) statement: String,
    pub(crate) changes_type: bool,
}

/// Everything to be done, and what stands in the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    /// What differs from ours and stays, because the other application needs it: table and sentence.
    pub(crate) kept: Vec<(String, String)>,
    /// Columns that may be null and must not be: only their rows can say whether that works.
    pub(crate) must_have_values: Vec<(String, String)>,
    /// References that nothing checked so far.
    pub(crate) must_refer: Vec<Reference>,
    pub(crate) problems: Vec<String>,
}

/// Compares `tables` as they are with how they must be.
pub(crate) fn plan(found: &Schema, wanted: &Schema, tables: &[String], sharing: Sharing) -> Plan {
    let mut plan = Plan::default();
    for table in tables {
        let Some(columns) = wanted.columns.get(table) else { continue };
        for column in columns {
            match found.column(table, &column.name) {
                Some(there) => plan.align(there, column, sharing),
                None => plan.add(found, column),
            }
        }
        plan.refuse_strangers_that_need_a_value(found, wanted, table);
        let indexes = wanted.indexes.iter().filter(|index| index.table == *table);
        indexes.for_each(|index| plan.index(found, index));
        let references = wanted.references.iter().filter(|key| key.table == *table);
        references.for_each(|reference| plan.refer(found, reference));
        plan.force(found, wanted, table, sharing);
    }
    plan
}

impl Plan {
    /// Takes from `other` what changes types, or keeps them.
    pub(crate) fn add_types(&mut self, other: Self) {
        self.steps.extend(other.steps.into_iter().filter(|step| step.changes_type));
        self.kept.extend(other.kept);
    }

    fn step(&mut self, table: &str, says: String, statement: String) {
        let table = table.to_owned();
        self.steps.push(Step { table, says, statement, changes_type: false });
    }

    fn align(&mut self, there: &Column, wanted: &Column, sharing: Sharing) {
        let (table, name) = (&wanted.table, &wanted.name);
        let place = format!("{}.{}", quoted(table), quoted(name));
        if there.kind != wanted.kind {
            let Some(using) = conversion(&there.kind, &wanted.kind, &quoted(name)) else {
                self.problems.push(format!(
                    "{place} is {}, and Coffer needs {}. Change its type first",
                    there.kind, wanted.kind
                ));
                return;
            };
            let says = format!("{name}: {} becomes {}", there.kind, wanted.kind);
            if sharing == Sharing::Shared {
                self.keep(table, format!("{name} stays {}", there.kind));
            } else {
                let statement = format!(
                    "alter table {t} alter column {c} drop default, alter column {c} type {} using {using}{}",
                    wanted.kind,
                    restored_default(there, wanted),
                    t = quoted(table),
                    c = quoted(name),
                );
                self.steps.push(Step { table: table.clone(), says, statement, changes_type: true });
            }
        }
        match (there.required, wanted.required) {
            (false, true) => {
                self.must_have_values.push((table.clone(), name.clone()));
                if sharing == Sharing::Ours {
                    let says = format!("{name} must have a value from now on");
                    self.step(table, says, alter(table, name, "set not null"));
                }
            }
            (true, false) if sharing == Sharing::Ours => {
                let says = format!("{name} may be empty from now on");
                self.step(table, says, alter(table, name, "drop not null"));
            }
            _ => {}
        }
    }

    fn keep(&mut self, table: &str, says: String) {
        self.kept.push((table.to_owned(), says));
    }

    fn add(&mut self, found: &Schema, wanted: &Column) {
        let (table, name) = (&wanted.table, &wanted.name);
        if wanted.required && wanted.default.is_none() {
            let snake = snake_case(name);
            let hint = match found.column(table, &snake) {
                Some(_) if snake != *name => format!(
                    ": it has {}. Rename it, here and in the schema of your application",
                    quoted(&snake)
                ),
                _ => String::new(),
            };
            self.problems.push(format!("{} has no column {}{hint}", quoted(table), quoted(name)));
            return;
        }
        let default = wanted.default.as_ref().map(|text| format!(" default {text}"));
        let statement = format!(
            "alter table {} add column {} {}{}{}",
            quoted(table),
            quoted(name),
            wanted.kind,
            default.unwrap_or_default(),
            if wanted.required { " not null" } else { "" },
        );
        self.step(table, format!("column {name} is added"), statement);
    }

    /// Our inserts do not know columns of others.
    fn refuse_strangers_that_need_a_value(&mut self, found: &Schema, wanted: &Schema, table: &str) {
        for column in found.columns.get(table).into_iter().flatten() {
            let ours = wanted.column(table, &column.name).is_some();
            if !ours && column.required && column.default.is_none() {
                self.problems.push(format!(
                    "{}.{} must have a value, and Coffer has none for it. Give it a default, or drop its not null",
                    quoted(table),
                    quoted(&column.name)
                ));
            }
        }
    }

    fn index(&mut self, found: &Schema, wanted: &Index) {
        let same = |there: &&Index| {
            there.table == wanted.table
                && there.keys == wanted.keys
                && (there.unique || !wanted.unique)
        };
        if found.indexes.iter().any(|there| same(&there)) {
            return;
        }
        if let Some(other) = found.indexes.iter().find(|there| there.name == wanted.name) {
            self.problems.push(format!(
                "The index {} on {} has a name that Coffer needs. Rename it",
                quoted(&other.name),
                quoted(&other.table)
            ));
            return;
        }
        let unique = if wanted.unique { "unique " } else { "" };
        let statement = format!(
            "create {unique}index {} on {} using {}",
            quoted(&wanted.name),
            quoted(&wanted.table),
            wanted.keys
        );
        let says = format!("{unique}index {} is made", wanted.name);
        self.step(&wanted.table, says, statement);
    }

    fn refer(&mut self, found: &Schema, wanted: &Reference) {
        let (table, column) = (quoted(&wanted.table), quoted(&wanted.column));
        let there = found
            .references
            .iter()
            .find(|there| there.table == wanted.table && there.column == wanted.column);
        let mut drop = String::new();
        match there {
            Some(there) if there.target != wanted.target => {
                self.problems.push(format!(
                    "{table}.{column} refers to {}, not to {}",
                    quoted(&there.target),
                    quoted(&wanted.target)
                ));
                return;
            }
            Some(there) if there.on_delete == wanted.on_delete => return,
            Some(there) => drop = format!("drop constraint {}, ", quoted(&there.name)),
            None => self.must_refer.push(wanted.clone()),
        }
        let (action, says) = match &*wanted.on_delete {
            "c" => (" on delete cascade", "goes with the row it refers to"),
            "n" => (" on delete set null", "is emptied with the row it refers to"),
            _ => ("", "refers to a row that is there"),
        };
        let statement = format!(
            "alter table {table} {drop}add constraint {} foreign key ({column}) references {} (\"id\"){action}",
            quoted(there.map_or(&wanted.name, |there| &there.name)),
            quoted(&wanted.target),
        );
        self.step(&wanted.table, format!("{} {says} from now on", wanted.column), statement);
    }

    /// A program that connects as the owner would see nothing any more.
    fn force(&mut self, found: &Schema, wanted: &Schema, table: &str, sharing: Sharing) {
        if !wanted.forced.contains(table) || found.forced.contains(table) {
            return;
        }
        if sharing == Sharing::Shared {
            self.keep(table, "row-level security does not bind the owner".to_owned());
            return;
        }
        let statement = format!("alter table {} force row level security", quoted(table));
        self.step(table, "row-level security binds the owner, too".to_owned(), statement);
    }
}

fn alter(table: &str, column: &str, how: &str) -> String {
    format!("alter table {} alter column {} {how}", quoted(table), quoted(column))
}

/// The text behind `using`, for a change of type that loses nothing; none where rows would change their meaning.
/// A `timestamp` without a zone holds UTC, as Better Auth and Drizzle write it.
fn conversion(from: &str, to: &str, column: &str) -> Option<String> {
    let utc = from.starts_with("timestamp") && from.ends_with("without time zone");
    match to {
        "timestamp with time zone" if utc => Some(format!("{column} at time zone 'UTC'")),
        "timestamp with time zone" if from.starts_with("timestamp") => Some(column.to_owned()),
        "bigint" if from.starts_with("timestamp") => {
            Some(format!("(extract(epoch from {column}) * 1000)::bigint"))
        }
        "bigint" if matches!(from, "integer" | "smallint") => Some(column.to_owned()),
        "text" if from.starts_with("character varying") => Some(column.to_owned()),
        "jsonb" if matches!(from, "text" | "json") => {
            Some(format!("nullif({column}::text, '')::jsonb"))
        }
        _ => None,
    }
}

/// `now()` means the same in both types of time; any other default goes, as we never need one that is not ours.
fn restored_default(there: &Column, wanted: &Column) -> String {
    let default = match (&wanted.default, there.default.as_deref()) {
        (Some(ours), _) => ours,
        (None, Some(now @ ("now()" | "CURRENT_TIMESTAMP")))
            if wanted.kind.starts_with("timestamp") =>
        {
            now
        }
        _ => return String::new(),
    };
    format!(", alter column {} set default {default}", quoted(&wanted.name))
}

fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, kind: &str, required: bool) -> Column {
        let (table, name, kind) = ("session".to_owned(), name.to_owned(), kind.to_owned());
        Column { table, name, kind, required, default: None }
    }

    fn schema(columns: Vec<Column>) -> Schema {
        Schema { columns: [("session".to_owned(), columns)].into(), ..Schema::default() }
    }

    fn planned(found: Vec<Column>, wanted: Vec<Column>, sharing: Sharing) -> Plan {
        plan(&schema(found), &schema(wanted), &["session".to_owned()], sharing)
    }

    const WITHOUT: &str = "timestamp without time zone";
    const WITH: &str = "timestamp with time zone";

    #[test]
    fn a_table_that_is_as_ours_needs_nothing_and_its_own_columns_stay() {
        let ours = vec![column("createdAt", WITH, true)];
        let theirs = vec![column("role", "text", false), column("createdAt", WITH, true)];

        assert_eq!(planned(theirs, ours, Sharing::Ours), Plan::default());
    }

    #[test]
    fn times_without_a_zone_are_utc_and_stay_as_they_are_while_the_database_is_shared() {
        let (theirs, ours) = (vec![column("at", WITHOUT, true)], vec![column("at", WITH, true)]);

        let alone = planned(theirs.clone(), ours.clone(), Sharing::Ours);
        let shared = planned(theirs, ours, Sharing::Shared);

        assert!(alone.steps[0].statement.contains(r#"using "at" at time zone 'UTC'"#));
        assert!(shared.steps.is_empty());
        assert_eq!(shared.kept[0].1, "at stays timestamp without time zone");
    }

    #[test]
    fn what_cannot_be_converted_is_named_and_not_touched() {
        let plan = planned(
            vec![
                column("id", "uuid", true),
                column("user_id", "text", true),
                column("extra", "text", true),
            ],
            vec![column("id", "text", true), column("userId", "text", true)],
            Sharing::Ours,
        );

        assert!(plan.steps.is_empty());
        assert_eq!(
            plan.problems,
            [
                r#""session"."id" is uuid, and Coffer needs text. Change its type first"#,
                r#""session" has no column "userId": it has "user_id". Rename it, here and in the schema of your application"#,
                r#""session"."user_id" must have a value, and Coffer has none for it. Give it a default, or drop its not null"#,
                r#""session"."extra" must have a value, and Coffer has none for it. Give it a default, or drop its not null"#,
            ]
        );
    }

    #[test]
    fn an_index_under_another_name_counts() {
        let index = |name: &str, unique| Index {
            table: "session".to_owned(),
            name: name.to_owned(),
            unique,
            keys: "btree (token)".to_owned(),
        };
        let with = |indexes| Schema { indexes, ..schema(Vec::new()) };
        let wanted = with(vec![index("session_token", true)]);
        let steps =
            |found| plan(&found, &wanted, &["session".to_owned()], Sharing::Ours).steps.len();

        assert_eq!(steps(with(vec![index("session_token_key", true)])), 0);
        assert_eq!(steps(with(vec![index("by_token", false)])), 1);
        assert_eq!(steps(with(Vec::new())), 1);
    }
}
