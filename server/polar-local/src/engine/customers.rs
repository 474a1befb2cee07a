//! Customers: made, changed, deleted.

use super::{Engine, find};
use crate::{
    json::{Json, object},
    model::{Address, Card, Customer, Session},
    refusal::Refusal,
};

/// A portal session lasts an hour.
const SESSION_SECONDS: i64 = 3_600;

/// What a customer is made of.
#[derive(Default)]
pub struct NewCustomer {
    pub email: String,
    pub name: Option<String>,
    pub external_id: Option<String>,
    pub locale: Option<String>,
    pub billing_address: Option<Address>,
    pub metadata: Option<Json>,
    pub card: Option<Card>,
}

/// A field of a change: it stays, or becomes this, which may be nothing.
#[derive(Default)]
pub enum Change<T> {
    #[default]
    Stay,
    To(Option<T>),
}

impl<T> Change<T> {
    fn of(self, old: Option<T>) -> Option<T> {
        match self {
            Self::Stay => old,
            Self::To(new) => new,
        }
    }
}

/// What is changed.
#[derive(Default)]
pub struct CustomerPatch {
    pub email: Option<String>,
    pub name: Change<String>,
    pub external_id: Change<String>,
    pub locale: Change<String>,
    pub billing_address: Change<Address>,
    pub metadata: Option<Json>,
}

impl Engine {
    /// The customer of an id, unless it was deleted.
    pub fn customer(&self, id: uuid::Uuid) -> Result<Customer, Refusal> {
        let customer = find(&self.world.customers, id)?;
        if customer.deleted_at.is_some() { Err(Refusal::not_found()) } else { Ok(customer) }
    }

    /// The customer of the application's own id.
    pub fn customer_by_external_id(&self, external_id: &str) -> Option<Customer> {
        let known = |c: &&Customer| c.external_id.as_deref() == Some(external_id);
        self.living().find(known).cloned()
    }

    /// The customer of an address, in any case.
    pub fn customer_by_email(&self, email: &str) -> Option<Customer> {
        self.living().find(|c| c.email.eq_ignore_ascii_case(email)).cloned()
    }

    /// Every customer who is not deleted.
    pub fn living(&self) -> impl Iterator<Item = &Customer> {
        self.world.customers.iter().filter(|customer| customer.deleted_at.is_none())
    }

    /// Makes a customer.
    pub fn create_customer(&mut self, new: NewCustomer) -> Result<Customer, Refusal> {
        self.refuse_known_email(&new.email, None)?;
        if let Some(external_id) = &new.external_id
            && self.customer_by_external_id(external_id).is_some()
        {
            let text = "A customer with this external ID already exists.";
            return Err(Refusal::value("external_id", text, external_id));
        }
        Ok(self.insert_customer(new))
    }

    /// Makes a customer of whom it is known that nobody has the same address or id.
    pub(super) fn insert_customer(&mut self, new: NewCustomer) -> Customer {
        let customer = Customer {
            id: self.draw(),
            created_at: self.stamp(),
            modified_at: None,
            metadata: new.metadata.unwrap_or_else(Json::empty),
            external_id: new.external_id,
            email: new.email,
            name: new.name,
            billing_address: new.billing_address,
            locale: new.locale.or_else(|| Some("en".to_owned())),
            card: new.card,
            balance: 0,
            deleted_at: None,
            first_event_at: None,
        };
        self.world.customers.put(customer.clone());
        self.emit_customer("created", &customer);
        customer
    }

    fn refuse_known_email(&self, email: &str, except: Option<uuid::Uuid>) -> Result<(), Refusal> {
        match self.customer_by_email(email) {
            Some(other) if Some(other.id) != except => {
                let text = "A customer with this email address already exists.";
                Err(Refusal::value("email", text, email))
            }
            _ => Ok(()),
        }
    }

    /// Changes a customer.
    pub fn patch_customer(
        &mut self,
        mut customer: Customer,
        patch: CustomerPatch,
    ) -> Result<Customer, Refusal> {
        if let Some(email) = patch.email {
            self.refuse_known_email(&email, Some(customer.id))?;
            customer.email = email;
        }
        if let Change::To(external_id) = patch.external_id
            && external_id != customer.external_id
        {
            if customer.external_id.is_some() {
                let text = "Customer external ID cannot be updated.";
                return Err(Refusal::value("external_id", text, external_id));
            }
            if external_id.as_deref().is_some_and(|id| self.customer_by_external_id(id).is_some()) {
                let text = "A customer with this external ID already exists.";
                return Err(Refusal::value("external_id", text, external_id));
            }
            customer.external_id = external_id;
        }
        customer.name = patch.name.of(customer.name);
        customer.locale = patch.locale.of(customer.locale);
        customer.billing_address = patch.billing_address.of(customer.billing_address);
        customer.metadata = patch.metadata.unwrap_or(customer.metadata);
        self.touch_customer(&mut customer);
        self.emit_customer("updated", &customer);
        Ok(customer)
    }

    /// Writes a customer with a new `modified_at`.
    pub(super) fn touch_customer(&mut self, customer: &mut Customer) {
        customer.modified_at = Some(self.stamp());
        self.world.customers.put(customer.clone());
    }

    /// Ends everything that a customer has, and forgets whose it was.
    pub fn delete_customer(&mut self, mut customer: Customer, anonymize: bool) {
        let theirs: Vec<_> = self
            .world
            .subscriptions
            .iter()
            .filter(|sub| sub.customer == customer.id && sub.ended_at.is_none())
            .cloned()
            .collect();
        for sub in theirs {
            self.end_now(sub, false);
        }
        self.revoke_all_grants(customer.id);
        customer = self.world.customers.find(customer.id).unwrap_or(customer);
        customer.deleted_at = Some(self.stamp());
        if let Some(external_id) = customer.external_id.take() {
            customer.metadata = object! { "__external_id": external_id };
        }
        if anonymize {
            customer.email = format!("{}@deleted.invalid", customer.id.simple());
            customer.name = None;
            customer.billing_address = None;
        }
        customer.card = None;
        self.touch_customer(&mut customer);
        self.emit_customer("deleted", &customer);
    }

    /// Opens the portal for an hour.
    pub fn create_session(&mut self, customer: &Customer, return_url: Option<String>) -> Session {
        let now = self.stamp();
        let session = Session {
            id: self.draw(),
            created_at: now,
            expires_at: now.plus_seconds(SESSION_SECONDS),
            token: self.secret("polar_cst_"),
            return_url,
            customer: customer.id,
        };
        self.world.sessions.put(session.clone());
        session
    }

    /// Whose portal a token opens.
    pub fn customer_by_session(&self, token: &str) -> Option<(Session, Customer)> {
        use subtle::ConstantTimeEq as _;
        let now = self.now();
        let session = self.world.sessions.iter().find(|s| {
            bool::from(s.token.as_bytes().ct_eq(token.as_bytes())) && s.expires_at > now
        })?;
        Some((session.clone(), self.customer(session.customer).ok()?))
    }
}
