//! Money given back.

use uuid::Uuid;

use super::{Engine, catalog_rules::share};
use crate::{
    faults::{About, Switch},
    json::Json,
    model::{OrderStatus, Refund, RefundStatus},
    refusal::Refusal,
};

/// A refund that is pending first succeeds so much later.
const PENDING_SECONDS: i64 = 90;

/// What is given back.
pub struct NewRefund {
    pub order: Uuid,
    pub reason: String,
    /// Before tax.
    pub amount: i64,
    pub revoke_benefits: bool,
    pub metadata: Json,
}

impl Engine {
    /// Gives money back, with its share of the tax. The subscription goes on.
    pub fn refund(&mut self, new: NewRefund) -> Result<Refund, Refusal> {
        let order = self
            .world
            .orders
            .find(new.order)
            .ok_or_else(|| Refusal::value("order_id", "Order not found", new.order))?;
        if order.status == OrderStatus::Refunded {
            let text = "Order is already fully refunded.";
            return Err(Refusal::new(403, "RefundedAlready", text));
        }
        if !order.is_paid() {
            return Err(Refusal::value("order_id", "Order is not paid", new.order));
        }
        if new.amount < 1 || new.amount > order.refundable() {
            let text = format!("Amount must be between 1 and {}.", order.refundable());
            return Err(Refusal::value("amount", &text, new.amount));
        }
        if new.revoke_benefits && order.subscription.is_some() {
            let text = "Benefits of a subscription cannot be revoked by a refund.";
            return Err(Refusal::value("revoke_benefits", text, true));
        }
        let all = new.amount == order.refundable();
        let part = share(order.tax, new.amount, order.net()).min(order.refundable_tax());
        let ids = self.ids_of(Some(order.customer), &[Some(order.id), order.subscription]);
        let pending = self.take_fault(About { kind: "", ids: &ids }, |switch| {
            matches!(switch, Switch::RefundPending(_)).then_some(())
        });
        let mut refund = Refund {
            id: self.draw(),
            created_at: self.stamp(),
            modified_at: None,
            status: RefundStatus::Pending,
            reason: new.reason,
            amount: new.amount,
            tax: if all { order.refundable_tax() } else { part },
            order: order.id,
            subscription: order.subscription,
            customer: order.customer,
            revoke_benefits: new.revoke_benefits,
            metadata: new.metadata,
            due: None,
        };
        if pending.is_some() {
            refund.due = Some(self.now().plus_seconds(PENDING_SECONDS));
            self.world.refunds.put(refund.clone());
            self.emit_refund("created", &refund);
        } else {
            refund.status = RefundStatus::Succeeded;
            self.world.refunds.put(refund.clone());
            self.emit_refund("created", &refund);
            self.write_back(&refund);
        }
        Ok(refund)
    }

    pub(super) fn refund_succeeds(&mut self, id: Uuid) {
        let Some(mut refund) = self.world.refunds.find(id) else { return };
        refund.due = None;
        refund.status = RefundStatus::Succeeded;
        refund.modified_at = Some(self.stamp());
        self.world.refunds.put(refund.clone());
        self.emit_refund("updated", &refund);
        self.write_back(&refund);
    }

    fn write_back(&mut self, refund: &Refund) {
        let Some(mut order) = self.world.orders.find(refund.order) else { return };
        order.refunded += refund.amount;
        order.refunded_tax += refund.tax;
        order.status = if order.refundable() == 0 {
            OrderStatus::Refunded
        } else {
            OrderStatus::PartiallyRefunded
        };
        self.touch_order(&mut order);
        self.emit_order(&["updated", "refunded"], &order);
        if refund.revoke_benefits {
            self.revoke_grants_of_order(order.id);
        }
    }
}
