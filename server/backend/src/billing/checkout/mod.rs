//! From the wish to buy to the plan: Polar takes the money, and our tables say when it is done.

mod again;
mod progress;

use std::{net::IpAddr, time::Duration};

use domain::{billing::Entitlement, redirect};
use url::Url;

use super::{
    BillingFailure,
    apply::apply_checkout,
    client::{NewCheckout, PolarClient, PolarError},
    entitlement, pages, person,
};
use crate::{Backend, Error, SignedIn, fetch_optional, limits::Rule};

pub use again::check_again;
pub use progress::checkout_progress;

/// Where a checkout leads, paid or not.
const SUCCESS: &str = "/success?checkout_id={CHECKOUT_ID}";
const RETURN: &str = "/pricing";
const CHECKOUTS: Rule = Rule::rate("checkouts", 5, Duration::from_mins(1));

/// What somebody wants to buy, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish<'a> {
    /// Our name of it.
    pub slug: &'a str,
    /// The browser's address, or nothing where it is not known for sure: Polar would price everybody at our data
    /// centre.
    pub client_ip: Option<IpAddr>,
    /// Where paying leads, a path of ours; `{CHECKOUT_ID}` in its query becomes the id. Otherwise `/success`.
    pub success_path: Option<&'a str>,
    /// Where the way back leads, a path of ours. Otherwise `/pricing`.
    pub return_path: Option<&'a str>,
    /// One of our pages shows the checkout in a frame.
    pub embedded: bool,
    /// The checkout asks for no discount code.
    pub without_codes: bool,
}

impl<'a> Wish<'a> {
    /// The usual way to buy what is sold under a name.
    pub fn of(slug: &'a str) -> Self {
        Self { slug, ..Self::default() }
    }
}

/// Begins a checkout; answers the page where it is paid, which nobody but the caller may see. A person has one trial:
/// whoever had theirs pays at once.
///
/// # Errors
/// [`BillingFailure::Off`], [`BillingFailure::ProductUnknown`], [`BillingFailure::TooManyTries`],
/// [`BillingFailure::AlreadySubscribed`] before Polar is asked, [`BillingFailure::NotCharged`].
#[tracing::instrument(name = "billing.start_checkout", skip_all, fields(user.id = %caller.user()))]
pub async fn start_checkout(
    backend: &Backend,
    caller: &SignedIn,
    wish: Wish<'_>,
) -> Result<Url, BillingFailure> {
    let settings = backend.settings.billing.as_ref().ok_or(BillingFailure::Off)?;
    let client = PolarClient::of(backend).ok_or(BillingFailure::Off)?;
    let product = settings.product(wish.slug).ok_or(BillingFailure::ProductUnknown)?;
    backend.limits.take(CHECKOUTS, caller.user().as_str()).await?;
    let standing = refuse_second(backend, caller, product).await?;

    let mut tx = backend.db.system().read().await?;
    let person = person::find(&mut tx, caller.user()).await?.ok_or(Error::NotFound("user"))?;
    drop(tx);
    let app = backend.settings.app_url.origin().ascii_serialization();
    let here = |path: Option<&str>, usual| {
        format!("{app}{}", redirect::next_or(path.unwrap_or(usual), usual))
    };
    let new = NewCheckout {
        product,
        user: caller.user(),
        email: Some(&*person.email).filter(|_| person.email_verified),
        success_url: &here(wish.success_path, SUCCESS),
        return_url: &here(wish.return_path, RETURN),
        ip_address: wish.client_ip.map(|address| address.to_canonical().to_string()),
        embed_origin: wish.embedded.then_some(&*app),
        codes: !wish.without_codes,
        trial: !standing.had_trial,
    };
    let answer = client.create_checkout(&new).await.map_err(not_started)?;
    let Some(page) = pages::of_polar(&backend.settings.app_url, settings, &answer.data.url) else {
        tracing::error!("the page of a checkout is not at Polar");
        return Err(BillingFailure::NotCharged);
    };
    let mut answer = answer.map(|opened| opened.checkout);
    // It is the caller's, whatever else the answer says.
    answer.data.external_customer_id = Some(caller.user().to_string());
    let mut tx = backend.db.system().write().await?;
    apply_checkout(&mut tx, backend, &answer.snapshot()).await?;
    tx.commit().await?;
    Ok(page)
}

fn not_started(error: PolarError) -> BillingFailure {
    match error {
        PolarError::AlreadyActiveSubscription => BillingFailure::AlreadySubscribed,
        PolarError::Validation(fields) if fields.iter().any(|name| name.contains("products")) => {
            tracing::error!("POLAR_PRODUCTS names a product that Polar does not sell");
            BillingFailure::ProductUnknown
        }
        PolarError::Validation(fields) => {
            tracing::error!(?fields, "Polar refuses a checkout");
            BillingFailure::NotCharged
        }
        _ => BillingFailure::NotCharged,
    }
}

/// Whoever pays for a subscription changes it: Polar refuses a second one, at the end of its page. Something that
/// is bought once may be added. Answers what the caller has now.
async fn refuse_second(
    backend: &Backend,
    caller: &SignedIn,
    product: &str,
) -> Result<Entitlement, BillingFailure> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let standing = entitlement::of(&mut tx, backend).await?;
    if !standing.billable {
        return Ok(standing);
    }
    let interval: Option<(Option<String>,)> = fetch_optional!(
        tx,
        r#"select "recurringInterval" from "polar_product" where "id" = $1"#,
        product,
    )?;
    if interval == Some((None,)) { Ok(standing) } else { Err(BillingFailure::AlreadySubscribed) }
}

#[cfg(test)]
mod tests;
