//! Series for tests.

use domain::{AccountId, Date};

use crate::{
    Backend, SignedIn,
    transactions::testing::{Given, give_all},
};

/// Gives somebody a subscription of $15.49 with a row on each of these days, and looks for it.
pub async fn subscription(backend: &Backend, who: &SignedIn, account: &AccountId, days: &[Date]) {
    let row = |date: &Date| Given {
        date: *date,
        minor: -1_549,
        description: "NETFLIX.COM",
        ..Given::default()
    };
    give_all(backend, who, account, &days.iter().map(row).collect::<Vec<_>>()).await;
    super::look(backend, who.user()).await.expect("a look");
}
