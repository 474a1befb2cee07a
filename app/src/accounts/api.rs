//! The server functions of accounts. The forms post to paths without the account's id; it travels in a field.
#![expect(
    clippy::too_many_arguments,
    reason = "one argument for each field of the form that adds an account"
)]

use backend::{
    accounts::{self, AccountChange, Lines, Way},
    idempotency::{Key, Once},
    recurring::{self, Coming},
};
use domain::{AccountId, AccountView, Code, Date, FieldError, NewAccount, NewAccountForm};
use leptos::prelude::*;
use leptos_axum::redirect;

use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{reject, signed_in},
};

/// The caller's accounts, by name.
#[server(prefix = "/api/fn", endpoint = "accounts/list")]
pub async fn list_accounts() -> Result<Vec<AccountView>, AppError> {
    let (backend, caller) = signed_in()?;
    accounts::list(&backend, &caller).await.map_err(reject)
}

/// The caller's accounts, each with its balances of the last 90 days.
pub(super) async fn accounts_with_lines() -> Result<(Vec<AccountView>, Lines), AppError> {
    let (backend, caller) = signed_in()?;
    accounts::with_lines(&backend, &caller).await.map_err(reject)
}

/// The caller's accounts that were put away.
pub(super) async fn archived_accounts() -> Result<Vec<AccountView>, AppError> {
    let (backend, caller) = signed_in()?;
    accounts::archived(&backend, &caller).await.map_err(reject)
}

/// What should come in one of the caller's accounts from their today on.
pub(super) async fn coming_in(account: &AccountId, today: Date) -> Result<Vec<Coming>, AppError> {
    let (backend, caller) = signed_in()?;
    recurring::coming_in(&backend, &caller, account, today).await.map_err(reject)
}

/// One of the caller's accounts.
#[server(prefix = "/api/fn", endpoint = "accounts/get")]
pub async fn get_account(id: AccountId) -> Result<AccountView, AppError> {
    let (backend, caller) = signed_in()?;
    accounts::get(&backend, &caller, &id).await.map_err(reject)
}

/// `POST /accounts/link`: adds an account. The same form sent twice adds one.
#[server(prefix = "", endpoint = "accounts/link")]
pub async fn add_account(
    #[server(default)]
    #[server(rename = "bankName")]
    bank_name: String,
    #[server(default)]
    #[server(rename = "accountType")]
    account_type: String,
    #[server(default)]
    #[server(rename = "routingNumber")]
    routing_number: String,
    #[server(default)]
    #[server(rename = "accountNumber")]
    account_number: String,
    #[server(default)]
    #[server(rename = "accountNumberAgain")]
    account_number_again: String,
    #[server(default)]
    #[server(rename = "accountNickname")]
    account_nickname: String,
    #[server(default)] currency: String,
    #[server(default)]
    #[server(rename = "idempotencyKey")]
    idempotency_key: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let form = NewAccountForm {
        bank_name,
        account_type,
        routing_number,
        account_number,
        account_number_again: Some(account_number_again),
        account_nickname,
        currency,
    };
    let account = form.parse().map_err(AppError::Invalid)?;
    let once = once(&idempotency_key, &account);
    let added =
        accounts::create(&backend, &caller, account, once.as_ref()).await.map_err(reject)?;

    let import = format!("{}?account={}", routes::IMPORT, added.value.id);
    flash::set(&Flash::done("Account added.").with_link("Import a file", import));
    redirect(&routes::account(&added.value.id));
    Ok(())
}

/// The form's key with what it was sent for; nothing when the key is none of ours. Of the account number only the
/// digits that may be shown are in it.
fn once(key: &str, account: &NewAccount) -> Option<Once> {
    let numbers = account.numbers.as_ref();
    let body = [
        account.bank_name.as_str(),
        account.account_type.as_str(),
        numbers.map_or("", |(routing, _)| routing.as_str()),
        &numbers.and_then(|(_, number)| number.mask()).unwrap_or_default(),
        account.nickname.as_deref().unwrap_or_default(),
        account.currency.code(),
    ]
    .join("\u{1F}");
    Some(Once::new(&Key::parse(key)?, "POST /accounts/link", body.as_bytes()))
}

/// `POST /accounts/rename`: changes what the person calls the account; empty means the bank's name again.
#[server(prefix = "", endpoint = "accounts/rename")]
pub async fn rename_account(
    #[server(default)] id: String,
    #[server(default)]
    #[server(rename = "accountNickname")]
    account_nickname: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = AccountId::new(id);
    let change = AccountChange::parse(None, Some(&account_nickname)).map_err(AppError::Invalid)?;
    accounts::update(&backend, &caller, &id, &change).await.map_err(reject)?;

    flash::set(&Flash::done("Name saved."));
    redirect(&routes::account(&id));
    Ok(())
}

