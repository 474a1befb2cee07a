//! Accounts that a provider brings without vouching for their owner.

use domain::{
    AccountStatus, provider::ProviderVerification as Proof,
    states::verification::VerificationState, verification::DepositKind,
};

use super::{scripted::Scripted, *};
use crate::{
    accounts::{self, banked},
    both_engines,
    limits::Address,
    verification::{Ask, of_account, start, statement},
};

both_engines! {
    async fn an_account_begins_as_far_as_the_providers_proof_is(db: TestDb) {
        let mut w = World::new(db).await;
        let cases = [
            (None, AccountStatus::Active, VerificationState::Verified),
            (Some(Proof::Verified), AccountStatus::Active, VerificationState::Verified),
            (Some(Proof::Sent), AccountStatus::Pending, VerificationState::Sent),
            (Some(Proof::Posted), AccountStatus::Pending, VerificationState::Posted),
            (Some(Proof::UseDeposits), AccountStatus::Pending, VerificationState::Unstarted),
            (Some(Proof::Failed), AccountStatus::Suspended, VerificationState::Failed),
            (Some(Proof::Expired), AccountStatus::Pending, VerificationState::Expired),
        ];
        for (n, (proof, status, verification)) in cases.into_iter().enumerate() {
            let who = crate::testing::person(&w.backend, &format!("person{n}")).await;
            let bank = Scripted::default();
            bank.proves(proof);
            w.backend = bank.behind(&w.backend);
            bank.link(&w.backend, &who).await;

            let account = accounts::list(&w.backend, &who).await.unwrap().remove(0);

            let view = of_account(&w.backend, &who, &account.id).await.unwrap();
            assert_eq!((account.status, view.state), (status, verification), "{proof:?}");
            let proven = status == AccountStatus::Active;
            assert_eq!((view.method.is_some(), view.verified_at.is_some()), (proven, proven), "{proof:?}");
            assert_eq!(account.suspended.is_some(), status == AccountStatus::Suspended, "{proof:?}");
        }
    }

    async fn where_the_provider_is_not_sure_our_deposits_decide(db: TestDb) {
        let mut w = World::new(db).await;
        let bank = Scripted::default();
        bank.proves(Some(Proof::UseDeposits));
        bank.numbered("1111222233330000");
        w.backend = bank.behind(&w.backend);
        bank.link(&w.backend, &w.alice).await;
        let account = accounts::list(&w.backend, &w.alice).await.unwrap().remove(0);
        assert_eq!(account.status, AccountStatus::Pending);

        let ask = Ask { account: &account.id, kind: DepositKind::Code, address: &Address::of(None) };
        let view = start(&w.backend, &w.alice, &ask).await.unwrap();
        run(&w.backend).await;

        assert_eq!(view.state, VerificationState::Sent);
        let sent = statement(&w.backend, &w.alice, &account.id).await.unwrap();
        assert!(sent.is_some(), "deposits that left");
    }

    async fn numbers_without_a_proof_take_the_place_of_none_that_have_one(db: TestDb) {
        let mut w = World::new(db).await;
        let bank = Scripted::default();
        bank.numbered("1111222233330000");
        w.backend = bank.behind(&w.backend);
        let first = bank.link(&w.backend, &w.alice).await;
        let index = async || {
            let mut tx = w.backend.db.as_user(w.alice.user()).read().await.unwrap();
            banked::known(&mut tx).await.unwrap().remove(0).number_index
        };
        let before = index().await;
        assert!(before.is_some());
        remove(&w.backend, &w.alice, &first, History::Keep).await.unwrap();

        bank.proves(Some(Proof::UseDeposits));
        bank.numbered("9999222233330000");
        bank.link(&w.backend, &w.alice).await;

        assert_eq!(index().await, before);
    }

    async fn a_link_without_a_proof_takes_none_away_and_gives_none(db: TestDb) {
        let mut w = World::new(db).await;
        let bank = Scripted::default();
        w.backend = bank.behind(&w.backend);
        let first = bank.link(&w.backend, &w.alice).await;
        remove(&w.backend, &w.alice, &first, History::Keep).await.unwrap();

        bank.proves(Some(Proof::UseDeposits));
        bank.link(&w.backend, &w.alice).await;

        let found = accounts::list(&w.backend, &w.alice).await.unwrap();
        assert_eq!(found.len(), 1, "the same account, known by its lasting id: {found:?}");
        let view = of_account(&w.backend, &w.alice, &found[0].id).await.unwrap();
        assert_eq!((found[0].status, view.state), (AccountStatus::Active, VerificationState::Verified));
    }
}
