//! Everything that is a person's own, as one JSON document, written piece by piece: a long history is never in
//! memory as a whole. Account numbers are not in it, only the digits that may be shown.

use domain::{AccountView, TransactionId, activity::Action, connection::ConnectionView};
use serde::Serialize;
use time::OffsetDateTime;

use crate::{
    Backend, Error, Result, SignedIn, accounts,
    audit::{self, Event},
    auth::{UserView, linked_accounts},
    budgets::{self, Kept},
    categories::{self, OwnCategory},
    connections,
    imports::{self, ImportView},
    preferences::{self, Preferences},
    recurring,
    rules::{self, RuleView},
    transactions::{
        self, BatchView, duplicates, transfers,
        views::{self, SavedView},
    },
    verification,
};

/// Rows of one piece.
const ROWS: i64 = 500;

/// What is never in the document: it is kept for us to use, and nobody is shown it.
const EXCLUDED: [&str; 4] = [
    "account and routing numbers beyond the digits that may be shown",
    "passwords, passkeys, second factors and their recovery codes",
    "sessions and access tokens, those of connected banks and providers too",
    "the amounts and codes of small deposits",
];

/// What the document begins with, in this order; the transactions follow.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    format: &'static str,
    version: u32,
    #[serde(with = "time::serde::rfc3339")]
    exported_at: OffsetDateTime,
    excluded: [&'static str; 4],
    profile: Profile,
    sign_in: Vec<WayIn>,
    connections: Vec<ConnectionView>,
    accounts: Vec<AccountView>,
    verifications: Vec<verification::Kept>,
    imports: Vec<ImportView>,
    preferences: Preferences,
    categories: Vec<OwnCategory>,
    recurring: Vec<recurring::Kept>,
    rules: Vec<RuleView>,
    saved_views: Vec<SavedView>,
    batches: Vec<BatchView>,
    transfers: Vec<transfers::Kept>,
    duplicates: Vec<duplicates::Filed>,
    // A list stands last: whoever opens the document again for its transactions counts on one bracket.
    budgets: Vec<Kept>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    name: String,
    email: String,
    email_verified: bool,
    image: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WayIn {
    provider: String,
    #[serde(with = "time::serde::rfc3339")]
    since: OffsetDateTime,
}

/// The document of one person, from its first piece to its last.
pub struct Export {
    backend: Backend,
    caller: SignedIn,
    user: UserView,
    at: Place,
}

enum Place {
    Head,
    /// After this row; none of them yet.
    Rows(Option<TransactionId>),
    End,
}

impl Export {
    /// The document of the caller, whose own row this request has found.
    pub fn new(backend: &Backend, caller: &SignedIn, user: UserView) -> Self {
        Self { backend: backend.clone(), caller: caller.clone(), user, at: Place::Head }
    }

    /// The next piece; nothing after the last.
    pub async fn next(&mut self) -> Result<Option<String>> {
        match &self.at {
            Place::Head => {
                let head = self.head().await?;
                self.at = Place::Rows(None);
                Ok(Some(head))
            }
            Place::Rows(after) => {
                let piece = self.rows(after.clone()).await?;
                Ok(Some(piece))
            }
            Place::End => Ok(None),
        }
    }

    /// Everything but the transactions, open where they go.
    async fn head(&self) -> Result<String> {
        let (backend, caller) = (&self.backend, &self.caller);
        let user = self.user.clone();
        let ways = linked_accounts(backend, caller).await?;
        self.note().await?;
        let mut tx = backend.db.as_user(caller.user()).read().await?;
        let head = Head {
            format: "coffer-export",
            version: 1,
            exported_at: backend.clock.now(),
            excluded: EXCLUDED,
            profile: Profile {
                name: user.name,
                email: user.email,
                email_verified: user.email_verified,
                image: user.image,
                created_at: user.created_at,
            },
            sign_in: ways
                .into_iter()
                .map(|way| WayIn { provider: way.provider_id, since: way.created_at })
                .collect(),
            connections: connections::all(&mut tx).await?,
            accounts: accounts::all(&mut tx).await?,
            verifications: verification::all(&mut tx).await?,
            imports: imports::all(&mut tx).await?,
            preferences: preferences::of(&mut tx).await?,
            categories: categories::all(&mut tx).await?,
            recurring: recurring::all(&mut tx, backend).await?,
            rules: rules::all(&mut tx).await?,
            saved_views: views::all(&mut tx).await?,
            batches: transactions::all_batches(&mut tx).await?,
            transfers: transfers::all(&mut tx).await?,
            duplicates: duplicates::all(&mut tx).await?,
            budgets: budgets::kept(&mut tx).await?,
        };
        let mut text = json(&head)?;
        text.truncate(text.trim_end_matches('}').len());
        text.push_str(",\"transactions\":[");
        Ok(text)
    }

    async fn note(&self) -> Result<()> {
        let mut tx = self.backend.db.system().write().await?;
        let event = Event::by(Action::Exported, &self.caller);
        audit::record(&mut tx, &self.backend, event).await?;
        Ok(tx.commit().await?)
    }

    async fn rows(&mut self, after: Option<TransactionId>) -> Result<String> {
        let mut tx = self.backend.db.as_user(self.caller.user()).read().await?;
        let start = after.as_ref().map_or("", TransactionId::as_str);
        let rows = transactions::after(&mut tx, start, ROWS).await?;
        let mut text = String::new();
        let mut separator = if after.is_some() { ",\n" } else { "\n" };
        for row in &rows {
            text.push_str(separator);
            text.push_str(&json(row)?);
            separator = ",\n";
        }
        let whole = i64::try_from(rows.len()).is_ok_and(|count| count == ROWS);
        self.at = match rows.into_iter().next_back() {
            Some(last) if whole => Place::Rows(Some(last.id)),
            _ => {
                text.push_str("\n]}\n");
                Place::End
            }
        };
        Ok(text)
    }
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|_| Error::Corrupt("row of an export"))
}

