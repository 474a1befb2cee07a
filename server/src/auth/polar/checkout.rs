//! `POST /checkout`

use axum::{extract::State, http::HeaderMap, response::Response};
use backend::billing::{self, Wish};
use domain::redirect::safe_next;
use serde_json::{Value, json};
use url::Url;

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
    success_url: Option<String>,
    return_url: Option<String>,
    embed_origin: Option<String>,
    codes: bool,
}

impl Schema for Wanted {
    fn read(fields: &mut Fields<'_>) -> Self {
        for name in NOT_FROM_A_BROWSER {
            if fields.value(name).is_some() {
                fields.problem(name, "Not accepted from a browser");
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
        Self {
            slug,
            product,
            redirect: fields.optional_bool("redirect").unwrap_or(true),
            success_url: fields.optional_string("successUrl"),
            return_url: fields.optional_string("returnUrl"),
            embed_origin: fields.optional_string("embedOrigin"),
            codes: fields.optional_bool("allowDiscountCodes").unwrap_or(true),
        }
    }
}

/// The page of ours that an address of the body names, by its path or in full; another site's is refused by name.
fn own_page(app: &Url, name: &str, url: Option<&str>) -> Result<Option<String>, AuthError> {
    let Some(url) = url else { return Ok(None) };
    let path = match url.strip_prefix(app.origin().ascii_serialization().as_str()) {
        Some("") => safe_next("/"),
        Some(path) => safe_next(path),
        None => safe_next(url),
    };
    let refused = || AuthError::validation(&[format!("[body.{name}] Must be a page of this site")]);
    path.map(Some).ok_or_else(refused)
}

/// Whether one of our own pages shows the checkout in a frame; no other site may.
fn embedded(app: &Url, origin: Option<&str>) -> Result<bool, AuthError> {
    match origin {
        None => Ok(false),
        Some(origin) if origin == app.origin().ascii_serialization() => Ok(true),
        Some(_) => {
            let problem = "[body.embedOrigin] Must be the origin of this site".to_owned();
            Err(AuthError::validation(&[problem]))
        }
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
        let app = &auth.backend.settings.app_url;
        let success_path = own_page(app, "successUrl", wanted.success_url.as_deref())?;
        let return_path = own_page(app, "returnUrl", wanted.return_url.as_deref())?;
        let wish = Wish {
            slug: &slug,
            // Prices follow the buyer's country, so Polar wants the buyer's address and not ours.
            client_ip: client.ip.parse().ok(),
            success_path: success_path.as_deref(),
            return_path: return_path.as_deref(),
            embedded: embedded(app, wanted.embed_origin.as_deref())?,
            without_codes: !wanted.codes,
        };
        Ok(match billing::start_checkout(&auth.backend, &who.caller, wish).await {
            Ok(url) => private(json!({ "url": url.as_str(), "redirect": wanted.redirect })),
            Err(failure) => refuse(&auth, failure),
        })
    })
    .await
}
