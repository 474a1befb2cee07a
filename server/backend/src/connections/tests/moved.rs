//! A bank that calls an account by another id: known by the id that stays, else its owner is asked.

use domain::connection::SameForm;

use super::{
    scripted::{ACCOUNT, MAY_4, Scripted, booked, page, tell},
    *,
};
use crate::{accounts, both_engines};

const NEW: &str = "acc-2";

fn says(account: &str) -> [SameForm; 1] {
    [SameForm { provider: NEW.to_owned(), account: account.to_owned() }]
}

/// A world with an account of one row, which its bank calls by another id since.
async fn renamed(
    db: crate::testing::TestDb,
    lasting: Option<&'static str>,
) -> (World, Scripted, ConnectionId) {
    let bank = Scripted::default();
    bank.calls_it(ACCOUNT, lasting);
    let mut w = World::new(db).await;
    w.backend = bank.behind(&w.backend);
    let connection = bank.link(&w.backend, &w.alice).await;
    tell(&w, &bank, &connection, page(vec![booked("b1", MAY_4, -450, "BLUE BOTTLE")], vec![], &[]))
        .await;
    bank.calls_it(NEW, lasting);
    tell(&w, &bank, &connection, page(vec![], vec![], &[])).await;
    (w, bank, connection)
}

both_engines! {
    async fn an_account_with_a_lasting_id_goes_on_by_itself(db: TestDb) {
        let (w, _, connection) = renamed(db, Some("per-1")).await;

        let offered = candidates(&w.backend, &w.alice, &connection).await.unwrap();

        assert!(offered[0].added && offered[0].may_be.is_empty(), "{offered:?}");
        assert!(!view(&w, &connection).await.new_accounts);
    }

    async fn its_owner_says_that_it_is_the_same_and_it_goes_on_with_its_rows(db: TestDb) {
        let (w, bank, connection) = renamed(db, None).await;
        let (backend, alice) = (&w.backend, &w.alice);
        let own = accounts::list(backend, alice).await.unwrap().remove(0).id;
        assert!(view(&w, &connection).await.new_accounts);
        let offered = candidates(backend, alice, &connection).await.unwrap();
        assert!(!offered[0].added);
        let names: Vec<_> = offered[0].may_be.iter().map(|one| (&one.account, &*one.name)).collect();
        assert_eq!(names, [(&own, "Checking")]);

        let chosen = [NEW.to_owned()];
        for unsaid in [Vec::new(), says("").to_vec(), says("somebody's").to_vec()] {
            let refused = choose_as(backend, alice, &connection, &chosen, &unsaid).await;
            let Err(Error::Invalid(errors)) = refused else { panic!("{refused:?}") };
            assert!(errors[0].field.starts_with("same"), "{errors:?}");
        }
        let moved = choose_as(backend, alice, &connection, &chosen, &says(own.as_str())).await.unwrap();

        assert_eq!((&moved.added, moved.refused.len()), (&vec![own.clone()], 0));
        assert!(!view(&w, &connection).await.new_accounts);
        let before = live(backend, alice).await;
        run(backend).await;
        read(backend, alice, &connection).await;
        let row = booked("n1", MAY_4, -450, "BLUE BOTTLE");
        let row = crate::banks::ProviderRow { account: NEW.to_owned(), ..row };
        tell(&w, &bank, &connection, page(vec![row], vec![], &[])).await;
        let after = live(backend, alice).await;
        assert_eq!((before.len(), after.len()), (1, 1), "{after:?}");
        assert_eq!((&after[0].id, after[0].provider_id.as_deref()), (&before[0].id, Some("n1")));
        assert_eq!(accounts::list(backend, alice).await.unwrap().len(), 1);
        let offered = candidates(backend, alice, &connection).await.unwrap();
        assert!(offered[0].added && offered[0].may_be.is_empty());
    }

    async fn its_owner_says_that_it_is_another_one(db: TestDb) {
        let (w, _, connection) = renamed(db, None).await;
        let (backend, alice) = (&w.backend, &w.alice);

        let chosen = choose_as(backend, alice, &connection, &[NEW.to_owned()], &says(SameForm::NONE)).await.unwrap();

        assert_eq!(chosen.added.len(), 1);
        assert_eq!(accounts::list(backend, alice).await.unwrap().len(), 2);
        assert_eq!(live(backend, alice).await.len(), 1, "what was read stays where it is");
        let hers = choose_as(backend, &w.mallory, &connection, &[NEW.to_owned()], &says(SameForm::NONE)).await;
        assert!(matches!(hers, Err(Error::NotFound(_))), "{hers:?}");
    }
}
