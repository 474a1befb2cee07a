use sqlx::FromRow;

use super::*;
use crate::{auth::passwords::Match, both_engines, fetch_all, testing};

const SMALL: SeedOptions = SeedOptions { users: 3, transactions: 40, seed: 7 };

#[derive(Debug, PartialEq, Eq, FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Seen {
    id: String,
    account_id: String,
    date: time::Date,
    amount_minor: i64,
    description: String,
    created_at: Timestamp,
}

#[derive(Debug, PartialEq, Eq, FromRow)]
#[sqlx(rename_all = "camelCase")]
struct SignIn {
    id: String,
    name: String,
    email_verified: bool,
    password: Option<String>,
}

async fn sign_ins(backend: &Backend) -> Vec<SignIn> {
    let mut tx = backend.db.system().read().await.unwrap();
    fetch_all!(
        tx,
        r#"
        select u."id", u."name", u."emailVerified", a."password"
        from "user" u
        join "account" a on a."userId" = u."id" and a."providerId" = 'credential'
        order by u."email"
        "#,
    )
    .unwrap()
}

async fn transactions_of(backend: &Backend, user: &str) -> Vec<Seen> {
    let user = UserId::new(user);
    let mut tx = backend.db.as_user(&user).read().await.unwrap();
    fetch_all!(
        tx,
        r#"
        select "id", "accountId", "date", "amountMinor", "description", "createdAt"
        from "transaction"
        where "userId" = $1
        order by "id"
        "#,
        user,
    )
    .unwrap()
}

both_engines! {
    async fn everybody_has_an_active_account_with_as_many_transactions_as_asked_for(db: TestDb) {
        let backend = testing::backend(db.db.clone());

        let report = run(&backend, &SMALL).await.unwrap();

        assert_eq!(report, SeedReport { users: 3, transactions: 120 });
        for person in sign_ins(&backend).await {
            assert!(person.email_verified);
            let mut tx = backend.db.as_user(&UserId::new(&*person.id)).read().await.unwrap();
            let accounts = accounts::all(&mut tx).await.unwrap();
            assert_eq!(accounts.len(), 1);
            assert_eq!((accounts[0].status, accounts[0].transactions), (domain::AccountStatus::Active, 40));
        }
    }

    async fn they_can_sign_in(db: TestDb) {
        let backend = testing::backend(db.db.clone());
        run(&backend, &SeedOptions { users: 1, ..SMALL }).await.unwrap();
        let hash = sign_ins(&backend).await.remove(0).password.unwrap();

        let matched = backend.passwords.verify(&Password::from(PASSWORD), &hash).await.unwrap();

        assert_eq!(matched, Match::Right);
    }

    async fn running_it_again_adds_nothing_and_more_people_can_join(db: TestDb) {
        let backend = testing::backend(db.db.clone());
        run(&backend, &SMALL).await.unwrap();
        let before = sign_ins(&backend).await;

        let again = run(&backend, &SMALL).await.unwrap();
        let more = run(&backend, &SeedOptions { users: 5, ..SMALL }).await.unwrap();

        assert_eq!(again, SeedReport::default());
        assert_eq!(more, SeedReport { users: 2, transactions: 80 });
        assert_eq!(sign_ins(&backend).await[..3], before);
    }

    async fn a_run_that_was_stopped_between_a_person_and_their_money_is_completed(db: TestDb) {
        let backend = testing::backend(db.db.clone());
        let whole = {
            let other = TestDb::sqlite().await;
            let backend = testing::backend(other.db.clone());
            run(&backend, &SMALL).await.unwrap();
            let id = sign_ins(&backend).await.remove(0).id;
            transactions_of(&backend, &id).await
        };
        let person = prepare(&backend, SMALL.seed, 0).await.unwrap();
        let at = backend.clock.now();
        add_user(&backend, &person, person.new.as_ref().unwrap(), at).await.unwrap();

        let report = run(&backend, &SMALL).await.unwrap();

        assert_eq!(report, SeedReport { users: 2, transactions: 120 });
        assert_eq!(transactions_of(&backend, person.id.as_str()).await, whole);
    }

    async fn the_same_seed_makes_the_same_bytes_and_another_does_not(db: TestDb) {
        let backend = testing::backend(db.db.clone());
        let other = TestDb::sqlite().await;
        let twin = testing::backend(other.db.clone());
        let third = TestDb::sqlite().await;
        let stranger = testing::backend(third.db.clone());

        run(&backend, &SMALL).await.unwrap();
        run(&twin, &SMALL).await.unwrap();
        run(&stranger, &SeedOptions { seed: 8, ..SMALL }).await.unwrap();

        assert_eq!(sign_ins(&backend).await, sign_ins(&twin).await);
        assert_ne!(sign_ins(&backend).await, sign_ins(&stranger).await);
        let id = sign_ins(&backend).await.remove(1).id;
        assert_eq!(transactions_of(&backend, &id).await, transactions_of(&twin, &id).await);
        other.remove().await;
        third.remove().await;
    }
}
