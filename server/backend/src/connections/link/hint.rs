//! What a provider's script says was chosen, before the one-time token is spent.

use domain::AccountType;
use serde::Deserialize;

use crate::banks::{ProviderAccount, plaid};

/// A bank and its accounts, as the provider's script names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Hint {
    /// The provider's id of the bank.
    pub institution_id: String,
    /// What was chosen there.
    pub accounts: Vec<HintAccount>,
}

/// One account of a [`Hint`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HintAccount {
    /// What kind it is.
    pub account_type: AccountType,
    /// Two to four characters.
    pub mask: Option<String>,
}

/// One account as Plaid's script names it.
#[derive(Deserialize)]
struct ScriptAccount {
    #[serde(rename = "type")]
    kind: String,
    subtype: Option<String>,
    mask: Option<String>,
}

impl Hint {
    /// What Plaid's script says of the chosen bank and its accounts, as JSON. None where it says nothing that can be
    /// read: then they are compared once the token is spent.
    pub fn of_plaid(institution: &str, accounts: &str) -> Option<Self> {
        let accounts: Vec<ScriptAccount> = serde_json::from_str(accounts).ok()?;
        let read = |account: ScriptAccount| HintAccount {
            account_type: plaid::account_type(&account.kind, account.subtype.as_deref()),
            mask: account.mask,
        };
        let accounts = accounts.into_iter().map(read).collect();
        (!institution.is_empty()).then(|| Self { institution_id: institution.to_owned(), accounts })
    }
}

impl HintAccount {
    /// An account that the provider named itself.
    pub(super) fn of(account: &ProviderAccount) -> Self {
        Self { account_type: account.account_type, mask: account.mask.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_plaids_script_says_is_a_hint_where_it_can_be_read() {
        let accounts = r#"[{"type":"depository","subtype":"savings","mask":"1111"},
                           {"type":"loan","subtype":null,"mask":null}]"#;
        let hint = Hint::of_plaid("ins_109508", accounts).unwrap();

        let found: Vec<_> =
            hint.accounts.iter().map(|one| (one.account_type, one.mask.as_deref())).collect();
        assert_eq!(found, [(AccountType::Savings, Some("1111")), (AccountType::Loan, None)]);
        for (institution, accounts) in [("", accounts), ("ins_1", ""), ("ins_1", "[{}]")] {
            assert_eq!(Hint::of_plaid(institution, accounts), None);
        }
    }
}
