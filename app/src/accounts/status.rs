//! Where an account stands, as a word, and what can be done about it.

use domain::{AccountStatus, AccountView};
use leptos::prelude::*;

use crate::{
    routes,
    server::backend,
    ui::{Badge, Tone},
    verification::sends_deposits,
};

/// Active, Pending or Suspended.
#[component]
pub fn StatusBadge(
    /// Where it stands.
    status: AccountStatus,
) -> AnyView {
    let tone = match status {
        AccountStatus::Active => Tone::Positive,
        AccountStatus::Pending => Tone::Warning,
        AccountStatus::Suspended => Tone::Negative,
    };
    view! { <Badge tone attr:data-state=status.as_str()>{status.label()}</Badge> }.into_any()
}

/// How an account can be proven on this site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Proofs {
    /// Somebody sends small deposits.
    pub deposits: bool,
    /// Banks can be linked, and vouch for their accounts.
    pub banks: bool,
}

impl Proofs {
    /// As it is set up.
    pub fn here() -> Self {
        Self { deposits: sends_deposits(), banks: !backend().banks.kinds().is_empty() }
    }
}

/// What an account in some state can do, or why it is stopped, with the way there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// One or two sentences.
    pub text: String,
    /// The words of a link, and where it leads.
    pub link: Option<(&'static str, String)>,
}

/// What can be done about where an account stands; nothing when there is nothing to say.
pub(crate) fn next_step(account: &AccountView, proofs: Proofs) -> Option<Step> {
    // A bank that is linked already and did not vouch for the account will not by being linked again.
    let is_linked = account.bank_balance_minor.is_some();
    let (text, link) = match account.status {
        AccountStatus::Active => return None,
        AccountStatus::Suspended => (account.suspended.clone()?, None),
        AccountStatus::Pending if proofs.deposits => (
            "Not verified yet. You can import files now.".to_owned(),
            Some(("Verify it", routes::verify(&account.id))),
        ),
        AccountStatus::Pending if proofs.banks && !is_linked => (
            "Not verified: no small deposits are sent from here. Link its bank to verify it. Until then, import files."
                .to_owned(),
            Some(("Link its bank", format!("{}?how=bank", routes::ADD_ACCOUNT))),
        ),
        AccountStatus::Pending => (
            "Not verified: no small deposits are sent from here. Everything else works, so go on with files."
                .to_owned(),
            Some(("Import a file", format!("{}?account={}", routes::IMPORT, account.id))),
        ),
    };
    Some(Step { text, link })
}

/// What can be done, and the way there.
#[component]
pub(crate) fn WhatNext(
    /// The step.
    step: Step,
) -> AnyView {
    let link = step.link.map(|(words, href)| {
        view! { " " <a href=href class="link inline-flex min-h-6 items-center">{words}</a> }
    });
    view! { {step.text} {link} }.into_any()
}

#[cfg(test)]
mod tests {
    use domain::{AccountId, AccountType};
    use time::macros::datetime;

    use super::*;

    fn account(status: AccountStatus, bank: Option<i64>) -> AccountView {
        AccountView {
            id: AccountId::new("a1"),
            bank_name: "First Harbor".to_owned(),
            account_type: AccountType::Checking,
            account_nickname: None,
            status,
            suspended: Some("Contact support.".to_owned()),
            archived_at: None,
            mask: None,
            number_is_token: false,
            currency: "USD".to_owned(),
            balance_minor: 0,
            bank_balance_minor: bank,
            transactions: 0,
            invented: false,
            updated_at: datetime!(2026-06-10 12:00 UTC),
            created_at: datetime!(2026-06-01 12:00 UTC),
        }
    }

    #[test]
    fn an_account_that_waits_for_its_proof_is_told_what_can_be_done_here() {
        let leads = |bank, deposits, banks| {
            let step =
                next_step(&account(AccountStatus::Pending, bank), Proofs { deposits, banks });
            step.unwrap().link.unwrap().1
        };

        assert_eq!(leads(None, true, true), "/accounts/a1/verify");
        assert_eq!(leads(None, false, true), "/accounts/link?how=bank");
        assert_eq!(leads(Some(5), false, true), "/import?account=a1");
        assert_eq!(leads(None, false, false), "/import?account=a1");
    }

    #[test]
    fn a_stopped_account_says_why_and_one_in_use_says_nothing() {
        let proofs = Proofs { deposits: true, banks: true };
        let stopped = next_step(&account(AccountStatus::Suspended, None), proofs);

        assert_eq!(stopped.map(|step| step.text).as_deref(), Some("Contact support."));
        assert_eq!(next_step(&account(AccountStatus::Active, None), proofs), None);
    }
}