#[cfg(test)]
mod tests {
    use domain::budget::BudgetForm;
    use serde_json::Value;

    use super::*;
    use crate::{
        Timestamp,
        accounts::{
            create,
            testing::{account_of, by_hand, checking},
        },
        both_engines, execute,
        testing::World,
        transactions::testing::{Given, doubt, give_all},
    };

    fn row_of(w: &World, who: &SignedIn) -> UserView {
        let now = w.backend.clock.now();
        UserView {
            id: who.user().clone(),
            name: who.user().to_string(),
            email: format!("{}@example.com", who.user()),
            email_verified: true,
            image: None,
            two_factor_enabled: false,
            created_at: now,
            updated_at: now,
        }
    }

    async fn document(w: &World, who: &SignedIn) -> (Value, usize) {
        let mut export = Export::new(&w.backend, who, row_of(w, who));
        let (mut text, mut pieces) = (String::new(), 0);
        while let Some(piece) = export.next().await.unwrap() {
            text.push_str(&piece);
            pieces += 1;
        }
        assert!(export.next().await.unwrap().is_none());
        (serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")), pieces)
    }

    fn texts<'v>(rows: &'v Value, field: &str) -> Vec<&'v str> {
        rows.as_array().unwrap().iter().map(|row| row[field].as_str().unwrap()).collect()
    }

    fn texts_of(list: &Value) -> Vec<&str> {
        list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
    }

    both_engines! {
        async fn what_was_said_of_copies_and_rounds_of_deposits_goes_along_without_their_answers(db: TestDb) {
            let w = World::new(db).await;
            let account = create(&w.backend, &w.alice, checking("021000021", "000123456789"), None).await.unwrap().value.id;
            let rows = give_all(&w.backend, &w.alice, &account, &[Given::default(); 2]).await;
            doubt(&w.backend, &w.alice, &rows[0], &rows[1]).await;
            let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
            execute!(
                tx,
                r#"
                insert into "verification_round" ("id", "userId", "accountId", "kind", "state", "answerHash", "maxTries",
                                                  "provider", "expectedOn", "sentAt")
                values ('r', $1, $2, 'amounts', 'sent', 'answer-hash', 3, 'simbank', $3, $4)
                "#,
                w.alice.user(),
                &account,
                w.backend.clock.today(),
                Timestamp::from(w.backend.clock.now()),
            )
            .unwrap();
            tx.commit().await.unwrap();

            let (document, _) = document(&w, &w.alice).await;

            let (pair, round) = (&document["duplicates"][0], &document["verifications"][0]);
            assert_eq!((&pair["kept"], &pair["state"]), (&Value::from(rows[0].as_str()), &Value::from("open")));
            assert_eq!((&round["account"], &round["kind"]), (&Value::from(account.as_str()), &Value::from("amounts")));
            assert!(!document.to_string().contains("answer-hash"));
        }

        async fn somebody_who_has_nothing_takes_their_profile_along(db: TestDb) {
            let w = World::new(db).await;

            let (document, _) = document(&w, &w.alice).await;

            assert_eq!(document["format"], "coffer-export");
            assert_eq!(document["exportedAt"], "2026-05-04T12:00:00Z");
            assert_eq!(document["profile"]["email"], "alice@example.com");
            assert_eq!(document["preferences"]["zone"], "UTC");
            assert_eq!(document["preferences"]["daysFrom"], "default");
            assert!(texts_of(&document["excluded"]).contains(&EXCLUDED[0]), "{document}");
            for empty in
                ["connections", "accounts", "imports", "categories", "recurring", "rules", "savedViews", "batches", "verifications",
                 "transfers", "duplicates", "budgets", "transactions"]
            {
                assert_eq!(document[empty], serde_json::json!([]), "{empty}");
            }
        }

        async fn budgets_go_along_with_each_of_their_amounts(db: TestDb) {
            let w = World::new(db).await;
            categories::create(&w.backend, &w.alice, "food", "School lunch").await.unwrap();
            let form = BudgetForm { category: "food".to_owned(), amount: "5".to_owned(), ..BudgetForm::default() };
            budgets::create(&w.backend, &w.alice, &form, None).await.unwrap();

            let (document, _) = document(&w, &w.alice).await;

            assert_eq!(texts(&document["categories"], "key"), ["food.school-lunch"]);
            assert_eq!(texts(&document["budgets"], "category"), ["food"]);
            let amounts = serde_json::json!([{ "from": "2026-05-04", "amountMinor": 500 }]);
            assert_eq!(document["budgets"][0]["amounts"], amounts);
            assert_eq!(document["budgets"][0]["alertPercents"], serde_json::json!([80, 100]));
        }

        async fn transfers_go_along_with_both_of_their_rows(db: TestDb) {
            let w = World::new(db).await;
            let wallet = account_of(&w.backend, &w.alice).await;
            let savings = create(&w.backend, &w.alice, by_hand("Box", "USD"), None).await.unwrap().value.id;
            let row = |minor| Given { minor, category: "uncategorized", description: "MOVED", ..Given::default() };
            let out = give_all(&w.backend, &w.alice, &wallet, &[row(-900), row(-500)]).await;
            let into = give_all(&w.backend, &w.alice, &savings, &[row(900), row(500)]).await;
            let pair = transfers::link(&w.backend, &w.alice, &into[0], &out[0]).await.unwrap();
            transfers::look(&w.backend, w.alice.user()).await.unwrap();

            let (mine, _) = document(&w, &w.alice).await;
            let (theirs, _) = document(&w, &w.mallory).await;

            let at = "2026-05-04T12:00:00Z";
            assert_eq!(mine["transfers"][0], serde_json::json!({
                "id": pair, "outId": out[0], "inId": into[0], "state": "confirmed", "byRule": false,
                "createdAt": at, "decidedAt": at,
            }));
            let suggested = &mine["transfers"][1];
            assert_eq!((&suggested["state"], &suggested["outId"], &suggested["inId"]), (&"suggested".into(), &out[1].as_str().into(), &into[1].as_str().into()));
            assert_eq!(suggested["decidedAt"], Value::Null);
            assert_eq!(theirs["transfers"], serde_json::json!([]));
        }

        async fn rows_of_several_pieces_are_all_there_once(db: TestDb) {
            let w = World::new(db).await;
            let account = account_of(&w.backend, &w.alice).await;
            let many = vec![Given::default(); 1_000];
            let mut expected = give_all(&w.backend, &w.alice, &account, &many).await;
            expected.sort();

            let (document, pieces) = document(&w, &w.alice).await;

            // The head, two full pieces, and one that finds no more.
            assert_eq!(pieces, 4);
            let ids = texts(&document["transactions"], "id");
            assert_eq!(ids, expected.iter().map(TransactionId::as_str).collect::<Vec<_>>());
        }

        async fn numbers_stay_behind_and_so_does_what_is_somebody_elses(db: TestDb) {
            let w = World::new(db).await;
            create(&w.backend, &w.alice, checking("021000021", "000123456789"), None).await.unwrap();
            let foreign = account_of(&w.backend, &w.mallory).await;
            give_all(&w.backend, &w.mallory, &foreign, &[Given { description: "Hers", ..Given::default() }]).await;

            let (document, _) = document(&w, &w.alice).await;

            assert_eq!(texts(&document["accounts"], "mask"), ["6789"]);
            let text = document.to_string();
            assert!(!text.contains("123456789") && !text.contains("021000021"), "{text}");
            assert!(!text.contains("Hers") && !text.contains("mallory"), "{text}");
        }
    }
}
