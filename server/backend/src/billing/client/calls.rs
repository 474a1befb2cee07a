//! The calls, by their numbers in Polar's reference. Those that come twice without harm are repeated.

use domain::UserId;
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{Answer, Call, Page, PolarClient, PolarError};
use crate::billing::{instant::rfc3339, wire};

/// Objects on one page: a hundred subscriptions with long descriptions would be more than an answer may be.
const PER_PAGE: u32 = 50;

/// A checkout to be.
pub struct NewCheckout<'a> {
    pub product: &'a str,
    pub user: &'a UserId,
    /// Only one that is proven.
    pub email: Option<&'a str>,
    pub success_url: &'a str,
    pub return_url: &'a str,
    /// The browser's address: prices and taxes depend on it.
    pub ip_address: Option<String>,
    /// The origin of a page that shows the checkout in a frame.
    pub embed_origin: Option<&'a str>,
    /// Whether it asks for a discount code.
    pub codes: bool,
    /// Whether the product's trial is offered.
    pub trial: bool,
}

/// A customer to be, or as they are now.
pub struct NewCustomer<'a> {
    pub user: &'a UserId,
    pub email: &'a str,
    pub name: &'a str,
}

/// A customer by our id, or by Polar's.
#[derive(Clone, Copy)]
pub enum Customer<'a> {
    Ours(&'a UserId),
    Theirs(&'a str),
}

/// A change of a subscription: exactly one at a time.
pub enum Change<'a> {
    /// It ends with the period.
    Cancel { reason: Option<&'a str>, comment: Option<&'a str> },
    /// It goes on after all.
    Uncancel,
    /// Another product: now, for the difference, or with the next period.
    Product { id: &'a str, proration: &'static str },
    /// No other product with the next period.
    KeepPlan,
    /// A pause ends.
    Resume,
    /// A pause that is only announced does not come.
    DoNotPause,
}

/// Whose objects of a list, and which page.
#[derive(Default)]
pub struct Find<'a> {
    pub user: Option<&'a UserId>,
    pub created_after: Option<OffsetDateTime>,
    pub page: i64,
}

/// One use of something metered.
pub struct Event<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub user: &'a UserId,
    pub at: Option<OffsetDateTime>,
    pub metadata: Value,
}

/// A new checkout, and where it is paid. The address lets anybody pay or look.
#[derive(Deserialize)]
pub struct Opened {
    #[serde(flatten)]
    pub checkout: wire::Checkout,
    pub url: String,
}

#[derive(Deserialize)]
struct Session {
    customer_portal_url: String,
}

#[derive(Deserialize)]
struct File {
    url: String,
}

impl Change<'_> {
    fn body(&self) -> Value {
        match self {
            Self::Cancel { reason, comment } => {
                let mut body = json!({ "cancel_at_period_end": true });
                if let Some(reason) = reason {
                    body["customer_cancellation_reason"] = json!(reason);
                }
                if let Some(comment) = comment {
                    body["customer_cancellation_comment"] = json!(comment);
                }
                body
            }
            Self::Uncancel => json!({ "cancel_at_period_end": false }),
            Self::Product { id, proration } => {
                json!({ "product_id": id, "proration_behavior": proration })
            }
            Self::KeepPlan => json!({ "pending_update": null }),
            Self::Resume => json!({ "resume": true }),
            Self::DoNotPause => json!({ "pause_at_period_end": false }),
        }
    }
}

impl Find<'_> {
    fn add<'c>(&self, call: Call<'c>) -> Call<'c> {
        let mut call = call.query("page", self.page.max(1)).query("limit", PER_PAGE);
        if let Some(user) = self.user {
            call = call.query("external_customer_id", user);
        }
        if let Some(at) = self.created_after {
            call = call.query("created_after", rfc3339(at));
        }
        call
    }
}

