//! Checkouts: opened, changed, expired.

use uuid::Uuid;

use super::{Engine, catalog_rules::tax};
use crate::{
    catalog::Product,
    json::Json,
    model::{Checkout, CheckoutStatus},
    moment::{Interval, Moment},
    refusal::Refusal,
};

/// A checkout is open for a day.
const OPEN_SECONDS: i64 = 86_400;

/// What a checkout is made of.
pub struct NewCheckout {
    pub products: Vec<Uuid>,
    pub seats: Option<i64>,
    pub customer: Option<Uuid>,
    pub external_customer_id: Option<String>,
    pub customer_name: Option<String>,
    pub customer_email: Option<String>,
    pub customer_ip: Option<String>,
    pub success_url: Option<String>,
    pub return_url: Option<String>,
    pub embed_origin: Option<String>,
    pub allow_trial: bool,
    pub trial: Option<(Interval, i64)>,
    pub allow_discount_codes: bool,
    pub require_billing_address: bool,
    pub locale: Option<String>,
    pub metadata: Json,
    pub customer_metadata: Json,
    pub custom_field_data: Json,
    pub subscription: Option<Uuid>,
}

impl Engine {
    /// Opens a checkout.
    pub fn create_checkout(&mut self, new: NewCheckout) -> Result<Checkout, Refusal> {
        let first = *new.products.first().ok_or_else(Refusal::not_found)?;
        let product = Self::product("products", first)?;
        let known = match new.customer {
            Some(id) => Some(
                self.customer(id)
                    .map_err(|_| Refusal::value("customer_id", "Customer does not exist.", id))?,
            ),
            None => {
                new.external_customer_id.as_deref().and_then(|id| self.customer_by_external_id(id))
            }
        };
        self.refuse_upgrade_of_paid(new.subscription)?;
        let (id, at, secret) = (self.draw(), self.stamp(), self.secret("polar_c_"));
        let success = new.success_url.unwrap_or_else(|| {
            let path = format!("checkout/{secret}/confirmation");
            crate::address::under(&self.base, &path).to_string()
        });
        let checkout = Checkout {
            id,
            created_at: at,
            modified_at: None,
            status: CheckoutStatus::Open,
            expires_at: at.plus_seconds(OPEN_SECONDS),
            success_url: success.replace("{CHECKOUT_ID}", &id.to_string()),
            client_secret: secret,
            return_url: new.return_url,
            embed_origin: new.embed_origin,
            products: new.products,
            product: first,
            seats: new.seats.or_else(|| product.by_seat.then_some(1)),
            external_customer_id: known
                .as_ref()
                .and_then(|known| known.external_id.clone())
                .or(new.external_customer_id),
            customer: known.as_ref().map(|known| known.id),
            customer_name: new.customer_name,
            customer_email: new.customer_email,
            customer_ip: new.customer_ip,
            address: None,
            tax: None,
            allow_trial: new.allow_trial,
            trial: new.trial.filter(|_| new.allow_trial),
            trial_end: trial_end(product, new.allow_trial, new.trial, at),
            allow_discount_codes: new.allow_discount_codes,
            require_billing_address: new.require_billing_address,
            locale: new.locale.or_else(|| Some("en".to_owned())),
            metadata: new.metadata,
            customer_metadata: new.customer_metadata,
            custom_field_data: new.custom_field_data,
            subscription: new.subscription,
            notice: None,
            waiting: None,
            told_by: None,
            session: None,
        };
        self.world.checkouts.put(checkout.clone());
        self.emit_checkout("created", &checkout);
        Ok(checkout)
    }

    fn refuse_upgrade_of_paid(&self, subscription: Option<Uuid>) -> Result<(), Refusal> {
        let Some(id) = subscription else { return Ok(()) };
        let free = self.subscription(id).is_ok_and(|sub| sub.amount == 0 && sub.is_active());
        if free {
            return Ok(());
        }
        let text = "Subscription does not exist or is not free.";
        Err(Refusal::value("subscription_id", text, id))
    }

    /// The checkout of a client secret.
    pub fn checkout_by_secret(&self, secret: &str) -> Option<Checkout> {
        use subtle::ConstantTimeEq as _;
        let fits = |c: &&Checkout| bool::from(c.client_secret.as_bytes().ct_eq(secret.as_bytes()));
        self.world.checkouts.iter().find(fits).cloned()
    }

    /// Chooses another of the products that a checkout offers.
    pub fn choose_product(&mut self, mut checkout: Checkout, product: Uuid) {
        let Some(chosen) = crate::catalog::find(product) else { return };
        let open = checkout.status == CheckoutStatus::Open;
        if open && checkout.product != product && checkout.products.contains(&product) {
            checkout.product = product;
            checkout.seats = chosen.by_seat.then_some(checkout.seats.unwrap_or(1));
            checkout.trial_end =
                trial_end(chosen, checkout.allow_trial, checkout.trial, checkout.created_at);
            let amount = chosen.amount(checkout.seats);
            checkout.tax = checkout.address.as_ref().map(|address| tax(amount, Some(address)));
            self.touch_checkout(&mut checkout);
            self.emit_checkout("updated", &checkout);
        }
    }

    pub(super) fn touch_checkout(&mut self, checkout: &mut Checkout) {
        checkout.modified_at = Some(self.stamp());
        self.world.checkouts.put(checkout.clone());
    }

    pub(super) fn expire(&mut self, id: Uuid) {
        let Some(mut checkout) = self.world.checkouts.find(id) else { return };
        checkout.status = CheckoutStatus::Expired;
        checkout.waiting = None;
        self.touch_checkout(&mut checkout);
        self.emit_checkout("expired", &checkout);
    }
}

/// When a trial that begins at an instant ends.
pub(super) fn trial_end(
    product: &Product,
    allowed: bool,
    own: Option<(Interval, i64)>,
    from: Moment,
) -> Option<Moment> {
    let of_product = product.trial_days.map(|days| (Interval::Day, days));
    let (interval, count) = own.or(of_product).filter(|_| allowed && product.interval.is_some())?;
    Some(from.plus(interval, count))
}
