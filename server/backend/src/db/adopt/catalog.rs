//! What Postgres says of the tables of a schema.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::PgConnection;

/// The tables of one schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Schema {
    /// Columns of each table, in the order of the table.
    pub(crate) columns: BTreeMap<String, Vec<Column>>,
    /// Indexes, also those behind keys and constraints.
    pub(crate) indexes: Vec<Index>,
    /// Foreign keys of one column.
    pub(crate) references: Vec<Reference>,
    /// Tables whose owner, too, is under row-level security.
    pub(crate) forced: BTreeSet<String>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Column {
    pub(crate) table: String,
    pub(crate) name: String,
    /// As in `create table`: `timestamp without time zone`.
    pub(crate) kind: String,
    pub(crate) required: bool,
    /// The expression, also of a generated or identity column.
    pub(crate) default: Option<String>,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Index {
    pub(crate) table: String,
    pub(crate) name: String,
    pub(crate) unique: bool,
    /// Method, keys and condition: `btree (lower(email))`.
    pub(crate) keys: String,
}

/// A foreign key of one column.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Reference {
    pub(crate) table: String,
    pub(crate) name: String,
    pub(crate) column: String,
    pub(crate) target: String,
    /// What happens when the target row goes: `a` nothing, `c` cascade, `n` set null.
    pub(crate) on_delete: String,
}

impl Schema {
    pub(crate) fn has(&self, table: &str) -> bool {
        self.columns.contains_key(table)
    }

    pub(crate) fn column(&self, table: &str, name: &str) -> Option<&Column> {
        self.columns.get(table)?.iter().find(|column| column.name == name)
    }
}

/// Reads `schema`.
pub(crate) async fn read(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<Schema, sqlx::Error> {
    let columns: Vec<Column> = sqlx::query_as(
        r#"
        select c.relname::text as "table", a.attname::text as "name",
               format_type(a.atttypid, a.atttypmod) as "kind", a.attnotnull as "required",
               case when a.attidentity <> '' then 'identity' else pg_get_expr(d.adbin, d.adrelid) end as "default"
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        where n.nspname = $1 and c.relkind in ('r', 'p')
        order by c.relname, a.attnum
        "#,
    )
    .bind(schema)
    .fetch_all(&mut *connection)
    .await?;
    let mut found = Schema::default();
    for column in columns {
        found.columns.entry(column.table.clone()).or_default().push(column);
    }
    found.indexes = sqlx::query_as(
        r#"
        select c.relname::text as "table", i.relname::text as "name", x.indisunique as "unique",
               substring(pg_get_indexdef(x.indexrelid) from ' USING (.*)$') as "keys"
        from pg_index x
        join pg_class c on c.oid = x.indrelid
        join pg_class i on i.oid = x.indexrelid
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = $1 and x.indisvalid
        order by c.relname, i.relname
        "#,
    )
    .bind(schema)
    .fetch_all(&mut *connection)
    .await?;
    found.references = sqlx::query_as(
        r#"
        select c.relname::text as "table", k.conname::text as "name", a.attname::text as "column",
               t.relname::text as "target", k.confdeltype::text as "on_delete"
        from pg_constraint k
        join pg_class c on c.oid = k.conrelid
        join pg_class t on t.oid = k.confrelid
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
        where n.nspname = $1 and k.contype = 'f' and cardinality(k.conkey) = 1
        order by c.relname, k.conname
        "#,
    )
    .bind(schema)
    .fetch_all(&mut *connection)
    .await?;
    let forced: Vec<(String,)> = sqlx::query_as(
        r"
        select c.relname::text
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = $1 and c.relforcerowsecurity
        ",
    )
    .bind(schema)
    .fetch_all(connection)
    .await?;
    found.forced = forced.into_iter().map(|(table,)| table).collect();
    Ok(found)
}

/// A name as it stands in a statement.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
