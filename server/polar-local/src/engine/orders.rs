//! Orders: their lines and numbers.

use uuid::Uuid;

use super::{Engine, catalog_rules::tax, find};
use crate::{
    model::{Customer, Item, Order, OrderStatus, Reason, Subscription},
    moment::Moment,
    refusal::Refusal,
};

/// An invoice is ready so long after it was asked for.
const INVOICE_SECONDS: i64 = 2;

impl Engine {
    /// A line of an order, with the tax of the customer's address.
    pub(super) fn item(
        &mut self,
        customer: &Customer,
        label: &str,
        amount: i64,
        price: Option<Uuid>,
    ) -> Item {
        Item {
            id: self.draw(),
            created_at: self.stamp(),
            label: label.to_owned(),
            amount,
            tax: tax(amount, customer.billing_address.as_ref()),
            proration: false,
            price,
            period: None,
        }
    }

    /// An order that is not written yet, pending.
    pub(super) fn new_order(
        &mut self,
        customer: &Customer,
        product: Uuid,
        sub: Option<&Subscription>,
        reason: Reason,
        items: Vec<Item>,
    ) -> Order {
        let mine = self.world.orders.iter().filter(|order| order.customer == customer.id).count();
        let short = customer.id.simple().to_string().to_uppercase();
        self.world.invoices += 1;
        let mut order = Order {
            id: self.draw(),
            created_at: self.stamp(),
            modified_at: None,
            status: OrderStatus::Pending,
            tax: items.iter().map(|item| item.tax).sum(),
            applied_balance: 0,
            refunded: 0,
            refunded_tax: 0,
            reason,
            billing_name: customer.name.clone(),
            billing_address: customer.billing_address.clone(),
            invoice_number: format!("COFFER-{}-{:04}", &short[..8], mine + 1),
            invoice_made: false,
            invoice_due: None,
            receipt_number: None,
            seats: sub.and_then(|sub| sub.seats),
            customer: customer.id,
            product,
            subscription: sub.map(|sub| sub.id),
            checkout: None,
            next_attempt: None,
            failed_at: None,
            retries: 0,
            metadata: sub.map_or_else(crate::json::Json::empty, |sub| sub.metadata.clone()),
            items,
        };
        self.apply_balance(customer.id, &mut order);
        order
    }

    /// A credit pays the next orders; an order below zero becomes a credit.
    fn apply_balance(&mut self, customer: Uuid, order: &mut Order) {
        let Some(mut customer) = self.world.customers.find(customer) else { return };
        let applied = if order.total() < 0 {
            -order.total()
        } else {
            customer.balance.max(-order.total()).min(0)
        };
        if applied != 0 {
            order.applied_balance = applied;
            customer.balance -= applied;
            self.world.customers.put(customer);
        }
    }

    pub(super) fn touch_order(&mut self, order: &mut Order) {
        order.modified_at = Some(self.stamp());
        self.world.orders.put(order.clone());
    }

    /// The order of an id.
    pub fn order(&self, id: Uuid) -> Result<Order, Refusal> {
        find(&self.world.orders, id)
    }

    /// Asks for an invoice; it is ready a moment later.
    pub fn ask_for_invoice(&mut self, id: Uuid) -> Result<(), Refusal> {
        let mut order = self.order(id)?;
        if !order.is_paid() {
            return Err(Refusal::new(409, "NotEligibleForInvoice", "Order is not paid."));
        }
        if order.billing_name.is_none() || order.billing_address.is_none() {
            let text = "Billing name and address are required to generate an invoice.";
            return Err(Refusal::new(422, "MissingInvoiceBillingDetails", text));
        }
        if !order.invoice_made && order.invoice_due.is_none() {
            order.invoice_due = Some(self.now().plus_seconds(INVOICE_SECONDS));
            self.world.orders.put(order);
            self.dirty = true;
        }
        Ok(())
    }

    pub(super) fn make_invoice(&mut self, id: Uuid) {
        let Some(mut order) = self.world.orders.find(id) else { return };
        order.invoice_due = None;
        order.invoice_made = true;
        self.touch_order(&mut order);
        self.emit_order(&["updated"], &order);
    }

    /// Unpaid orders of a subscription, oldest first.
    pub(super) fn unpaid(&self, sub: Uuid) -> Vec<Order> {
        let mine = |o: &&Order| o.subscription == Some(sub) && o.status == OrderStatus::Pending;
        self.world.orders.iter().filter(mine).cloned().collect()
    }

    /// A line for a part of a period.
    pub(super) fn part(
        &mut self,
        customer: &Customer,
        label: &str,
        line: (i64, Uuid),
        period: (Moment, Moment),
    ) -> Item {
        let (amount, price) = line;
        let item = self.item(customer, label, amount, Some(price));
        Item { proration: true, period: Some(period), ..item }
    }
}
