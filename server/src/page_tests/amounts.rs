//! Hidden amounts: no page of a person says one, in no attribute and no sentence, until they are shown again.

use backend::{billing::testing::prices, both_engines};

use super::{Browser, Site, leads_to, selling, site, submit, visit, words};

/// Somebody with rows on two days and a budget that is over; the paths of their account and of one row.
async fn with_rows(site: &Site) -> (Browser, String, String) {
    let mut ann = site.person("ann@example.com").await;
    let fields = [("bankName", "Wallet"), ("accountType", "cash"), ("currency", "USD")];
    let account = leads_to(&submit(&mut ann, "/accounts/link", &fields).await).to_owned();
    let id = account.trim_start_matches("/accounts/").to_owned();
    let mut row = String::new();
    for (date, text, direction, amount, category) in [
        ("2026-05-01", "Payroll", "in", "2345.67", "income.salary"),
        ("2026-05-02", "Trail Outfitters", "out", "1234.56", "shopping.clothing"),
        ("2026-05-03", "Lunch", "out", "8.76", "food.restaurants"),
    ] {
        let fields = [
            ("accountId", &*id),
            ("date", date),
            ("description", text),
            ("direction", direction),
            ("amount", amount),
            ("category", category),
        ];
        row = leads_to(&submit(&mut ann, "/transactions/new", &fields).await).to_owned();
    }
    let budget = [
        ("category", "shopping"),
        ("amount", "777.77"),
        ("currency", "USD"),
        ("period", "monthly"),
        ("startDate", "2026-05-01"),
        ("fromStart", "true"),
    ];
    leads_to(&submit(&mut ann, "/budgets/new", &budget).await);
    (ann, account, row)
}

/// What stands in the content of a page, without its scripts.
fn content(page: &str) -> String {
    let (_, rest) = page.split_once("<main").unwrap_or_else(|| panic!("no content in {page}"));
    let content = rest.split_once("</main>").map_or(rest, |(content, _)| content);
    let parts = content.split("<script").enumerate();
    let written = parts.map(|(n, part)| match part.split_once("</script>") {
        Some((_, after)) if n > 0 => after,
        _ => part,
    });
    written.collect()
}

/// Amounts of the person, as people and as programs read them: rows, sums, what is over.
const TOLD: [&str; 9] =
    ["234.56", "123456", "345.67", "234567", "777.77", "77777", "456.79", "45679", "8.76"];

both_engines! {
    async fn hidden_amounts_are_nowhere_and_come_back(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account, _) = with_rows(&site).await;
        let pages = ["/dashboard", "/accounts", &*account, "/transactions", "/budgets", "/recurring", "/review", "/rules", "/import"];
        let shown = words(&visit(&mut ann, "/dashboard").await);
        assert!(shown.contains("$1,234.56") && shown.contains(r#"data-minor="-123456""#), "{shown}");

        let hid = submit(&mut ann, "/amounts", &[("amounts", "hidden"), ("page", "/transactions?q=a")]).await;

        assert_eq!(leads_to(&hid), "/transactions?q=a");
        for path in pages {
            let page = words(&visit(&mut ann, path).await);
            assert!(page.contains(r#"aria-pressed="true""#), "{path}: {page}");
            let content = content(&page);
            for told in TOLD.iter().chain(&["$", "data-minor"]) {
                assert!(!content.contains(*told), "{told} on {path}: {content}");
            }
        }
        for path in ["/dashboard", "/accounts", &account, "/transactions", "/budgets"] {
            assert!(visit(&mut ann, path).await.text.contains("••••"), "{path}");
        }
        let back = submit(&mut ann, "/amounts", &[("amounts", "shown"), ("page", "//evil.example")]).await;
        assert_eq!(leads_to(&back), "/");
        let again = words(&visit(&mut ann, "/dashboard").await);
        assert!(again.contains("$1,234.56") && again.contains(r#"aria-pressed="false""#), "{again}");
    }

    async fn a_statement_a_file_and_a_form_keep_their_amounts(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account, row) = with_rows(&site).await;
        submit(&mut ann, "/amounts", &[("amounts", "hidden")]).await;

        let statement = words(&visit(&mut ann, &format!("{account}/statements/2026-05")).await);
        let file = visit(&mut ann, "/transactions.csv").await.text;
        let row = words(&visit(&mut ann, &row).await);

        assert!(statement.contains("$1,234.56"), "{statement}");
        assert!(file.contains("1234.56"), "{file}");
        assert!(!row.contains("$8.76") && row.contains("••••"), "{row}");
    }

    async fn prices_are_nobodys_secret(db: TestDb) {
        let site = selling(db.db.clone());
        prices(&site.backend, 900).await;
        let mut ann = site.person("ann@example.com").await;
        submit(&mut ann, "/amounts", &[("amounts", "hidden")]).await;

        let page = words(&visit(&mut ann, "/pricing").await);

        assert!(page.contains("$9.00") && !page.contains("••••"), "{page}");
    }
}
