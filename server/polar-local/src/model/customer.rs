//! A customer, the card on file and a session in the portal.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Row;
use crate::{json::Json, moment::Moment};

/// A customer.
#[derive(Clone, Serialize, Deserialize)]
pub struct Customer {
    pub id: Uuid,
    pub created_at: Moment,
    pub modified_at: Option<Moment>,
    pub metadata: Json,
    pub external_id: Option<String>,
    pub email: String,
    pub name: Option<String>,
    pub billing_address: Option<Address>,
    pub locale: Option<String>,
    pub card: Option<Card>,
    /// Below zero: a credit that the next orders use up.
    pub balance: i64,
    pub deleted_at: Option<Moment>,
    pub first_event_at: Option<Moment>,
}

/// Where an invoice goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    pub line1: Option<String>,
    pub line2: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub country: String,
}

/// A card on file. Of the card itself nothing is kept but how it behaves.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Card {
    pub id: Uuid,
    pub kind: CardKind,
}

/// How a card behaves when it is charged later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    Good,
    FailsLater,
}

/// One hour in the portal.
#[derive(Clone, Serialize, Deserialize)]
pub struct Session {
    pub id: Uuid,
    pub created_at: Moment,
    pub expires_at: Moment,
    pub token: String,
    pub return_url: Option<String>,
    pub customer: Uuid,
}

impl Row for Customer {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl Row for Session {
    fn id(&self) -> Uuid {
        self.id
    }
}
