//! Pressing Pay: confirmed, charged, fulfilled, or back to open.

use uuid::Uuid;

use super::{Engine, NewCustomer, TestCard, catalog_rules::tax, checkout::trial_end};
use crate::{
    catalog,
    faults::{About, Charge, Switch},
    model::{
        Address, Card, CardKind, Checkout, CheckoutStatus, Customer, Notice, OrderStatus, Reason,
        Status,
    },
};

/// What a person typed, without the card.
#[derive(Clone, Default)]
pub struct Payer {
    pub email: String,
    pub name: Option<String>,
    pub address: Address,
}

/// How a try to pay ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paid {
    /// Now, or already before.
    Yes,
    /// The holder of the card has to approve.
    Asks,
    No,
}

impl Engine {
    /// Pays a checkout. Pressing twice pays once.
    pub fn pay(&mut self, id: Uuid, payer: &Payer, card: TestCard) -> Paid {
        let Some(mut checkout) = self.world.checkouts.find(id) else { return Paid::No };
        match checkout.status {
            CheckoutStatus::Open => {}
            CheckoutStatus::Succeeded => return Paid::Yes,
            CheckoutStatus::Confirmed => return Paid::Asks,
            CheckoutStatus::Expired => return Paid::No,
        }
        self.write_payer(&mut checkout, payer);
        if self.has_another(&checkout) {
            return self.refuse(checkout, Notice::AlreadySubscribed, false);
        }
        let ids = self.ids_of(checkout.customer, &[Some(checkout.id)]);
        let switch = self.charge_switch(&ids);
        let refused = match switch {
            Some(Charge::Decline | Charge::Hopeless) => Some(Notice::Declined),
            Some(Charge::Insufficient) => Some(Notice::Insufficient),
            Some(Charge::Ok) => None,
            _ => card.refused(),
        };
        if let Some(notice) = refused {
            let late = self.take_fault(About { kind: "", ids: &ids }, |switch| {
                matches!(switch, Switch::LateDecline(_)).then_some(())
            });
            return self.refuse(checkout, notice, late.is_some());
        }
        self.confirm(&mut checkout);
        let asks = card == TestCard::NeedsApproval || switch == Some(Charge::NeedsApproval);
        if asks && switch != Some(Charge::Ok) {
            checkout.waiting = Some(card.kind());
            self.world.checkouts.put(checkout);
            return Paid::Asks;
        }
        self.fulfil(checkout, card.kind());
        Paid::Yes
    }

    /// The holder of the card approves, or does not.
    pub fn approve(&mut self, id: Uuid, approved: bool) -> Paid {
        let Some(mut checkout) = self.world.checkouts.find(id) else { return Paid::No };
        let Some(card) = checkout.waiting.take() else {
            return if checkout.status == CheckoutStatus::Succeeded { Paid::Yes } else { Paid::No };
        };
        if approved {
            self.fulfil(checkout, card);
            return Paid::Yes;
        }
        self.reopen(checkout, Notice::NotApproved)
    }

    /// What was typed stays with the checkout, also if the card is refused.
    fn write_payer(&mut self, checkout: &mut Checkout, payer: &Payer) {
        let product = catalog::find(checkout.product);
        let amount = product.map_or(0, |product| product.amount(checkout.seats));
        checkout.notice = None;
        checkout.customer_name.clone_from(&payer.name);
        if checkout.customer.is_none() {
            checkout.customer_email = Some(payer.email.clone());
        }
        checkout.address = Some(payer.address.clone());
        checkout.tax = Some(tax(amount, Some(&payer.address)));
        self.world.checkouts.put(checkout.clone());
    }

    /// Who buys, if that is a customer already: by the application's id, then by address.
    fn buyer(&self, checkout: &Checkout) -> Option<Customer> {
        checkout
            .customer
            .and_then(|id| self.customer(id).ok())
            .or_else(|| self.customer_by_external_id(checkout.external_customer_id.as_deref()?))
            .or_else(|| self.customer_by_email(checkout.customer_email.as_deref()?))
    }

    /// Whoever types somebody's address may not open that person's portal.
    fn is_known_by_email_alone(&self, checkout: &Checkout) -> bool {
        let named = checkout.external_customer_id.as_deref();
        checkout.customer.is_none()
            && named.and_then(|id| self.customer_by_external_id(id)).is_none()
            && self.buyer(checkout).is_some()
    }

