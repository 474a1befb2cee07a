//! What the jobs of customers do: Polar first, our map of customers afterwards, in the transaction of the job.

use domain::UserId;

use super::has_customer;
use crate::{
    Backend, Result,
    billing::{
        apply::{Snapshot, apply_customer},
        client::{Answer, NewCustomer, PolarClient, PolarError},
        person::{self, Person},
        wire::Customer,
    },
    db::SystemTx,
};

/// Makes the customer of a person who has none.
#[tracing::instrument(name = "billing.create_customer", skip_all, fields(user.id = %user))]
pub(crate) async fn create(backend: &Backend, user: &UserId) -> Result<SystemTx> {
    let mut tx = backend.db.system().read().await?;
    let known = has_customer(&mut tx, user).await?;
    drop(tx);
    if known {
        return Ok(backend.db.system().write().await?);
    }
    insert(backend, user).await
}

/// Tells Polar the name and the address that a person has now.
#[tracing::instrument(name = "billing.update_customer", skip_all, fields(user.id = %user))]
pub(crate) async fn update(backend: &Backend, user: &UserId) -> Result<SystemTx> {
    let Some((client, person)) = look(backend, user).await? else {
        return Ok(backend.db.system().write().await?);
    };
    match client.update_customer(&described(user, &person)).await {
        Ok(answer) => map(backend, answer).await,
        Err(PolarError::NotFound) => insert(backend, user).await,
        Err(PolarError::Validation(fields)) => {
            if conflict(&client, &person, user, &fields).await?.is_some() {
                // They have a customer of their own already, and two cannot become one.
                count(user);
            }
            Ok(backend.db.system().write().await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Lets Polar forget a customer: it cancels what they pay for and keeps their orders without a name.
#[tracing::instrument(name = "billing.delete_customer", skip_all)]
pub(crate) async fn delete(backend: &Backend, external_id: &str) -> Result<SystemTx> {
    if let Some(client) = PolarClient::of(backend) {
        match client.delete_customer(external_id).await {
            Ok(()) | Err(PolarError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(backend.db.system().write().await?)
}

async fn insert(backend: &Backend, user: &UserId) -> Result<SystemTx> {
    let Some((client, person)) = look(backend, user).await? else {
        return Ok(backend.db.system().write().await?);
    };
    let found = match client.create_customer(&described(user, &person)).await {
        Ok(answer) => Some(answer),
        Err(PolarError::Validation(fields)) => settle(&client, &person, user, &fields).await?,
        Err(error) => return Err(error.into()),
    };
    match found {
        Some(answer) => map(backend, answer).await,
        None => Ok(backend.db.system().write().await?),
    }
}

/// Polar did not take the customer. They may be there since a try whose answer was lost; or somebody has the address.
async fn settle(
    client: &PolarClient<'_>,
    person: &Person,
    user: &UserId,
    fields: &[String],
) -> Result<Option<Answer<Customer>>> {
    match client.customer(user).await {
        Ok(answer) => return Ok(Some(answer)),
        Err(PolarError::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    let Some(customer) = conflict(client, person, user, fields).await? else { return Ok(None) };
    match client.adopt_customer(&customer, user).await {
        Ok(answer) => Ok(Some(answer)),
        // Somebody was quicker.
        Err(PolarError::Validation(_) | PolarError::NotFound) => {
            count(user);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Why Polar does not take an address. Answers the customer who has it, if the person may have that one: their
/// address is proven and nobody was given the customer yet. Anything else is for a person to look at.
async fn conflict(
    client: &PolarClient<'_>,
    person: &Person,
    user: &UserId,
    fields: &[String],
) -> Result<Option<String>> {
    let found = client.customers_by_email(&person.email).await?;
    let Some(other) = found.items.into_iter().next() else {
        // A domain that does not exist, for example. The checkout asks for another address.
        tracing::warn!(user.id = %user, ?fields, "Polar does not take this customer");
        return Ok(None);
    };
    if person.email_verified && other.data.external_id.is_none() {
        return Ok(Some(other.data.id));
    }
    count(user);
    Ok(None)
}

fn count(user: &UserId) {
    metrics::counter!("coffer_polar_customer_conflicts_total").increment(1);
    tracing::warn!(user.id = %user, "somebody else is the customer with this address at Polar");
}

/// The client and the person; nothing for a person who is gone, or where nothing is sold any more.
async fn look<'a>(
    backend: &'a Backend,
    user: &UserId,
) -> Result<Option<(PolarClient<'a>, Person)>> {
    let mut tx = backend.db.system().read().await?;
    let person = person::find(&mut tx, user).await?;
    Ok(PolarClient::of(backend).zip(person))
}

fn described<'a>(user: &'a UserId, person: &'a Person) -> NewCustomer<'a> {
    NewCustomer { user, email: &person.email, name: &person.name }
}

async fn map(backend: &Backend, answer: Answer<Customer>) -> Result<SystemTx> {
    let snapshot: Snapshot<Customer> = answer.snapshot();
    let mut tx = backend.db.system().write().await?;
    apply_customer(&mut tx, backend, &snapshot, false).await?;
    Ok(tx)
}
