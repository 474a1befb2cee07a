//! People who don't exist, with two years of money: for demonstrations and measurements.
//!
//! The same seed makes the same people, ids and salts included, on any machine on the same day.

mod ledger;
mod names;

use domain::{AccountId, AccountType, Currency, NewAccount, UserId, plan::Plan};
use futures::{StreamExt, TryStreamExt, stream};
use time::{Duration, OffsetDateTime};

use crate::{
    Backend, Random, Result, Timestamp, accounts, auth::Password, billing, execute, fetch_optional,
    transactions,
};

/// The password of every one of them.
pub const PASSWORD: &str = "correct horse battery staple";

/// Who is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeedOptions {
    /// How many people: `user0@example.com` and so on.
    pub users: u32,
    /// How many transactions each has, over the 24 months up to today.
    pub transactions: u32,
    /// The same number gives the same people.
    pub seed: u64,
}

/// Who was added; those who were there already are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeedReport {
    /// People.
    pub users: u64,
    /// Transactions, all of them together.
    pub transactions: u64,
}

/// A person to be added.
struct Person {
    number: u32,
    id: UserId,
    name: String,
    email: String,
    /// Absent for one who is there.
    new: Option<NewSignIn>,
    /// Continues where the person's own details ended.
    random: Random,
}

struct NewSignIn {
    account_id: String,
    hash: String,
}

#[derive(sqlx::FromRow)]
struct Id {
    id: String,
}

/// Adds the people who are missing, each with an account and its transactions in one transaction. Can be stopped
/// at any time and run again.
#[tracing::instrument(name = "seed.run", skip_all, fields(users = options.users, transactions = options.transactions))]
pub async fn run(backend: &Backend, options: &SeedOptions) -> Result<SeedReport> {
    // Hashing is what takes long: as much of it at a time as the pool allows.
    let at_once = backend.settings.auth.hashing_threads.max(1);
    stream::iter(0..options.users)
        .map(|number| prepare(backend, options.seed, number))
        .buffered(at_once)
        .try_fold(SeedReport::default(), |report, person| async move {
            let (users, transactions) = add(backend, &person, options.transactions).await?;
            Ok(SeedReport {
                users: report.users + users,
                transactions: report.transactions + transactions,
            })
        })
        .await
}

/// The generator of one person's details.
fn details(seed: u64, number: u32) -> Random {
    Random::seeded(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(number.into()))
}

/// The id that a person gets who is not there yet.
pub fn user_id(options: &SeedOptions, number: u32) -> UserId {
    UserId::new(details(options.seed, number).alphanumeric(32))
}

/// Makes up a person. One who is there keeps their id.
async fn prepare(backend: &Backend, seed: u64, number: u32) -> Result<Person> {
    let random = details(seed, number);
    let (id, account_id) = (random.alphanumeric(32), random.alphanumeric(32));
    let name = names::full_name(&random);
    let email = format!("user{number}@example.com");
    let mut tx = backend.db.system().read().await?;
    let there: Option<Id> =
        fetch_optional!(tx, r#"select "id" from "user" where lower("email") = $1"#, &email)?;
    drop(tx);
    let (id, new) = if let Some(there) = there {
        (there.id, None)
    } else {
        let hash = backend.passwords.hash(&random, &Password::from(PASSWORD)).await?;
        (id, Some(NewSignIn { account_id, hash }))
    };
    // The details of the ledger do not depend on whether a password was hashed.
    let random = Random::seeded(seed ^ (u64::from(number) << 32) ^ 0x1ED6);
    Ok(Person { number, id: UserId::new(id), name, email, new, random })
}

/// Adds what is missing of a person; answers how many people and transactions that were.
async fn add(backend: &Backend, person: &Person, transactions: u32) -> Result<(u64, u64)> {
    let today = backend.clock.today();
    let start = today - Duration::days(ledger::DAYS);
    let users = match &person.new {
        Some(new) => add_user(backend, person, new, start.midnight().assume_utc()).await?,
        None => 0,
    };

    let at = Timestamp::from(today.midnight().assume_utc());
    let mut tx = backend.db.as_user(&person.id).write().await?;
    if !accounts::all(&mut tx).await?.is_empty() {
        return Ok((users, 0));
    }
    let opened = start.midnight().assume_utc();
    let account = AccountId::new(person.random.uuid_v7(opened));
    let mask = format!("{:04}", person.random.below(10_000));
    accounts::open(&mut tx, &account, &checking(person), Some(&mask), opened.into()).await?;
    let mut added = 0;
    for rows in ledger::rows(&person.random, today, transactions).chunks(1_000) {
        added += transactions::insert(&mut tx, &account, None, rows, at).await?;
    }
    tx.commit().await?;
    Ok((users, added))
}

fn checking(person: &Person) -> NewAccount {
    NewAccount {
        bank_name: names::bank(person.number).to_owned(),
        account_type: AccountType::Checking,
        numbers: None,
        nickname: None,
        currency: Currency::USD,
    }
}

/// The person and their password, as signing up and confirming the address leave them.
async fn add_user(
    backend: &Backend,
    person: &Person,
    new: &NewSignIn,
    at: OffsetDateTime,
) -> Result<u64> {
    let at = Timestamp::from(at);
    let mut tx = backend.db.system().write().await?;
    let added = execute!(
        tx,
        r#"
        insert into "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
        values ($1, $2, $3, true, $4, $4)
        on conflict do nothing
        "#,
        &person.id,
        &person.name,
        &person.email,
        at,
    )?;
    if added == 1 {
        execute!(
            tx,
            r#"
            insert into "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
            values ($1, $2, 'credential', $2, $3, $4, $4)
            "#,
            &new.account_id,
            &person.id,
            &new.hash,
            at,
        )?;
        // Two years of transactions are more than the smallest plan shows.
        billing::give(&mut tx, &person.id, Plan::Plus, at).await?;
    }
    tx.commit().await?;
    Ok(added)
}

#[cfg(test)]
mod tests;
