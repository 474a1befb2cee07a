//! A migration as its single statements, so that those for tables that exist can be left out.

/// The statements of one of our own migrations, without their semicolons.
pub(crate) fn split(text: &str) -> Vec<&str> {
    let mut statements = Vec::new();
    let (mut start, mut rest) = (0, text);
    while !rest.is_empty() {
        let at = text.len() - rest.len();
        if rest.starts_with(';') {
            statements.push(text[start..at].trim());
            start = at + 1;
            rest = &rest[1..];
        } else {
            rest = &rest[token(rest)..];
        }
    }
    statements.push(text[start..].trim());
    statements.retain(|statement| statement.lines().any(|line| !is_comment(line)));
    statements
}

fn is_comment(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with("--")
}

fn past_comments(mut statement: &str) -> &str {
    loop {
        statement = statement.trim_start();
        if !statement.starts_with("--") {
            return statement;
        }
        statement = statement.split_once('\n').map_or("", |(_, rest)| rest);
    }
}

/// Bytes of what `rest` begins with: a comment, a quoted text, a dollar-quoted body, or one character.
fn token(rest: &str) -> usize {
    for (open, close) in [("--", "\n"), ("$$", "$$"), ("'", "'"), ("\"", "\"")] {
        if let Some(inside) = rest.strip_prefix(open) {
            return inside.find(close).map_or(rest.len(), |end| open.len() + end + close.len());
        }
    }
    rest.chars().next().map_or(1, char::len_utf8)
}

/// What a statement is about, if it makes a table or an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Makes<'s> {
    /// `create table "…"`.
    Table(&'s str),
    /// `create table if not exists "…"`.
    TableIfMissing(&'s str),
    /// `create index … on "…"`: the table.
    IndexOn(&'s str),
    /// `alter table "…" force row level security`.
    Forces(&'s str),
    /// Anything else.
    Other,
}

/// Reads the words of a statement, past its comments.
pub(crate) fn makes(statement: &str) -> Makes<'_> {
    let code = past_comments(statement);
    let named = |before: &str| {
        let name = code.split_once(before)?.1;
        name.split_once('"').map(|(name, _)| name)
    };
    if code.starts_with("create table if not exists") {
        named("create table if not exists \"").map_or(Makes::Other, Makes::TableIfMissing)
    } else if code.starts_with("create table") {
        named("create table \"").map_or(Makes::Other, Makes::Table)
    } else if code.starts_with("create index") || code.starts_with("create unique index") {
        named(" on \"").map_or(Makes::Other, Makes::IndexOn)
    } else if code.starts_with("alter table") && code.ends_with("force row level security") {
        named("alter table \"").map_or(Makes::Other, Makes::Forces)
    } else {
        Makes::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semicolons_in_texts_comments_and_bodies_end_nothing() {
        let text =
            "-- a; b\nselect ';' as \"x;y\"; do $$ begin null; end $$;\n\n-- only a comment;\n";

        assert_eq!(split(text), ["-- a; b\nselect ';' as \"x;y\"", "do $$ begin null; end $$"]);
    }

    #[test]
    fn statements_tell_what_they_make() {
        assert_eq!(makes("-- Why.\ncreate table \"user\" (\n  \"id\" text)"), Makes::Table("user"));
        assert_eq!(
            makes("create table if not exists \"passkey\" ()"),
            Makes::TableIfMissing("passkey")
        );
        assert_eq!(makes("create unique index \"a\" on \"b\" (\"c\")"), Makes::IndexOn("b"));
        assert_eq!(makes("alter table \"a\" force row level security"), Makes::Forces("a"));
        assert_eq!(makes("grant select on \"a\" to b"), Makes::Other);
    }
}
