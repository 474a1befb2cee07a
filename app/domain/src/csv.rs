//! Writing CSV (RFC 4180): quotes where needed, lines ended by LF.

use std::borrow::Cow;

/// One line, with its LF.
pub fn line<S: AsRef<str>>(cells: &[S]) -> String {
    let cells: Vec<Cow<'_, str>> = cells.iter().map(|cell| quoted(cell.as_ref())).collect();
    // A line of one empty cell would read as no line at all.
    if cells.iter().all(|cell| cell.is_empty()) && cells.len() == 1 {
        return "\"\"\n".to_owned();
    }
    cells.join(",") + "\n"
}

/// Text that a spreadsheet won't take for a formula: `'` before `= + - @`, their wide forms, tab and CR at the start
/// of any line, blanks not counted. For text cells only; numbers stay as they are.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if !text.split('\n').any(is_formula) {
        return Cow::Borrowed(text);
    }
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| if is_formula(line) { format!("'{line}") } else { line.to_owned() })
        .collect();
    Cow::Owned(lines.join("\n"))
}

fn is_formula(line: &str) -> bool {
    let starts = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    line.starts_with(['\t', '\r']) || line.trim_start().starts_with(starts)
}

fn quoted(cell: &str) -> Cow<'_, str> {
    if cell.contains(['"', ',', '\n', '\r']) || cell != cell.trim() {
        Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_needs_quotes_has_them() {
        assert_eq!(
            line(&["2026-05-04", "ACME, Inc", "Pay \"May\"", "-4.50", ""]),
            "2026-05-04,\"ACME, Inc\",\"Pay \"\"May\"\"\",-4.50,\n"
        );
        assert_eq!(line(&["two\nlines", " x"]), "\"two\nlines\",\" x\"\n");
        assert_eq!(line(&[""]), "\"\"\n");
    }

    #[test]
    fn a_spreadsheet_finds_no_formula() {
        for text in ["=1+1", "+1", "-1", "@x", "\tx", "\rx", " =1", "＝1"] {
            assert_eq!(guarded(text), format!("'{text}"), "{text:?}");
        }
        assert_eq!(guarded("a\n=b\nc"), "a\n'=b\nc");
        assert_eq!(guarded("a=b"), "a=b");
    }
}
