//! Accounts that a provider brings without vouching for their owner.

use domain::{
    AccountStatus, provider::ProviderVerification as Proof, states::verification::VerificationState,
};

use super::{scripted::Scripted, *};
use crate::{accounts, both_engines, verification::of_account};

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
