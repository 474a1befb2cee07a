//! Metered events.

use std::collections::BTreeSet;

use super::Engine;
use crate::model::Usage;

impl Engine {
    /// Takes events; those whose own id is known already are duplicates. Tells how many were new.
    pub fn ingest(&mut self, events: Vec<Usage>) -> usize {
        let (mut inserted, mut moved) = (0, BTreeSet::new());
        for event in events {
            let known = event.external_id.is_some()
                && self.world.usage.iter().any(|old| old.external_id == event.external_id);
            if known {
                continue;
            }
            inserted += 1;
            let customer = event
                .customer
                .and_then(|id| self.customer(id).ok())
                .or_else(|| self.customer_by_external_id(event.external_customer_id.as_deref()?));
            self.dirty = true;
            let at = event.at;
            let counted = event.name == crate::usage::COUNTED;
            self.world.usage.push(event);
            if let Some(mut customer) = customer {
                customer.first_event_at = customer.first_event_at.or(Some(at));
                self.world.customers.put(customer.clone());
                if counted {
                    moved.insert(customer.id);
                }
            }
        }
        for customer in moved {
            self.tell_meters(customer);
        }
        inserted
    }

    /// A meter moves without `modified_at`.
    fn tell_meters(&mut self, customer: uuid::Uuid) {
        let metered: Vec<_> = self
            .world
            .subscriptions
            .iter()
            .filter(|sub| sub.customer == customer && sub.is_active() && sub.meter.is_some())
            .cloned()
            .collect();
        for sub in metered {
            self.emit_subscription(&["updated"], &sub);
        }
    }
}
