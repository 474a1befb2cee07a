//! The rows of rounds, and the places that one pair of numbers has for them.

use domain::{
    AccountId, Date, RoundId, UserId,
    states::verification::VerificationState,
    verification::{DepositKind, Failure, ROUNDS, ROUNDS_WINDOW, Round},
};
use time::OffsetDateTime;

use super::VERIFICATION;
use crate::{
    Error, Result, Timestamp,
    banks::ProviderKind,
    db::{SystemTx, UserTx},
    execute, fetch_all, fetch_optional,
};

/// A round as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(super) struct Row {
    pub id: RoundId,
    pub account_id: AccountId,
    pub kind: DepositKind,
    pub state: VerificationState,
    pub answer_hash: String,
    pub tries: i64,
    max_tries: i64,
    provider: String,
    /// The provider's; none until the deposits were sent.
    pub reference: Option<String>,
    pub expected_on: Date,
    pub posted_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub reason: Option<Failure>,
    pub reminded_at: Option<Timestamp>,
}

impl Row {
    /// As the rules see it.
    pub fn round(&self) -> Round {
        let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Round {
            kind: self.kind,
            state: self.state,
            tries: count(self.tries),
            max_tries: count(self.max_tries),
            expected_on: self.expected_on,
            posted_at: self.posted_at.map(OffsetDateTime::from),
            expires_at: self.expires_at.map(OffsetDateTime::from),
        }
    }

    /// Who sends its deposits.
    pub fn provider(&self) -> Result<ProviderKind> {
        ProviderKind::parse(&self.provider).ok_or(Error::Corrupt("provider"))
    }
}

/// A round that begins.
pub(super) struct New<'a> {
    pub id: &'a RoundId,
    pub account: &'a AccountId,
    pub kind: DepositKind,
    pub answer_hash: &'a str,
    pub provider: ProviderKind,
    pub expected_on: Date,
}

/// Adds a round on its way.
pub(super) async fn insert(tx: &mut UserTx, new: &New<'_>, now: Timestamp) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        insert into "verification_round" ("id", "userId", "accountId", "kind", "state", "answerHash", "maxTries",
                                          "provider", "expectedOn", "sentAt")
        values ($1, $2, $3, $4, 'sent', $5, $6, $7, $8, $9)
        "#,
        new.id,
        user,
        new.account,
        new.kind,
        new.answer_hash,
        i64::from(new.kind.tries()),
        new.provider.as_str(),
        new.expected_on,
        now,
    )?;
    Ok(())
}

/// One round of the person whose transaction this is.
///
/// # Errors
/// [`Error::NotFound`] also for a round of somebody else.
pub(super) async fn find(tx: &mut UserTx, round: &RoundId) -> Result<Row> {
    let user = tx.user().clone();
    let row: Option<Row> = fetch_optional!(
        tx,
        r#"
        select "id", "accountId", "kind", "state", "answerHash", "tries", "maxTries", "provider", "reference",
               "expectedOn", "postedAt", "expiresAt", "endedAt", "reason", "remindedAt"
        from "verification_round"
        where "userId" = $1 and "id" = $2
        "#,
        user,
        round,
    )?;
    row.ok_or(Error::NotFound(VERIFICATION))
}

/// The newest round of an account.
pub(super) async fn newest(tx: &mut UserTx, account: &AccountId) -> Result<Option<Row>> {
    let user = tx.user().clone();
    Ok(fetch_optional!(
        tx,
        r#"
        select "id", "accountId", "kind", "state", "answerHash", "tries", "maxTries", "provider", "reference",
               "expectedOn", "postedAt", "expiresAt", "endedAt", "reason", "remindedAt"
        from "verification_round"
        where "userId" = $1 and "accountId" = $2
        order by "sentAt" desc, "id" desc
        limit 1
        "#,
        user,
        account,
    )?)
}

/// The accounts with an open round, and when its deposits should be there.
pub(super) async fn awaited(tx: &mut UserTx) -> Result<Vec<(AccountId, Date)>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select "accountId", "expectedOn" from "verification_round"
        where "userId" = $1 and "state" in ('sent', 'posted')
        order by "sentAt", "id"
        "#,
        user,
    )?)
}

/// How many rounds the person has begun since then.
pub(super) async fn started_since(tx: &mut UserTx, since: Timestamp) -> Result<i64> {
    let user = tx.user().clone();
    let (count,): (i64,) = crate::fetch_one!(
        tx,
        r#"select count(*) from "verification_round" where "userId" = $1 and "sentAt" > $2"#,
        user,
        since,
    )?;
    Ok(count)
}

/// Writes back everything that can change.
pub(super) async fn save(tx: &mut UserTx, row: &Row) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        update "verification_round"
        set "state" = $3, "tries" = $4, "reference" = $5, "postedAt" = $6, "expiresAt" = $7, "endedAt" = $8,
            "reason" = $9, "remindedAt" = $10
        where "userId" = $1 and "id" = $2
        "#,
        user,
        &row.id,
        row.state,
        row.tries,
        row.reference.as_deref(),
        row.posted_at,
        row.expires_at,
        row.ended_at,
        row.reason,
        row.reminded_at,
    )?;
    Ok(())
}

/// Every open round, for the job that looks how they stand: those that another look is queued for are left out.
pub(super) async fn open(tx: &mut SystemTx) -> Result<Vec<(RoundId, UserId)>> {
    Ok(fetch_all!(
        tx,
        r#"
        select v."id", v."userId"
        from "verification_round" v
        where v."state" in ('sent', 'posted')
          and not exists (
              select 1 from "job" j where j."key" = 'verification:' || v."id" and j."state" <> 'dead')
        order by v."sentAt", v."id"
        "#,
    )?)
}

/// Takes one of the places that a pair of numbers has for rounds. False: there is none left, whoever took them.
pub(super) async fn take_place(
    tx: &mut UserTx,
    number_hash: &str,
    now: OffsetDateTime,
) -> Result<bool> {
    execute!(
        tx,
        r#"delete from "verification_start" where "numberHash" = $1 and "startedAt" <= $2"#,
        number_hash,
        Timestamp::from(now.saturating_sub(ROUNDS_WINDOW)),
    )?;
    for place in 0..ROUNDS {
        let taken = execute!(
            tx,
            r#"
            insert into "verification_start" ("numberHash", "place", "startedAt")
            values ($1, $2, $3)
            on conflict do nothing
            "#,
            number_hash,
            i64::from(place),
            Timestamp::from(now),
        )?;
        if taken == 1 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Gives the open round of an account up, where there is one.
pub(crate) async fn close(tx: &mut UserTx, account: &AccountId, now: Timestamp) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        update "verification_round" set "state" = 'expired', "endedAt" = $3
        where "userId" = $1 and "accountId" = $2 and "state" in ('sent', 'posted')
        "#,
        user,
        account,
        now,
    )?;
    Ok(())
}
