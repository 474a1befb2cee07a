//! What each plan has room for, and what a present changes.

use domain::{
    Currency, NewAccount, PageRequest, TransactionFilter,
    account::AccountType,
    billing::UseCount,
    plan::{Limit, Plan},
};
use time::Duration;

use super::selling;
use crate::{
    Backend, Error, SignedIn, accounts,
    billing::{entitlement, give_plan, plan_use},
    both_engines, fetch_all, imports,
    testing::person,
    transactions::{
        self,
        testing::{Given, give},
    },
};

fn cash() -> NewAccount {
    NewAccount {
        bank_name: "First Bank".to_owned(),
        account_type: AccountType::Cash,
        numbers: None,
        nickname: None,
        currency: Currency::USD,
    }
}

async fn add(backend: &Backend, who: &SignedIn) -> Result<(), Error> {
    accounts::create(backend, who, cash(), None).await.map(drop)
}

both_engines! {
    async fn the_last_place_is_given_once(db: TestDb) {
        let backend = selling(db.db.clone());
        let ann = person(&backend, "ann").await;
        add(&backend, &ann).await.unwrap();
        add(&backend, &ann).await.unwrap();

        let (one, other) = tokio::join!(add(&backend, &ann), add(&backend, &ann));

        let refused = [one, other].into_iter().filter_map(Result::err).collect::<Vec<_>>();
        assert!(
            matches!(refused[..], [Error::PlanRequired { limit: Limit::Accounts, plan: Plan::Free }]),
            "{refused:?}"
        );
        assert_eq!(plan_use(&backend, &ann).await.unwrap().accounts, 3);
    }

    async fn an_account_that_was_put_away_comes_back_where_there_is_room(db: TestDb) {
        let backend = selling(db.db.clone());
        let ann = person(&backend, "ann").await;
        for _ in 0..3 {
            add(&backend, &ann).await.unwrap();
        }
        let first = accounts::list(&backend, &ann).await.unwrap().remove(0).id;
        accounts::archive(&backend, &ann, &first).await.unwrap();
        add(&backend, &ann).await.unwrap();

        let refused = accounts::unarchive(&backend, &ann, &first).await;
        let second = accounts::list(&backend, &ann).await.unwrap().remove(0).id;
        accounts::archive(&backend, &ann, &second).await.unwrap();
        let back = accounts::unarchive(&backend, &ann, &first).await;

        assert!(matches!(refused, Err(Error::PlanRequired { limit: Limit::Accounts, .. })), "{refused:?}");
        assert!(back.is_ok());
    }

    async fn a_present_makes_room_and_can_be_taken_back(db: TestDb) {
        let backend = selling(db.db.clone());
        let ann = person(&backend, "ann").await;
        for _ in 0..3 {
            add(&backend, &ann).await.unwrap();
        }
        assert!(add(&backend, &ann).await.is_err());

        give_plan(&backend, "Ann@example.com", Plan::Plus).await.unwrap();
        let found = entitlement(&backend, &ann).await.unwrap();
        assert_eq!((found.plan, found.gift), (Plan::Plus, true));
        add(&backend, &ann).await.unwrap();

        give_plan(&backend, "ann@example.com", Plan::Free).await.unwrap();
        assert!(add(&backend, &ann).await.is_err());
        assert!(give_plan(&backend, "nobody@example.com", Plan::Plus).await.is_err());
    }

    async fn without_billing_nothing_is_refused(db: TestDb) {
        let backend = crate::testing::backend(db.db.clone());
        let ann = person(&backend, "ann").await;
        for _ in 0..5 {
            add(&backend, &ann).await.unwrap();
        }
        assert_eq!(entitlement(&backend, &ann).await.unwrap().plan, Plan::Premium);
    }

    async fn an_import_is_a_use_once_and_nobody_elses(db: TestDb) {
        let backend = selling(db.db.clone());
        let (ann, mallory) = (person(&backend, "ann").await, person(&backend, "mallory").await);
        let account = accounts::testing::account_of(&backend, &ann).await;
        let file = b"Date,Description,Amount\n2026-04-12,Coffee,-4.50".to_vec();
        let import = imports::upload(&backend, &ann, &account, "bank.csv", file).await.unwrap();
        let (options, choice) = Default::default();
        assert!(imports::apply(&backend, &mallory, &import, &options, &choice, None).await.is_err());

        for _ in 0..2 {
            imports::apply(&backend, &ann, &import, &options, &choice, None).await.unwrap();
        }

        let used = async |who| entitlement(&backend, who).await.unwrap().metered.unwrap();
        let metered = used(&ann).await;
        assert_eq!(metered.counts, [UseCount { event: "import".to_owned(), count: 1 }]);
        assert_eq!(metered.since, time::macros::datetime!(2026-05-01 00:00 UTC), "no period is paid");
        assert_eq!(used(&mallory).await.counts, []);
        let mut tx = backend.db.system().read().await.unwrap();
        let sent: Vec<(String, String)> =
            fetch_all!(tx, r#"select "id", "metadata" from "polar_usage""#).unwrap();
        assert_eq!(sent, [(import.to_string(), r#"{"rows":1}"#.to_owned())]);
    }

    async fn an_import_that_fails_is_no_use(db: TestDb) {
        let backend = selling(db.db.clone());
        let ann = person(&backend, "ann").await;
        let account = accounts::testing::account_of(&backend, &ann).await;
        let file = b"Date,Description,Amount\n03/04/2026,Coffee,-4.50".to_vec();
        let import = imports::upload(&backend, &ann, &account, "bank.csv", file).await.unwrap();
        let (options, choice) = Default::default();

        let open = imports::apply(&backend, &ann, &import, &options, &choice, None).await;

        assert!(matches!(open, Err(Error::Invalid(_))), "{open:?}");
        let metered = entitlement(&backend, &ann).await.unwrap().metered.unwrap();
        assert_eq!(metered.counts, []);
    }

    async fn imports_are_counted_by_the_month(db: TestDb) {
        let backend = selling(db.db.clone());
        let ann = person(&backend, "ann").await;
        let account = accounts::testing::account_of(&backend, &ann).await;
        for day in 1..=11 {
            let file = format!("Date,Description,Amount\n2026-04-{day:02},Coffee,-4.50");
            let upload = imports::upload(&backend, &ann, &account, "bank.csv", file.into_bytes()).await;
            if day == 11 {
                assert!(matches!(upload, Err(Error::PlanRequired { limit: Limit::Imports, .. })));
                break;
            }
            let (options, choice) = Default::default();
            imports::apply(&backend, &ann, &upload.unwrap(), &options, &choice, None).await.unwrap();
        }

        backend.clock.advance(std::time::Duration::from_hours(24 * 31));
        let file = b"Date,Description,Amount\n2026-04-12,Coffee,-4.50".to_vec();
        assert!(imports::upload(&backend, &ann, &account, "bank.csv", file).await.is_ok());
    }

    async fn older_rows_are_kept_and_said_to_be(db: TestDb) {
        let backend = selling(db.db.clone());
        let ann = person(&backend, "ann").await;
        let account = accounts::testing::account_of(&backend, &ann).await;
        let today = backend.clock.today();
        for days in [1, 300, 400] {
            let given = Given { date: today - Duration::days(days), ..Given::default() };
            give(&backend, &ann, &account, given).await;
        }
        let page = PageRequest::Page { page: 1, limit: 50 };
        let list = async |filter: TransactionFilter| {
            transactions::list(&backend, &ann, &filter, &page).await.unwrap()
        };

        let all = list(TransactionFilter::default()).await;
        let start = today.replace_year(today.year() - 1).unwrap();
        assert_eq!((all.total, all.items.len(), all.hidden_before), (2, 2, Some(start)));
        let recent = TransactionFilter { from: Some(today - Duration::days(30)), ..TransactionFilter::default() };
        assert_eq!(list(recent).await.hidden_before, None);

        give_plan(&backend, "ann@example.com", Plan::Starter).await.unwrap();
        let all = list(TransactionFilter::default()).await;
        assert_eq!((all.total, all.hidden_before), (3, None));
    }
}
