//! What the line above every page of a person says: one thing, the most urgent. A bank that wants its customer comes
//! before a payment that failed. Every page asks, so it is one statement as long as no payment is owed.

use domain::{
    ConnectionId, Date,
    connection::{BankProblem, ConnectionAttention},
    states::connection::ConnectionState,
};

use crate::{Backend, Result, SignedIn, billing, db::UserTx, fetch_all};

/// What needs a person's attention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attention {
    /// A connection to a bank.
    Connection(ConnectionAttention),
    /// A payment: what happened and until when, as a sentence.
    Payment(String),
}

/// A connection that wants something, or with another `kind` a subscription that is owed.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    kind: String,
    id: ConnectionId,
    bank: String,
    state: ConnectionState,
    expires_on: Option<Date>,
    problem: Option<BankProblem>,
}

impl Row {
    /// Rows that are read no more come before rows that will be.
    fn urgency(&self) -> u8 {
        match self.state {
            ConnectionState::LoginRequired => 0,
            ConnectionState::Revoked => 1,
            _ => 2,
        }
    }

    fn sentence(&self) -> String {
        match (self.state, self.problem) {
            (ConnectionState::Revoked, _) => {
                format!("The connection to {} has ended. Link the bank again.", self.bank)
            }
            (ConnectionState::LoginRequired, Some(problem)) => problem.sentence(&self.bank),
            (state, _) => state.sentence(&self.bank, self.expires_on),
        }
    }
}

/// What needs the caller's attention most; nothing when all is well.
#[tracing::instrument(name = "attention.get", skip_all, fields(user.id = %caller.user()))]
pub async fn get(backend: &Backend, caller: &SignedIn) -> Result<Option<Attention>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let (connections, owed): (Vec<Row>, Vec<Row>) =
        rows(&mut tx).await?.into_iter().partition(|row| row.kind == "connection");
    if let Some(connection) = most_urgent(connections) {
        return Ok(Some(Attention::Connection(connection)));
    }
    if owed.is_empty() {
        return Ok(None);
    }
    Ok(billing::late_payment(&mut tx, backend).await?.map(Attention::Payment))
}

fn most_urgent(mut rows: Vec<Row>) -> Option<ConnectionAttention> {
    // Of two that are as urgent the older one stays first.
    rows.sort_by_key(Row::urgency);
    let others = i64::try_from(rows.len()).unwrap_or(i64::MAX).saturating_sub(1);
    let first = rows.into_iter().next()?;
    Some(ConnectionAttention {
        message: first.sentence(),
        connection: first.id,
        institution_name: first.bank,
        state: first.state,
        others,
    })
}

async fn rows(tx: &mut UserTx) -> Result<Vec<Row>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select 'connection' as "kind", "id", "institutionName" as "bank", "state", "expiresOn", "problem", "createdAt"
        from "connection"
        where "userId" = $1 and "removedAt" is null and "state" in ('login_required', 'revoked', 'expiring')
        union all
        select 'payment', "id", '', 'healthy', null, null, "createdAt"
        from "subscription"
        where "userId" = $1 and coalesce("knownStatus", "status") = 'past_due'
        order by "createdAt", "id"
        "#,
        user,
    )?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        billing::testing::{subscription, with_billing},
        both_engines, execute,
        testing::World,
    };

    /// A connection of Alice's in a state.
    async fn connection(w: &World, id: &str, bank: &str, state: &str, day: Option<Date>) {
        let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
        execute!(
            tx,
            r#"
            insert into "connection" ("id", "userId", "provider", "institutionId", "institutionName", "itemId", "state",
                                      "expiresOn", "createdAt", "updatedAt")
            values ($1, $2, 'simbank', 'sim', $3, $1, $4, $5, $6, $6)
            "#,
            id,
            w.alice.user(),
            bank,
            state,
            day,
            crate::Timestamp::from(w.backend.clock.now()),
        )
        .unwrap();
        tx.commit().await.unwrap();
    }

    fn nowhere() -> url::Url {
        "http://127.0.0.1:1".parse().unwrap()
    }

    both_engines! {
        async fn of_several_banks_the_most_urgent_is_told_and_how_many_more_there_are(db: TestDb) {
            let w = World::new(db).await;
            assert_eq!(get(&w.backend, &w.alice).await.unwrap(), None);
            connection(&w, "c1", "Soon Savings", "expiring", Some(time::macros::date!(2026 - 05 - 11))).await;
            connection(&w, "c2", "Fine Federal", "healthy", None).await;

            let Some(Attention::Connection(soon)) = get(&w.backend, &w.alice).await.unwrap() else { panic!() };
            assert_eq!((&*soon.institution_name, soon.others), ("Soon Savings", 0));
            assert!(soon.message.contains("11 May 2026"), "{}", soon.message);
            connection(&w, "c3", "Gone Bank", "revoked", None).await;
            connection(&w, "c4", "Login Trust", "login_required", None).await;
            let before = w.backend.db.statements_so_far();
            let Some(Attention::Connection(login)) = get(&w.backend, &w.alice).await.unwrap() else { panic!() };

            assert_eq!(w.backend.db.statements_so_far() - before, 1);
            assert_eq!((&*login.message, login.others), ("Login Trust needs you to sign in again.", 2));
            assert_eq!(get(&w.backend, &w.mallory).await.unwrap(), None);
        }

        async fn a_bank_comes_before_a_payment_and_a_payment_before_nothing(db: TestDb) {
            let w = World::new(db).await;
            let backend = with_billing(w.backend.clone(), &nowhere());
            subscription(&backend, w.alice.user().as_str(), "plus", "past_due").await;
            subscription(&backend, w.mallory.user().as_str(), "plus", "active").await;

            let Some(Attention::Payment(sentence)) = get(&backend, &w.alice).await.unwrap() else { panic!() };
            assert_eq!(sentence, "Your last payment failed. Update your card by 11 May 2026 to keep Plus.");
            assert_eq!(get(&backend, &w.mallory).await.unwrap(), None);
            assert_eq!(get(&w.backend, &w.alice).await.unwrap(), None, "nothing is sold here");
            connection(&w, "c1", "Gone Bank", "revoked", None).await;
            let Some(Attention::Connection(gone)) = get(&backend, &w.alice).await.unwrap() else { panic!() };

            assert_eq!(gone.message, "The connection to Gone Bank has ended. Link the bank again.");
        }
    }
}
