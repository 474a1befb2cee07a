//! Amounts, and what stands in their place while they are hidden. Pages write an amount by nothing else.

use domain::Money;
use leptos::prelude::*;

use crate::{preferences::Amounts, routes, server::RequestPath};

/// What stands for every hidden amount, however large it is.
pub const DOTS: &str = "••••";

/// The `max` of a bar: its `value` is a share, which tells no amount.
pub const WHOLE: &str = "1000";

/// An amount in tabular figures, with its raw value for tests and scripts.
#[component]
pub fn Amount(
    /// The amount.
    money: Money,
    /// Shows a plus, and colours what comes in: for movements, not for balances.
    #[prop(optional)]
    signed: bool,
) -> AnyView {
    let currency = money.currency.code().to_owned();
    if are_hidden() {
        return view! {
            <span class="amount" data-currency=currency>
                <span aria-hidden="true">{DOTS}</span>
                <span class="sr-only">"hidden amount"</span>
            </span>
        }
        .into_any();
    }
    let text = if signed { money.format_signed() } else { money.format() };
    let class = if signed && money.minor > 0 { "amount text-positive" } else { "amount" };
    let minor = money.minor.to_string();
    view! {
        <data value=minor.clone() class=class data-minor=minor data-currency=currency>
            {text}
        </data>
    }
    .into_any()
}

/// An amount as text, for sentences and attributes.
pub trait AmountText {
    /// Like [`Money::format`], or dots.
    fn shown(self) -> String;
    /// Like [`Money::format_signed`], or dots.
    fn shown_signed(self) -> String;
    /// Like [`Money::format_absolute`], or dots.
    fn shown_absolute(self) -> String;
}

impl AmountText for Money {
    fn shown(self) -> String {
        dots_or(|| self.format())
    }

    fn shown_signed(self) -> String {
        dots_or(|| self.format_signed())
    }

    fn shown_absolute(self) -> String {
        dots_or(|| self.format_absolute())
    }
}

/// A text that is an amount, or dots.
pub fn dots_or(text: impl FnOnce() -> String) -> String {
    if are_hidden() { DOTS.to_owned() } else { text() }
}

/// A text in which figures may be amounts: each digit is a dot while those are hidden. Signs stay, which questions about a
/// file are asked for.
pub fn veiled(text: String) -> String {
    if !are_hidden() {
        return text;
    }
    text.chars().map(|sign| if sign.is_numeric() { '•' } else { sign }).collect()
}

/// Minor units for `data-minor`; nothing while amounts are hidden.
pub fn raw(minor: i64) -> Option<String> {
    (!are_hidden()).then(|| minor.to_string())
}

/// Which part of the whole a bar shows, in thousandths: the `value` beside [`WHOLE`].
pub fn share(part: i64, whole: i64) -> String {
    let part = i128::from(part.max(0)).saturating_mul(1000);
    (part / i128::from(whole.max(1))).min(1000).to_string()
}

/// Whether the page at hand shows dots.
pub fn are_hidden() -> bool {
    let path = use_context::<RequestPath>().map(|path| path.0).unwrap_or_default();
    Amounts::current() == Amounts::Hidden && !shows_always(&path)
}

/// Prices and made-up figures are nobody's secret, and a statement is there to be printed.
fn shows_always(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let is_below = |parent: &str| {
        path.strip_prefix(parent).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    path == routes::HOME
        || [routes::PRICING, routes::BILLING, routes::SUCCESS].into_iter().any(is_below)
        || (is_below(routes::ACCOUNTS) && path.contains("/statements/"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use domain::Currency;

    use super::*;

    fn on<T>(path: &str, amounts: Amounts, look: impl FnOnce() -> T) -> T {
        Owner::new().with(|| {
            provide_context(RequestPath(path.to_owned()));
            provide_context(amounts);
            look()
        })
    }

    fn html(path: &str, amounts: Amounts) -> String {
        let money = Money::new(-123_456, Currency::USD);
        on(path, amounts, || view! { <Amount money signed=true/> }.to_html())
    }

    #[test]
    fn a_hidden_amount_is_four_dots_and_nothing_of_itself() {
        let html = html("/accounts?x=/statements/", Amounts::Hidden);

        assert!(html.contains(DOTS) && html.contains("hidden amount"), "{html}");
        assert!(!html.contains(|c: char| c.is_ascii_digit()), "{html}");
        let texts = on("/dashboard", Amounts::Hidden, || {
            let money = Money::new(5, Currency::parse("JPY").unwrap());
            [money.shown(), money.shown_signed(), money.shown_absolute()]
        });
        assert_eq!(texts, [DOTS; 3]);
        assert_eq!(on("/dashboard", Amounts::Hidden, || raw(5)), None);
    }

    #[test]
    fn a_shown_amount_is_itself() {
        let html = html("/accounts", Amounts::Shown);

        assert!(html.contains("−$1,234.56") && html.contains(r#"data-minor="-123456""#), "{html}");
    }

    #[test]
    fn prices_samples_and_statements_are_always_shown() {
        for path in ["/", "/pricing?per=year", "/billing/plan", "/accounts/a1/statements/2026-05"] {
            assert!(html(path, Amounts::Hidden).contains("1,234.56"), "{path}");
        }
        for path in ["/pricingx", "/dashboard", "/accounts/a1"] {
            assert!(html(path, Amounts::Hidden).contains(DOTS), "{path}");
        }
    }

    #[test]
    fn a_bar_tells_a_share() {
        let shares = [(0, 0), (-5, 10), (1, 3), (10, 10), (i64::MAX, 1)].map(|(p, w)| share(p, w));

        assert_eq!(shares, ["0", "0", "333", "1000", "1000"]);
    }

    /// Whoever writes an amount past this file shows it to everybody.
    #[test]
    fn no_page_writes_an_amount_by_itself() {
        let mut found = Vec::new();
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);

        assert!(found.is_empty(), "use `shown()` and its kin from `ui::money`: {found:#?}");
    }

    /// Those of prices and of made-up figures, the numbers of rules that are being typed, and this one.
    const MAY: [&str; 4] = ["/src/billing/", "/src/home/", "/src/rules/form.rs", "/ui/money.rs"];

    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_string_lossy().into_owned();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs")
                && !MAY.iter().any(|may| name.contains(may))
            {
                let text = std::fs::read_to_string(&path).unwrap();
                let writes =
                    [".format()", ".format_signed()", ".format_absolute()", "Money::format"];
                let lines = text.lines().enumerate();
                let bad = lines.filter(|(_, line)| writes.iter().any(|write| line.contains(write)));
                found.extend(bad.map(|(n, line)| format!("{name}:{}: {line}", n + 1)));
            }
        }
    }
}
