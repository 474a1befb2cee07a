//! Every statement in the source of this crate is prepared on both engines.

use std::path::{Path, PathBuf};

use sqlx::Executor;
use syn::{
    Expr, ExprLit, Ident, Lit, Macro, Token,
    parse::{Parse, ParseStream},
    visit::Visit,
};
use walkdir::WalkDir;

use crate::{db::Conn, testing::TestDb};

const MACROS: [&str; 4] = ["fetch_all", "fetch_one", "fetch_optional", "execute"];

/// One call of a statement macro.
struct Statement {
    place: String,
    sqlite: String,
    postgres: String,
    parameters: usize,
}

/// The arguments of a statement macro: `tx, "text", binds…` or `tx, sqlite: "…", postgres: "…", binds…`.
struct Call {
    sqlite: String,
    postgres: String,
    parameters: usize,
}

impl Parse for Call {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.parse::<Expr>()?;
        input.parse::<Token![,]>()?;
        let (sqlite, postgres) = if input.peek(Ident) && input.peek2(Token![:]) {
            let sqlite = labelled(input)?;
            input.parse::<Token![,]>()?;
            (sqlite, labelled(input)?)
        } else {
            let text = literal(input)?;
            (text.clone(), text)
        };
        let mut parameters = 0;
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if !input.is_empty() {
                input.parse::<Expr>()?;
                parameters += 1;
            }
        }
        Ok(Self { sqlite, postgres, parameters })
    }
}

fn labelled(input: ParseStream<'_>) -> syn::Result<String> {
    input.parse::<Ident>()?;
    input.parse::<Token![:]>()?;
    literal(input)
}

fn literal(input: ParseStream<'_>) -> syn::Result<String> {
    match input.parse::<ExprLit>()?.lit {
        Lit::Str(text) => Ok(text.value()),
        other => Err(syn::Error::new(other.span(), "a statement is a literal text")),
    }
}

struct Finder {
    file: PathBuf,
    found: Vec<Statement>,
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_macro(&mut self, called: &'ast Macro) {
        let name = called.path.segments.last().map(|segment| segment.ident.to_string());
        if name.as_deref().is_some_and(|name| MACROS.contains(&name)) {
            let line = called.path.segments[0].ident.span().start().line;
            let place = format!("{}:{line}", self.file.display());
            let call: Call = called.parse_body().unwrap_or_else(|error| panic!("{place}: {error}"));
            self.found.push(Statement {
                place,
                sqlite: call.sqlite,
                postgres: call.postgres,
                parameters: call.parameters,
            });
        } else if let Ok(body) = syn::parse2::<Body>(called.tokens.clone()) {
            // `both_engines! { async fn … }` and `assert!(…)` hold statements as well.
            body.statements.iter().for_each(|statement| self.visit_stmt(statement));
        }
    }
}

struct Body {
    statements: Vec<syn::Stmt>,
}

impl Parse for Body {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self { statements: input.call(syn::Block::parse_within)? })
    }
}

fn statements() -> Vec<Statement> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for entry in WalkDir::new(source) {
        let path = entry.expect("a readable source folder").into_path();
        // The statement macros are defined there, and their parts are not Rust.
        if path.extension().is_none_or(|kind| kind != "rs") || path.ends_with("db/statement.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let file =
            syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut finder = Finder { file: path, found: Vec::new() };
        finder.visit_file(&file);
        found.append(&mut finder.found);
    }
    found
}

#[tokio::test]
async fn every_statement_prepares_on_both_engines() {
    let (sqlite, postgres) = (TestDb::sqlite().await, TestDb::postgres().await);
    let mut problems = Vec::new();

    let statements = statements();
    for db in [&sqlite, &postgres] {
        let mut tx = db.db.system().read().await.expect("a connection");
        for statement in &statements {
            let prepared = match tx.conn() {
                Conn::Sqlite(connection) => connection.describe(&statement.sqlite).await.map(drop),
                Conn::Postgres(connection) => {
                    connection.prepare(&statement.postgres).await.map(drop)
                }
            };
            if let Err(error) = prepared {
                problems.push(format!("{} on {}: {error}", statement.place, db.db.engine_name()));
            }
        }
    }

    assert!(statements.len() > 3, "the search found {} statements", statements.len());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    sqlite.remove().await;
    postgres.remove().await;
}

#[test]
fn every_statement_has_a_value_for_each_of_its_parameters() {
    let problems: Vec<String> = statements()
        .iter()
        .flat_map(|statement| {
            [&statement.sqlite, &statement.postgres]
                .map(|text| (statement, highest_parameter(text)))
        })
        .filter(|(statement, highest)| statement.parameters != *highest)
        .map(|(statement, highest)| {
            format!(
                "{}: ${highest} is the last, {} are bound",
                statement.place, statement.parameters
            )
        })
        .collect();

    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn highest_parameter(text: &str) -> usize {
    text.split('$')
        .skip(1)
        .filter_map(|rest| {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        })
        .max()
        .unwrap_or(0)
}

#[test]
fn statements_run_through_the_macros_alone() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let around: Vec<String> = WalkDir::new(source)
        .into_iter()
        .map(|entry| entry.expect("a readable source folder").into_path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "rs"))
        .filter(|path| !path.components().any(|part| part.as_os_str() == "db"))
        .filter(|path| !path.ends_with("testing.rs"))
        .filter(|path| {
            let text = std::fs::read_to_string(path).expect("a readable file");
            text.contains("sqlx::query") || text.contains("QueryBuilder")
        })
        .map(|path| path.display().to_string())
        .collect();

    assert!(around.is_empty(), "these run SQL past the macros: {around:?}");
}
