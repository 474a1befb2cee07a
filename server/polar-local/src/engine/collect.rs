//! Money for orders: paid, failed, tried again, given up.

use uuid::Uuid;

use super::{Engine, TestCard, fulfil::receipt, pay::Decline};
use crate::model::{Card, Item, Order, OrderStatus, Reason, Status, Subscription};

/// Days after the first failure on which it is tried again; after the last one it is over.
const RETRY_DAYS: [i64; 4] = [2, 7, 14, 21];

impl Engine {
    /// Makes an order of a subscription and charges it.
    pub(super) fn order_and_collect(
        &mut self,
        sub: Subscription,
        reason: Reason,
        items: Vec<Item>,
    ) {
        let Ok(customer) = self.owner(sub.customer) else { return };
        let mut order = self.new_order(&customer, sub.product, Some(&sub), reason, items);
        self.world.orders.put(order.clone());
        self.emit_order(&["created"], &order);
        let paid = if order.due() == 0 { Ok(()) } else { self.charge(&customer, Some(&sub)) };
        match paid {
            Ok(()) => self.mark_paid(&mut order),
            Err(decline) => self.fail(sub, order, decline),
        }
    }

    /// What was used before the end is charged once; nobody is asked again.
    pub(super) fn charge_last(&mut self, sub: &Subscription, used: Option<Item>) {
        let (Some(item), Ok(customer)) = (used, self.owner(sub.customer)) else { return };
        let Some(sub) = self.world.subscriptions.find(sub.id) else { return };
        let mut order =
            self.new_order(&customer, sub.product, Some(&sub), Reason::Cycle, vec![item]);
        self.world.orders.put(order.clone());
        self.emit_order(&["created"], &order);
        match self.charge(&customer, Some(&sub)) {
            Ok(()) => self.mark_paid(&mut order),
            Err(_) => self.void_unpaid(sub.id),
        }
    }

    /// The order is paid.
    pub(super) fn mark_paid(&mut self, order: &mut Order) {
        order.status = OrderStatus::Paid;
        order.next_attempt = None;
        self.touch_order(order);
        self.emit_order(&["updated"], order);
        if order.due() > 0 {
            order.receipt_number = Some(receipt(&order.invoice_number));
            self.world.orders.put(order.clone());
        }
        self.emit_order(&["paid"], order);
    }

    fn fail(&mut self, mut sub: Subscription, mut order: Order, decline: Decline) {
        let first = sub.status != Status::PastDue;
        let failed_at = self.stamp();
        if first {
            sub.status = Status::PastDue;
            sub.past_due_at = Some(failed_at);
            self.touch_subscription(&mut sub);
            self.emit_subscription(&["updated", "past_due"], &sub);
        }
        order.failed_at = Some(failed_at);
        order.retries = if decline == Decline::Hopeless { RETRY_DAYS.len() - 1 } else { 0 };
        order.next_attempt = Some(failed_at.plus_days(RETRY_DAYS[order.retries]));
        self.touch_order(&mut order);
        if decline == Decline::NoCard {
            self.emit_order(&["updated"], &order);
        }
        if first {
            self.revoke_grants(sub.id);
        }
    }

    /// Tries an unpaid order again.
    pub(super) fn retry(&mut self, id: Uuid) {
        let Some(mut order) = self.world.orders.find(id) else { return };
        let sub = order.subscription.and_then(|id| self.world.subscriptions.find(id));
        let Ok(customer) = self.owner(order.customer) else { return };
        let Some(sub) = sub.filter(|_| order.status == OrderStatus::Pending) else { return };
        if self.charge(&customer, Some(&sub)).is_ok() {
            self.recover(sub, order);
            return;
        }
        order.retries += 1;
        match (RETRY_DAYS.get(order.retries), order.failed_at) {
            (Some(days), Some(failed_at)) => {
                order.next_attempt = Some(failed_at.plus_days(*days));
                self.touch_order(&mut order);
            }
            _ => self.end_now(sub, false),
        }
    }

    /// Tries every unpaid order of a subscription again, because there is a new card.
    pub fn retry_now(&mut self, sub: Uuid) {
        for order in self.unpaid(sub) {
            self.retry(order.id);
        }
    }

    /// Puts another card on file and charges it for what is unpaid. A card that is refused at once is not kept.
    pub fn save_card(&mut self, customer: Uuid, card: TestCard) -> bool {
        let Ok(mut customer) = self.customer(customer) else { return false };
        if card.refused().is_some() {
            return false;
        }
        customer.card = Some(Card { id: self.draw(), kind: card.kind() });
        self.touch_customer(&mut customer);
        self.emit_customer("updated", &customer);
        let theirs = |sub: &&Subscription| sub.customer == customer.id;
        let theirs: Vec<Uuid> =
            self.world.subscriptions.iter().filter(theirs).map(|sub| sub.id).collect();
        for sub in theirs {
            self.retry_now(sub);
        }
        true
    }

    /// A retry succeeded; the subscription recovers with its last unpaid order.
    fn recover(&mut self, mut sub: Subscription, mut order: Order) {
        order.status = OrderStatus::Paid;
        order.next_attempt = None;
        self.touch_order(&mut order);
        let recovered = sub.status == Status::PastDue && self.unpaid(sub.id).is_empty();
        if recovered {
            sub.status = Status::Active;
            sub.past_due_at = None;
            self.touch_subscription(&mut sub);
            self.emit_subscription(&["updated", "active"], &sub);
        }
        self.emit_order(&["updated"], &order);
        order.receipt_number = Some(receipt(&order.invoice_number));
        self.world.orders.put(order.clone());
        self.emit_order(&["paid"], &order);
        if recovered {
            self.swap_grants(&sub);
        }
    }

    /// Unpaid orders of a subscription that is over are never collected.
    pub(super) fn void_unpaid(&mut self, sub: Uuid) {
        for mut order in self.unpaid(sub) {
            order.status = OrderStatus::Void;
            order.next_attempt = None;
            self.touch_order(&mut order);
            self.emit_order(&["updated"], &order);
        }
    }
}
