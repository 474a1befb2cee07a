use std::time::Duration;

use super::*;
use crate::{both_engines, fetch_all, testing::World};

fn once(key: &str, body: &str) -> Once {
    Once::new(&Key::parse(key).unwrap(), "tests.add", body.as_bytes())
}

const KEY: &str = "0123456789abcdef";

/// A use case with an effect that can be counted: a budget.
async fn add(
    w: &World,
    who: &crate::SignedIn,
    once: Option<&Once>,
    fails: Option<Error>,
) -> Result<Outcome<String>> {
    let now = w.backend.clock.now();
    let tx = w.backend.db.as_user(who.user()).write().await?;
    let mut tx = match begin(tx, once, "budget", now).await? {
        Begun::First(tx) => tx,
        Begun::Again(outcome) => return Ok(outcome),
    };
    let id = w.backend.new_id();
    let category = format!("c{id}");
    execute!(
        tx,
        r#"
        insert into "budget" ("id", "userId", "category", "amountMinor", "currency", "period", "startDate",
                              "createdAt", "updatedAt")
        values ($1, $2, $3, 100, 'USD', 'monthly', $4, $5, $5)
        "#,
        &id,
        who.user(),
        category,
        now.date(),
        Timestamp::from(now),
    )?;
    finish(tx, once, fails.map_or(Ok(id), Err)).await
}

async fn budgets(w: &World, who: &crate::SignedIn) -> usize {
    let mut tx = w.backend.db.as_user(who.user()).read().await.unwrap();
    let rows: Vec<(String,)> =
        fetch_all!(tx, r#"select "id" from "budget" where "userId" = $1"#, who.user()).unwrap();
    rows.len()
}

#[test]
fn a_key_has_sixteen_to_two_hundred_visible_characters() {
    assert!(Key::parse(KEY).is_some());
    assert!(Key::parse(&"!".repeat(200)).is_some());
    for text in ["0123456789abcde", &"x".repeat(201), "0123456789 abcdef", "0123456789abcdéf", ""]
    {
        assert!(Key::parse(text).is_none(), "{text:?}");
    }
}

both_engines! {
    async fn a_key_is_free_again_as_soon_as_a_request_is_answered(db: TestDb) {
        let w = World::new(db).await;

        for _ in 0..30 {
            let answer = add(&w, &w.alice, Some(&once(KEY, "{}")), None).await;
            assert!(answer.is_ok(), "{answer:?}");
            let reused = add(&w, &w.alice, Some(&once(KEY, "[]")), None).await;
            assert!(matches!(reused, Err(Error::KeyReused)), "{reused:?}");
        }
        for n in 0..30 {
            let failing = once(&format!("{KEY}{n}"), "{}");
            add(&w, &w.alice, Some(&failing), Some(Error::Busy)).await.unwrap_err();
            add(&w, &w.alice, Some(&failing), None).await.unwrap();
        }
    }

    async fn the_same_request_again_gets_the_same_answer_and_has_no_second_effect(db: TestDb) {
        let w = World::new(db).await;

        let first = add(&w, &w.alice, Some(&once(KEY, "{}")), None).await.unwrap();
        let again = add(&w, &w.alice, Some(&once(KEY, "{}")), None).await.unwrap();

        assert!(!first.replayed && again.replayed);
        assert_eq!(first.value, again.value);
        assert_eq!(budgets(&w, &w.alice).await, 1);
    }

    async fn without_a_key_each_request_has_its_own_effect(db: TestDb) {
        let w = World::new(db).await;

        add(&w, &w.alice, None, None).await.unwrap();
        add(&w, &w.alice, None, None).await.unwrap();

        assert_eq!(budgets(&w, &w.alice).await, 2);
    }

    async fn a_key_serves_one_body_and_one_route(db: TestDb) {
        let w = World::new(db).await;
        add(&w, &w.alice, Some(&once(KEY, "{}")), None).await.unwrap();

        let other_body = add(&w, &w.alice, Some(&once(KEY, "[]")), None).await;
        let elsewhere = Once::new(&Key::parse(KEY).unwrap(), "tests.other", b"{}");
        let other_route = add(&w, &w.alice, Some(&elsewhere), None).await;

        assert!(matches!(other_body, Err(Error::KeyReused)), "{other_body:?}");
        assert!(matches!(other_route, Err(Error::KeyReused)), "{other_route:?}");
        assert_eq!(budgets(&w, &w.alice).await, 1);
    }

    async fn mallory_may_use_the_same_key_and_sees_nothing_of_alice(db: TestDb) {
        let w = World::new(db).await;
        let alices = add(&w, &w.alice, Some(&once(KEY, "{}")), None).await.unwrap();

        let mallorys = add(&w, &w.mallory, Some(&once(KEY, "{}")), None).await.unwrap();

        assert!(!mallorys.replayed);
        assert_ne!(alices.value, mallorys.value);
    }

    async fn an_answer_that_says_no_is_kept_and_its_writes_are_undone(db: TestDb) {
        let w = World::new(db).await;
        let no = || Some(Error::field("name", domain::Code::NameRequired));

        let first = add(&w, &w.alice, Some(&once(KEY, "{}")), no()).await;
        let again = add(&w, &w.alice, Some(&once(KEY, "{}")), None).await;

        for answer in [first, again] {
            assert!(matches!(&answer, Err(Error::Invalid(fields)) if fields[0].code == "name_required"), "{answer:?}");
        }
        assert_eq!(budgets(&w, &w.alice).await, 0);
    }

    async fn a_failure_of_ours_leaves_the_key_free(db: TestDb) {
        let w = World::new(db).await;

        let broken = add(&w, &w.alice, Some(&once(KEY, "{}")), Some(Error::Busy)).await;
        let again = add(&w, &w.alice, Some(&once(KEY, "{}")), None).await.unwrap();

        assert!(matches!(broken, Err(Error::Busy)));
        assert!(!again.replayed);
        assert_eq!(budgets(&w, &w.alice).await, 1);
    }

    async fn many_at_once_have_one_effect(db: TestDb) {
        let w = World::new(db).await;
        let same = once(KEY, "{}");

        let tries = (0..8).map(|_| add(&w, &w.alice, Some(&same), None));
        let answers = futures::future::join_all(tries).await;

        assert_eq!(budgets(&w, &w.alice).await, 1);
        assert_eq!(answers.iter().filter(|a| matches!(a, Ok(outcome) if !outcome.replayed)).count(), 1);
        for answer in answers {
            assert!(matches!(answer, Ok(_) | Err(Error::KeyInUse)), "{answer:?}");
        }
    }

    async fn a_day_later_the_answer_is_gone_swept_or_not(db: TestDb) {
        let w = World::new(db).await;
        add(&w, &w.alice, Some(&once(KEY, "{}")), None).await.unwrap();

        w.backend.clock.advance(Duration::from_secs(86_401));
        let again = add(&w, &w.alice, Some(&once(KEY, "[]")), None).await.unwrap();
        w.backend.clock.advance(Duration::from_secs(86_401));
        let mut tx = w.backend.db.system().write().await.unwrap();
        let swept = sweep(&mut tx, w.backend.clock.now()).await.unwrap();
        tx.commit().await.unwrap();

        assert!(!again.replayed);
        assert_eq!(swept, 1);
    }
}