impl PolarClient<'_> {
    /// 6.1
    pub async fn create_checkout(
        &self,
        new: &NewCheckout<'_>,
    ) -> Result<Answer<Opened>, PolarError> {
        let mut body = json!({
            "products": [new.product],
            "external_customer_id": new.user,
            "success_url": new.success_url,
            "return_url": new.return_url,
            "allow_discount_codes": new.codes,
        });
        if let Some(email) = new.email {
            body["customer_email"] = json!(email);
        }
        if let Some(address) = &new.ip_address {
            body["customer_ip_address"] = json!(address);
        }
        if let Some(origin) = new.embed_origin {
            body["embed_origin"] = json!(origin);
        }
        if !new.trial {
            body["allow_trial"] = json!(false);
        }
        // An orphan expires by itself.
        let call = Call::post("create_checkout", &["checkouts", ""]).slow().repeatable();
        Answer::read(&self.send(call.body(body)).await?)
    }

    /// 6.2
    pub async fn checkout(&self, id: &str) -> Result<Answer<wire::Checkout>, PolarError> {
        Answer::read(&self.send(Call::get("checkout", &["checkouts", id])).await?)
    }

    /// 6.4, in one call with our id: it can be set only once.
    pub async fn create_customer(
        &self,
        new: &NewCustomer<'_>,
    ) -> Result<Answer<wire::Customer>, PolarError> {
        let mut body = described(new);
        body["external_id"] = json!(new.user);
        let call = Call::post("create_customer", &["customers", ""]).body(body);
        Answer::read(&self.send(call).await?)
    }

    /// 6.5
    pub async fn customer(&self, user: &UserId) -> Result<Answer<wire::Customer>, PolarError> {
        let path = ["customers", "external", user.as_str()];
        Answer::read(&self.send(Call::get("customer", &path)).await?)
    }

    /// The customers with an address; Polar allows one.
    pub async fn customers_by_email(
        &self,
        email: &str,
    ) -> Result<Page<wire::Customer>, PolarError> {
        let call = Call::get("customers_by_email", &["customers", ""]).query("email", email);
        Page::read(&self.send(call).await?)
    }

    /// 6.6
    pub async fn update_customer(
        &self,
        new: &NewCustomer<'_>,
    ) -> Result<Answer<wire::Customer>, PolarError> {
        let path = ["customers", "external", new.user.as_str()];
        let call = Call::patch("update_customer", &path).body(described(new)).repeatable();
        Answer::read(&self.send(call).await?)
    }

    /// 6.7
    pub async fn adopt_customer(
        &self,
        customer: &str,
        user: &UserId,
    ) -> Result<Answer<wire::Customer>, PolarError> {
        let path = ["customers", customer];
        let body = json!({ "external_id": user });
        Answer::read(&self.send(Call::patch("adopt_customer", &path).body(body)).await?)
    }

    /// 6.8: their orders stay, without a name.
    pub async fn delete_customer(&self, external_id: &str) -> Result<(), PolarError> {
        let path = ["customers", "external", external_id];
        let call = Call::delete("delete_customer", &path).query("anonymize", true).repeatable();
        self.send(call).await?;
        Ok(())
    }

    /// 6.9
    pub async fn customer_state(
        &self,
        user: &UserId,
    ) -> Result<Answer<wire::CustomerState>, PolarError> {
        let path = ["customers", "external", user.as_str(), "state"];
        Answer::read(&self.send(Call::get("customer_state", &path)).await?)
    }

    /// 6.10: an address that lets its holder in for an hour. An unknown customer is a validation error.
    pub async fn create_session(
        &self,
        customer: Customer<'_>,
        return_url: &str,
    ) -> Result<String, PolarError> {
        let body = match customer {
            Customer::Ours(user) => {
                json!({ "external_customer_id": user, "return_url": return_url })
            }
            Customer::Theirs(id) => json!({ "customer_id": id, "return_url": return_url }),
        };
        let call = Call::post("create_session", &["customer-sessions", ""]).slow().repeatable();
        let answer: Answer<Session> = Answer::read(&self.send(call.body(body)).await?)?;
        Ok(answer.data.customer_portal_url)
    }

    /// 6.11, the newest first
    pub async fn orders(&self, find: &Find<'_>) -> Result<Page<wire::Order>, PolarError> {
        let call = Call::get("orders", &["orders", ""]).query("sorting", "-created_at");
        Page::read(&self.send(find.add(call)).await?)
    }

    /// 6.12: lets the invoice be made.
    pub async fn request_invoice(&self, order: &str) -> Result<(), PolarError> {
        let path = ["orders", order, "invoice"];
        self.send(Call::post("request_invoice", &path)).await?;
        Ok(())
    }

    /// 6.12: where the invoice can be fetched for a short time.
    pub async fn invoice(&self, order: &str) -> Result<String, PolarError> {
        let path = ["orders", order, "invoice"];
        let answer: Answer<File> = Answer::read(&self.send(Call::get("invoice", &path)).await?)?;
        Ok(answer.data.url)
    }

    /// 6.14, the newest first
    pub async fn subscriptions(
        &self,
        find: &Find<'_>,
    ) -> Result<Page<wire::Subscription>, PolarError> {
        let call =
            Call::get("subscriptions", &["subscriptions", ""]).query("sorting", "-started_at");
        Page::read(&self.send(find.add(call)).await?)
    }

    /// 6.14
    pub async fn subscription(&self, id: &str) -> Result<Answer<wire::Subscription>, PolarError> {
        Answer::read(&self.send(Call::get("subscription", &["subscriptions", id])).await?)
    }

    /// 6.15. Sent once: a second plan change would be a second invoice.
    pub async fn update_subscription(
        &self,
        id: &str,
        change: &Change<'_>,
    ) -> Result<Answer<wire::Subscription>, PolarError> {
        let path = ["subscriptions", id];
        let call = Call::patch("update_subscription", &path).body(change.body());
        Answer::read(&self.send(call).await?)
    }

    /// 6.17
    pub async fn products(&self, page: i64) -> Result<Page<wire::Product>, PolarError> {
        let call = Call::get("products", &["products", ""]).query("is_archived", false);
        let find = Find { page, ..Find::default() };
        Page::read(&self.send(find.add(call)).await?)
    }

    /// One product, archived or not.
    pub async fn product(&self, id: &str) -> Result<Answer<wire::Product>, PolarError> {
        Answer::read(&self.send(Call::get("product", &["products", id])).await?)
    }

    /// 6.18: Polar recognises an event that it has by its id.
    pub async fn ingest(&self, events: &[Event<'_>]) -> Result<(), PolarError> {
        let events: Vec<Value> = events.iter().map(Event::body).collect();
        let call = Call::post("ingest", &["events", "ingest"]).repeatable();
        self.send(call.body(json!({ "events": events }))).await?;
        Ok(())
    }

    /// 6.21
    pub async fn endpoints(&self) -> Result<Page<wire::Endpoint>, PolarError> {
        let call = Call::get("webhook_endpoints", &["webhooks", "endpoints"]).query("limit", 100);
        Page::read(&self.send(call).await?)
    }

    /// 6.21: attempts that failed, whether or not a later one worked.
    pub async fn failed_deliveries(
        &self,
        endpoint: &str,
        since: OffsetDateTime,
    ) -> Result<Page<wire::FailedDelivery>, PolarError> {
        let call = Call::get("webhook_deliveries", &["webhooks", "deliveries"])
            .query("endpoint_id", endpoint)
            .query("succeeded", false)
            .query("start_timestamp", rfc3339(since))
            .query("limit", 100);
        Page::read(&self.send(call).await?)
    }

    /// 6.21: the same event with the same id, once more.
    pub async fn redeliver(&self, event: &str) -> Result<(), PolarError> {
        let path = ["webhooks", "events", event, "redeliver"];
        self.send(Call::post("redeliver", &path)).await?;
        Ok(())
    }
}

fn described(new: &NewCustomer<'_>) -> Value {
    let mut body = json!({ "email": new.email });
    if !new.name.is_empty() {
        body["name"] = json!(new.name);
    }
    body
}

impl Event<'_> {
    fn body(&self) -> Value {
        let mut body = json!({
            "name": self.name,
            "external_customer_id": self.user,
            "external_id": self.id,
            "metadata": self.metadata,
        });
        if let Some(at) = self.at {
            body["timestamp"] = json!(rfc3339(at));
        }
        body
    }
}