    /// A second subscription beside one that is still billed is refused.
    fn has_another(&self, checkout: &Checkout) -> bool {
        let recurring =
            catalog::find(checkout.product).is_some_and(|product| product.interval.is_some());
        let buyer = self.buyer(checkout).map(|buyer| buyer.id);
        recurring
            && checkout.subscription.is_none()
            && self
                .world
                .subscriptions
                .iter()
                .any(|sub| Some(sub.customer) == buyer && sub.is_billable())
    }

    fn refuse(&mut self, mut checkout: Checkout, notice: Notice, late: bool) -> Paid {
        if late {
            self.confirm(&mut checkout);
        }
        self.reopen(checkout, notice)
    }

    fn reopen(&mut self, mut checkout: Checkout, notice: Notice) -> Paid {
        checkout.status = CheckoutStatus::Open;
        checkout.notice = Some(notice);
        self.touch_checkout(&mut checkout);
        self.emit_checkout("updated", &checkout);
        Paid::No
    }

    fn confirm(&mut self, checkout: &mut Checkout) {
        checkout.status = CheckoutStatus::Confirmed;
        let now = self.now();
        checkout.trial_end = catalog::find(checkout.product)
            .and_then(|product| trial_end(product, checkout.allow_trial, checkout.trial, now));
        self.touch_checkout(checkout);
        self.emit_checkout("updated", checkout);
    }

    fn fulfil(&mut self, mut checkout: Checkout, card: CardKind) {
        let Some(product) = catalog::find(checkout.product) else { return };
        let only_by_email = self.is_known_by_email_alone(&checkout);
        let customer = self.write_customer(&mut checkout, card);
        let sub = self.subscribe(&checkout, product, &customer);
        let trial = sub.as_ref().is_some_and(|sub| sub.status == Status::Trialing);
        let reason = match (&sub, checkout.subscription) {
            (None, _) => Reason::Purchase,
            (Some(_), None) => Reason::Create,
            (Some(_), Some(_)) => Reason::Update,
        };
        let item = if trial {
            self.item(&customer, &format!("Trial period for {}", product.name), 0, None)
        } else {
            let amount = product.amount(checkout.seats);
            self.item(&customer, &product.name, amount, Some(product.price_id))
        };
        let mut order = self.new_order(&customer, product.id, sub.as_ref(), reason, vec![item]);
        order.status = OrderStatus::Paid;
        order.checkout = Some(checkout.id);
        order.metadata = checkout.metadata.clone();
        self.world.orders.put(order.clone());
        self.emit_order(&["created", "updated"], &order);
        if order.due() > 0 {
            order.receipt_number = Some(receipt(&order.invoice_number));
            self.world.orders.put(order.clone());
        }
        self.emit_order(&["paid"], &order);
        checkout.status = CheckoutStatus::Succeeded;
        checkout.waiting = None;
        self.touch_checkout(&mut checkout);
        checkout.told_by = Some(self.emit_checkout("updated", &checkout));
        if !only_by_email {
            let return_url = checkout.return_url.clone();
            checkout.session = Some(self.create_session(&customer, return_url).id);
        }
        self.world.checkouts.put(checkout);
        match &sub {
            Some(sub) => self.swap_grants(sub),
            None => self.grant_order(&order),
        }
    }

    /// The customer gets the address and the card, or is made with them.
    fn write_customer(&mut self, checkout: &mut Checkout, kind: CardKind) -> Customer {
        let card = Some(Card { id: self.draw(), kind });
        let Some(mut customer) = self.buyer(checkout) else {
            let made = self.insert_customer(NewCustomer {
                email: checkout.customer_email.clone().unwrap_or_default(),
                name: checkout.customer_name.clone(),
                external_id: checkout.external_customer_id.clone(),
                locale: checkout.locale.clone(),
                billing_address: checkout.address.clone(),
                metadata: Some(checkout.customer_metadata.clone()),
                card,
            });
            checkout.customer = Some(made.id);
            return made;
        };
        checkout.customer = Some(customer.id);
        customer.card = card;
        customer.billing_address.clone_from(&checkout.address);
        customer.name = checkout.customer_name.clone().or(customer.name);
        self.touch_customer(&mut customer);
        self.emit_customer("updated", &customer);
        customer
    }
}

/// The number of the receipt for an invoice.
pub(super) fn receipt(invoice: &str) -> String {
    invoice.replacen("COFFER-", "RCPT-", 1)
}
