//! `POST /checkout`

use axum::{extract::State, http::HeaderMap, response::Response};
use backend::billing;
use domain::redirect::local_path;
use serde_json::{Value, json};

use super::{
    super::{
        Auth,
        body::{Body, Schema},
        client::Client,
        error::AuthError,
        guard::{Guard, guarded},
        schema::Fields,
    },
    private, refuse,
};

/// What somebody could give themselves a year's trial with, or another person's subscription.
const NOT_FROM_A_BROWSER: [&str; 7] = [
    "metadata",
    "customFieldData",
    "discountId",
    "allowTrial",
    "trialInterval",
    "trialIntervalCount",
    "referenceId",
];

/// `{slug}`, or `{products}` with one id of ours; `redirect` is for the client.
pub(in crate::auth) struct Wanted {
    slug: Option<String>,
    product: Option<String>,
    redirect: bool,
}

impl Schema for Wanted {
    fn read(fields: &mut Fields<'_>) -> Self {
        for name in NOT_FROM_A_BROWSER {
            if fields.value(name).is_some() {
                fields.problem(name, "Not accepted from a browser");
            }
        }
        for name in ["successUrl", "returnUrl"] {
            let local = fields.optional_string(name).is_none_or(|url| local_path(&url).is_some());
            if !local {
                fields.problem(name, "Must be a path of this site");
            }
        }
        let product = match fields.value("products") {
            Some(Value::String(id)) => Some(id.clone()),
            Some(Value::Array(ids)) => {
                if let [Value::String(id)] = &ids[..] {
                    Some(id.clone())
                } else {
                    fields.problem("products", "Name one product");
                    None
                }
            }
            _ => None,
        };
        let slug = fields.optional_string("slug");
        if slug.is_none() && product.is_none() {
            fields.problem("slug", "Name a product");
        }
        Self { slug, product, redirect: fields.optional_bool("redirect").unwrap_or(true) }
    }
}

/// Begins a checkout for the caller. Where both are given the slug wins, as in the plugin.
#[tracing::instrument(name = "auth.routes.checkout", skip_all)]
pub(in crate::auth) async fn checkout(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Client(client): Client,
    Body(wanted): Body<Wanted>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Sensitive, async |who| {
        let sold = auth.backend.settings.billing.as_ref();
        let by_id = || sold?.slug(wanted.product.as_deref()?).map(str::to_owned);
        let slug = wanted.slug.clone().or_else(by_id).unwrap_or_default();
        // Prices follow the buyer's country, so Polar wants the buyer's address and not ours.
        let ip = client.ip.parse().ok();
        Ok(match billing::start_checkout(&auth.backend, &who.caller, &slug, ip).await {
            Ok(url) => private(json!({ "url": url.as_str(), "redirect": wanted.redirect })),
            Err(failure) => refuse(failure),
        })
    })
    .await
}
