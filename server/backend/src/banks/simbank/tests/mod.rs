mod ledger;
mod link;
mod runs;
mod switches;

use secrecy::SecretString;

use super::*;
use crate::{
    Backend, SignedIn,
    banks::{FinishLink, NewConnection, Provider as _, ProviderRow, Purpose, SyncPage},
};

fn bank(backend: &Backend) -> &Simbank {
    backend.banks.simbank().expect("the built-in bank of the tests")
}

/// Somebody who has signed in at a bank.
async fn linked(
    backend: &Backend,
    who: &SignedIn,
    institution: &str,
    login: &str,
) -> NewConnection {
    let public_token = bank(backend).arrive(who.user(), institution, login).await.unwrap();
    let ask = FinishLink {
        user: who.user(),
        purpose: &Purpose::New,
        token: None,
        public_token: &public_token,
    };
    bank(backend).finish_link(ask).await.unwrap()
}

/// Everything since a cursor, page by page; and the cursor behind it.
async fn read(
    backend: &Backend,
    token: &SecretString,
    cursor: Option<&str>,
    limit: u32,
) -> (SyncPage, String) {
    let mut whole = bank(backend).sync(token, cursor, limit).await.unwrap();
    while whole.has_more {
        let next = bank(backend).sync(token, Some(&whole.next_cursor), limit).await.unwrap();
        whole.added.extend(next.added);
        whole.modified.extend(next.modified);
        whole.removed.extend(next.removed);
        (whole.next_cursor, whole.has_more) = (next.next_cursor, next.has_more);
    }
    let cursor = whole.next_cursor.clone();
    (whole, cursor)
}

fn named<'p>(page: &'p SyncPage, text: &str) -> Vec<&'p ProviderRow> {
    page.added.iter().filter(|row| row.description.contains(text)).collect()
}
