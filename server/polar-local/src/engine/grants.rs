//! Benefits: granted, taken away, given back.

use uuid::Uuid;

use super::Engine;
use crate::{
    catalog::{self, Benefit},
    json::Json,
    model::{Grant, Order, Subscription},
    wire::credit_properties,
};

impl Engine {
    /// Gives what the subscription's product gives, and takes what it does not.
    pub(super) fn swap_grants(&mut self, sub: &Subscription) {
        let wanted = catalog::find(sub.product).map_or(&[][..], |product| &product.benefits);
        let mine: Vec<Grant> = self.grants_of(sub.id);
        for grant in &mine {
            let stays = wanted.iter().any(|benefit| benefit.id == grant.benefit);
            if !stays && grant.granted_at.is_some() {
                self.revoke_grant(grant.clone());
            }
        }
        for benefit in wanted {
            match mine.iter().find(|grant| grant.benefit == benefit.id) {
                Some(grant) if grant.granted_at.is_some() => {}
                Some(grant) => self.give_back(grant.clone(), benefit),
                None => self.give(benefit, sub.customer, Some(sub.id), None),
            }
        }
    }

    /// Gives what a one-time purchase gives.
    pub(super) fn grant_order(&mut self, order: &Order) {
        let benefits = catalog::find(order.product).map_or(&[][..], |product| &product.benefits);
        for benefit in benefits {
            self.give(benefit, order.customer, None, Some(order.id));
        }
    }

    /// Takes everything that a subscription gave.
    pub(super) fn revoke_grants(&mut self, sub: Uuid) {
        for grant in self.grants_of(sub) {
            if grant.granted_at.is_some() {
                self.revoke_grant(grant);
            }
        }
    }

    /// Takes everything that a customer has.
    pub(super) fn revoke_all_grants(&mut self, customer: Uuid) {
        let granted = |g: &&Grant| g.customer == customer && g.granted_at.is_some();
        let theirs: Vec<Grant> = self.world.grants.iter().filter(granted).cloned().collect();
        for grant in theirs {
            self.revoke_grant(grant);
        }
    }

    /// Takes what an order gave.
    pub(super) fn revoke_grants_of_order(&mut self, order: Uuid) {
        let granted = |g: &&Grant| g.order == Some(order) && g.granted_at.is_some();
        let theirs: Vec<Grant> = self.world.grants.iter().filter(granted).cloned().collect();
        for grant in theirs {
            self.revoke_grant(grant);
        }
    }

    /// A new period gives a new credit of usage.
    pub(super) fn cycle_grants(&mut self, sub: &Subscription) {
        for mut grant in self.grants_of(sub.id) {
            let credit = catalog::benefit(grant.benefit).and_then(|benefit| benefit.credit);
            let (Some(units), Some(_)) = (credit, grant.granted_at) else { continue };
            let now = self.stamp();
            grant.previous_properties =
                std::mem::replace(&mut grant.properties, credit_properties(units, now));
            self.touch_grant(&mut grant);
            self.emit_grant("cycled", &grant);
        }
    }

    fn grants_of(&self, sub: Uuid) -> Vec<Grant> {
        let mine = |grant: &&Grant| grant.subscription == Some(sub);
        self.world.grants.iter().filter(mine).cloned().collect()
    }

    fn give(&mut self, benefit: &Benefit, customer: Uuid, sub: Option<Uuid>, order: Option<Uuid>) {
        let at = self.stamp();
        let grant = Grant {
            id: self.draw(),
            created_at: at,
            modified_at: None,
            granted_at: Some(at),
            revoked_at: None,
            subscription: sub,
            order,
            customer,
            benefit: benefit.id,
            properties: benefit.credit.map_or_else(Json::empty, |u| credit_properties(u, at)),
            previous_properties: Json::empty(),
        };
        self.world.grants.put(grant.clone());
        self.emit_grant("created", &grant);
    }

    /// The same grant is told as created once more.
    fn give_back(&mut self, mut grant: Grant, benefit: &Benefit) {
        let now = self.stamp();
        grant.granted_at = Some(now);
        grant.revoked_at = None;
        if let Some(units) = benefit.credit {
            grant.properties = credit_properties(units, now);
        }
        self.touch_grant(&mut grant);
        self.emit_grant("created", &grant);
    }

    fn revoke_grant(&mut self, mut grant: Grant) {
        grant.granted_at = None;
        grant.revoked_at = Some(self.stamp());
        self.touch_grant(&mut grant);
        self.emit_grant("revoked", &grant);
    }

    fn touch_grant(&mut self, grant: &mut Grant) {
        grant.modified_at = Some(self.stamp());
        self.world.grants.put(grant.clone());
    }
}
