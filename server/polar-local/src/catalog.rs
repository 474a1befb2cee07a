//! What is sold: the seeded catalogue, which never changes.

use std::sync::LazyLock;

use uuid::Uuid;

use crate::{
    json::{Json, object},
    moment::Interval,
};

/// The organization that owns everything.
pub const ORGANIZATION: Uuid = uuid::uuid!("12a9acd9-3a5a-4d38-b469-aad56181f65d");

static PRODUCTS: LazyLock<Vec<Product>> = LazyLock::new(|| {
    let list: Json = serde_json::from_str(include_str!("products.json"))
        .expect("the file beside this one is JSON");
    list.items().iter().filter_map(Product::read).collect()
});

static METER: LazyLock<Json> = LazyLock::new(|| {
    serde_json::from_str(include_str!("meter.json")).expect("the file beside this one is JSON")
});

/// A product with its prices and benefits.
pub struct Product {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub description: String,
    /// `None`: sold once.
    pub interval: Option<Interval>,
    pub trial_days: Option<i64>,
    /// Of one period and, if `by_seat`, of one seat.
    pub cents: i64,
    pub by_seat: bool,
    pub price_id: Uuid,
    pub benefits: Vec<Benefit>,
    json: Json,
}

/// Something a product gives.
pub struct Benefit {
    pub id: Uuid,
    pub kind: String,
    /// Usage given each period.
    pub credit: Option<i64>,
    pub json: Json,
}

/// The slug and the id of every product of the seeded catalogue.
pub fn products() -> Vec<(&'static str, &'static str)> {
    PRODUCTS
        .iter()
        .filter_map(|product| Some((product.slug.as_str(), product.json.text("id")?)))
        .collect()
}

/// Every product, in the order of the catalogue.
pub fn all() -> &'static [Product] {
    &PRODUCTS
}

/// The product of an id.
pub fn find(id: Uuid) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| product.id == id)
}

/// The benefit of an id.
pub fn benefit(id: Uuid) -> Option<&'static Benefit> {
    PRODUCTS.iter().flat_map(|product| &product.benefits).find(|benefit| benefit.id == id)
}

/// The only meter: calls of the API.
pub fn meter() -> &'static Json {
    &METER
}

/// The id of the only meter.
pub fn meter_id() -> Uuid {
    id_of(meter()).unwrap_or_default()
}

fn id_of(json: &Json) -> Option<Uuid> {
    json.text("id")?.parse().ok()
}

impl Product {
    fn read(json: &Json) -> Option<Self> {
        let prices = json.get("prices")?.items();
        let cents = |key| prices.iter().filter_map(|p| p.get(key)?.as_i64()).sum::<i64>();
        let by_seat = prices.iter().any(|price| price.get("seat_tiers").is_some());
        Some(Self {
            id: id_of(json)?,
            slug: json.get("metadata")?.text("slug")?.to_owned(),
            name: json.text("name")?.to_owned(),
            description: json.text("description").unwrap_or_default().to_owned(),
            interval: json.text("recurring_interval").and_then(Interval::parse),
            trial_days: json.get("trial_interval_count").and_then(Json::as_i64),
            cents: if by_seat { cents("price_per_seat") } else { cents("price_amount") },
            by_seat,
            price_id: id_of(prices.first()?)?,
            benefits: json.get("benefits")?.items().iter().filter_map(Benefit::read).collect(),
            json: json.clone(),
        })
    }

    /// What one period costs.
    pub fn amount(&self, seats: Option<i64>) -> i64 {
        if self.by_seat { self.cents * seats.unwrap_or(1) } else { self.cents }
    }

    /// The product as the API shows it.
    pub const fn json(&self) -> &Json {
        &self.json
    }

    /// Its prices.
    pub fn prices(&self) -> Json {
        self.json.get("prices").cloned().unwrap_or_default()
    }

    /// Its first price, which old integrations read.
    pub fn first_price(&self) -> Json {
        self.prices().items().first().cloned().unwrap_or_default()
    }

    /// As a checkout and the portal show it: nothing private.
    pub fn public_json(&self) -> Json {
        let mut json = self.json.clone().without(&["metadata", "attached_custom_fields"]);
        json.set("benefits", self.benefits.iter().map(Benefit::public_json).collect::<Vec<_>>());
        json
    }

    /// As an order embeds it: without prices and benefits, metadata first.
    pub fn order_json(&self) -> Json {
        let mut json = object! { "metadata": self.json.get("metadata").cloned() };
        let inner = ["metadata", "prices", "benefits", "medias", "attached_custom_fields"];
        for (key, value) in self.json.clone().without(&inner).entries() {
            json.set(key, value);
        }
        json
    }
}

impl Benefit {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            id: id_of(json)?,
            kind: json.text("type")?.to_owned(),
            credit: json.get("properties")?.get("units").and_then(Json::as_i64),
            json: json.clone(),
        })
    }

    fn public_json(&self) -> Json {
        let json =
            self.json.clone().without(&["metadata", "visibility", "visibility_configurable"]);
        if self.credit.is_some() { json } else { json.without(&["properties"]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_has_six_products_and_three_yearly_ones() {
        let slugs: Vec<_> = products().into_iter().map(|(slug, _)| slug).collect();

        assert_eq!(
            slugs,
            [
                "starter",
                "plus",
                "premium",
                "api",
                "family",
                "archive",
                "starter-yearly",
                "plus-yearly",
                "premium-yearly"
            ]
        );
        for product in all() {
            assert_eq!(product.id.get_version_num(), 4);
            assert!(product.cents > 0);
        }
        assert_eq!(all()[6].trial_days, Some(7));
        assert_eq!(all()[6].interval, Some(Interval::Year));
        assert_eq!(all()[4].amount(Some(4)), 24_000);
        assert_eq!(all()[5].interval, None);
    }

    #[test]
    fn a_product_in_a_checkout_has_nothing_private() {
        let json = all()[3].public_json();

        assert!(json.get("metadata").is_none());
        assert!(json.get("benefits").unwrap().items()[0].get("properties").is_some());
        assert!(
            all()[0].public_json().get("benefits").unwrap().items()[0].get("metadata").is_none()
        );
        assert_eq!(all()[0].order_json().entries()[0].0, "metadata");
    }
}