/// `POST /accounts/archive`: puts the account away.
#[server(prefix = "", endpoint = "accounts/archive")]
pub async fn archive_account(#[server(default)] id: String) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = AccountId::new(id);
    let account = accounts::archive(&backend, &caller, &id).await.map_err(reject)?;

    let said = Flash::done(format!("{} is archived.", account.display_name()));
    flash::set(&said.with_button("Undo", routes::UNARCHIVE_ACCOUNT, [("id", id.as_str())]));
    redirect(routes::ACCOUNTS);
    Ok(())
}

/// `POST /accounts/unarchive`: brings the account back.
#[server(prefix = "", endpoint = "accounts/unarchive")]
pub async fn unarchive_account(#[server(default)] id: String) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = AccountId::new(id);
    let account = accounts::unarchive(&backend, &caller, &id).await.map_err(reject)?;

    flash::set(&Flash::done(format!("{} is back.", account.display_name())));
    redirect(&routes::account(&id));
    Ok(())
}

/// `POST /accounts/shift`: moves the account up or down among those of its type.
#[server(prefix = "", endpoint = "accounts/shift")]
pub async fn shift_account(
    #[server(default)] id: String,
    #[server(default)] way: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let way = if way == "up" { Way::Up } else { Way::Down };
    accounts::shift(&backend, &caller, &AccountId::new(id), way).await.map_err(reject)?;

    redirect(routes::ACCOUNTS);
    Ok(())
}

/// `POST /accounts/delete`: deletes the account and its rows, if its name was typed.
#[server(prefix = "", endpoint = "accounts/delete")]
pub async fn delete_account(
    #[server(default)] id: String,
    #[server(default)] name: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = AccountId::new(id);
    let account = accounts::get(&backend, &caller, &id).await.map_err(reject)?;
    if !is_name_of(&account, &name) {
        return Err(AppError::Invalid(vec![FieldError {
            message: format!("Type {} exactly as it stands above.", name_to_type(&account)),
            ..FieldError::new("name", Code::TextRequired)
        }]));
    }
    accounts::delete(&backend, &caller, &id).await.map_err(reject)?;

    flash::set(&Flash::done("Account deleted."));
    redirect(routes::ACCOUNTS);
    Ok(())
}

/// What has to be typed to delete the account: the nickname, or the bank's name when there is none.
pub fn name_to_type(account: &AccountView) -> &str {
    account.account_nickname.as_deref().unwrap_or(&account.bank_name)
}

/// Whether the text names the account: blanks at the ends and the case don't matter.
fn is_name_of(account: &AccountView, text: &str) -> bool {
    let typed = text.trim().to_lowercase();
    [name_to_type(account), &account.display_name()].iter().any(|name| name.to_lowercase() == typed)
}

#[cfg(test)]
mod tests {
    use domain::{AccountStatus, AccountType};
    use time::macros::datetime;

    use super::*;

    fn account(nickname: Option<&str>) -> AccountView {
        AccountView {
            id: AccountId::new("acc_1"),
            bank_name: "First Harbor".to_owned(),
            account_type: AccountType::Checking,
            account_nickname: nickname.map(str::to_owned),
            status: AccountStatus::Active,
            suspended: None,
            archived_at: None,
            mask: None,
            number_is_token: false,
            currency: "USD".to_owned(),
            balance_minor: 0,
            bank_balance_minor: None,
            transactions: 0,
            invented: false,
            updated_at: datetime!(2026-06-10 12:00 UTC),
            created_at: datetime!(2026-06-10 12:00 UTC),
        }
    }

    #[test]
    fn an_account_is_named_by_its_nickname_or_its_bank() {
        assert!(is_name_of(&account(None), " first harbor "));
        assert!(is_name_of(&account(None), "First Harbor checking"));
        assert!(is_name_of(&account(Some("Bills")), "bills"));
        assert!(!is_name_of(&account(Some("Bills")), "First Harbor"));
        assert!(!is_name_of(&account(None), ""));
    }

    #[test]
    fn the_key_of_a_form_is_not_the_account_number() {
        let form = || NewAccountForm {
            bank_name: "First Harbor".to_owned(),
            account_type: "checking".to_owned(),
            routing_number: "021000021".to_owned(),
            account_number: "000123456789".to_owned(),
            ..NewAccountForm::default()
        };
        let account = form().parse().ok().unwrap();

        assert!(once("0197a000-0000-7000-8000-000000000000", &account).is_some());
        assert!(once("short", &account).is_none());
    }
}
