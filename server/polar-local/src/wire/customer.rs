//! Customers and their sessions.

use sha2::{Digest as _, Sha256};
use url::Url;

use crate::{
    catalog::ORGANIZATION,
    json::{Json, object},
    model::{Address, Customer, Session},
};

/// A customer.
pub fn customer(c: &Customer) -> Json {
    let digest = hex(&Sha256::digest(c.email.as_bytes()));
    object! {
        "id": c.id,
        "created_at": c.created_at,
        "modified_at": c.modified_at,
        "metadata": &c.metadata,
        "external_id": c.external_id.as_deref(),
        "email": &c.email,
        "email_verified": false,
        "type": "individual",
        "name": c.name.as_deref(),
        "billing_name": c.name.as_deref(),
        "billing_address": c.billing_address.as_ref().map(address),
        "tax_id": Json::Null,
        "locale": c.locale.as_deref(),
        "organization_id": ORGANIZATION,
        "default_payment_method_id": c.card.map(|card| card.id),
        "deleted_at": c.deleted_at,
        "first_user_event_at": c.first_event_at,
        "avatar_url": format!("https://www.gravatar.com/avatar/{digest}?d=404"),
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// An address.
pub fn address(a: &Address) -> Json {
    object! {
        "line1": a.line1.as_deref(),
        "line2": a.line2.as_deref(),
        "postal_code": a.postal_code.as_deref(),
        "city": a.city.as_deref(),
        "state": a.state.as_deref(),
        "country": &a.country,
    }
}

/// The short customer that old integrations read.
pub(super) fn legacy_user(c: &Customer) -> Json {
    let json = customer(c);
    let initial = c.name.as_deref().unwrap_or(&c.email).chars().take(1).collect::<String>();
    object! {
        "id": c.id,
        "email": &c.email,
        "public_name": initial,
        "avatar_url": json.get("avatar_url").cloned(),
        "github_username": Json::Null,
    }
}

/// A portal session, with the address of the portal.
pub fn session(s: &Session, c: &Customer, base: &Url) -> Json {
    let mut portal = crate::address::under(base, "portal");
    portal
        .query_pairs_mut()
        .append_pair("customer_session_token", &s.token)
        .append_pair("email", &c.email);
    object! {
        "created_at": s.created_at,
        "modified_at": Json::Null,
        "id": s.id,
        "token": &s.token,
        "expires_at": s.expires_at,
        "return_url": s.return_url.as_deref(),
        "customer_portal_url": portal.as_str(),
        "customer_id": c.id,
        "customer": customer(c),
    }
}
