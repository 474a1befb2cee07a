//! Bank accounts: the form that adds one, and what a page may know of one.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use zeroize::Zeroize;

use crate::form::Errors;
use crate::{AccountId, AccountNumber, Code, Currency, FieldError, Money, RoutingNumber, text};

/// Most characters in the name of a bank.
const BANK_NAME_MAX: usize = 80;
/// Most characters in a nickname.
const NICKNAME_MAX: usize = 40;

words! {
    /// What kind of account it is.
    pub enum AccountType (Code::AccountTypeUnknown) {
        Checking = "checking", "Checking";
        Savings = "savings", "Savings";
        Credit = "credit", "Credit card";
        Loan = "loan", "Loan";
        Cash = "cash", "Cash";
        Other = "other", "Other";
    }
}

impl AccountType {
    /// False for cash alone.
    pub const fn can_have_numbers(self) -> bool {
        !matches!(self, Self::Cash)
    }

    /// True for the kinds that are always at a bank, and that small deposits can verify.
    pub const fn needs_numbers(self) -> bool {
        matches!(self, Self::Checking | Self::Savings)
    }
}

words! {
    /// Where an account stands. Archiving is a time, not a status.
    pub enum AccountStatus (Code::AccountStatusUnknown) {
        /// Added with numbers that nobody has verified yet.
        Pending = "pending", "Pending";
        /// Verified, or added by hand without numbers.
        Active = "active", "Active";
        /// Stopped by a failed verification, by the bank or by an administrator.
        Suspended = "suspended", "Suspended";
    }
}

/// Both numbers of an account, or none for one kept by hand.
type Numbers = Option<(RoutingNumber, AccountNumber)>;

/// The fields of the form that adds an account, as typed. Holds an account number: it is never printed or serialised.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NewAccountForm {
    /// `bankName`
    pub bank_name: String,
    /// `accountType`: a word of [`AccountType`].
    pub account_type: String,
    /// `routingNumber`
    pub routing_number: String,
    /// `accountNumber`
    pub account_number: String,
    /// `accountNumberAgain`: absent where it is typed once only.
    pub account_number_again: Option<String>,
    /// `accountNickname`
    pub account_nickname: String,
    /// `currency`: ISO 4217; empty means US dollars.
    pub currency: String,
}

/// A checked account, ready to be kept.
pub struct NewAccount {
    /// The bank's name.
    pub bank_name: String,
    /// What kind it is.
    pub account_type: AccountType,
    /// None for an account kept by hand.
    pub numbers: Option<(RoutingNumber, AccountNumber)>,
    /// What the person calls it.
    pub nickname: Option<String>,
    /// The currency of every row in it.
    pub currency: Currency,
}

impl NewAccountForm {
    /// Checks everything and gives all errors at once. The typed numbers are cleared from memory.
    pub fn parse(mut self) -> Result<NewAccount, Vec<FieldError>> {
        let mut errors = Errors::default();
        let bank_name = errors.take("bankName", bank_name(&self.bank_name));
        let account_type =
            errors.take("accountType", self.account_type.trim().parse::<AccountType>());
        let numbers = self.numbers(account_type, &mut errors);
        let nickname = errors.take("accountNickname", nickname(&self.account_nickname));
        let currency = errors.take("currency", currency(&self.currency));
        self.account_number.zeroize();
        self.account_number_again.zeroize();

        let account = bank_name.zip(account_type).zip(numbers).zip(nickname).zip(currency);
        errors.finish(account.map(
            |((((bank_name, account_type), numbers), nickname), currency)| NewAccount {
                bank_name,
                account_type,
                numbers,
                nickname,
                currency,
            },
        ))
    }

    /// Both numbers, or none when none were typed and the kind of account lives without.
    fn numbers(&self, account_type: Option<AccountType>, errors: &mut Errors) -> Option<Numbers> {
        let again = self.account_number_again.as_deref();
        let typed = |text: &str| !text.trim().is_empty();
        let any_typed =
            typed(&self.routing_number) || typed(&self.account_number) || again.is_some_and(typed);
        if !any_typed && !account_type.is_some_and(AccountType::needs_numbers) {
            return Some(None);
        }
        if account_type.is_some_and(|account_type| !account_type.can_have_numbers()) {
            errors.push("accountNumber", Code::AccountNumbersUnused);
            return None;
        }
        let routing = errors.take("routingNumber", RoutingNumber::parse(&self.routing_number));
        let number = errors.take("accountNumber", AccountNumber::parse(&self.account_number));
        if let (Some(number), Some(again)) = (&number, again) {
            let same = AccountNumber::parse(again).is_ok_and(|again| again.is_same(number));
            if !same {
                errors.push("accountNumberAgain", Code::AccountNumberMismatch);
                return None;
            }
        }
        routing.zip(number).map(Some)
    }
}

/// The numbers of an account that is there, as typed once more.
#[derive(Default)]
pub struct NumbersForm {
    /// `routingNumber`
    pub routing_number: String,
    /// `accountNumber`
    pub account_number: String,
    /// `accountNumberAgain`: absent where it is typed once only.
    pub account_number_again: Option<String>,
}

impl NumbersForm {
    /// Checks everything and gives all errors at once. The typed numbers are cleared from memory.
    pub fn parse(self) -> Result<(RoutingNumber, AccountNumber), Vec<FieldError>> {
        let mut errors = Errors::default();
        let mut form = NewAccountForm {
            routing_number: self.routing_number,
            account_number: self.account_number,
            account_number_again: self.account_number_again,
            ..NewAccountForm::default()
        };
        let numbers = form.numbers(Some(AccountType::Checking), &mut errors);
        form.account_number.zeroize();
        form.account_number_again.zeroize();
        errors.finish(numbers.flatten())
    }
}

/// The name of a bank: required, one line.
pub fn bank_name(text: &str) -> Result<String, Code> {
    match text::clean_line(text, BANK_NAME_MAX) {
        Ok(name) if name.is_empty() => Err(Code::BankNameRequired),
        Err(Code::TextLength(_)) => Err(Code::BankNameLength),
        result => result,
    }
}

/// A nickname: one line; empty means none.
pub fn nickname(text: &str) -> Result<Option<String>, Code> {
    match text::clean_line(text, NICKNAME_MAX) {
        Ok(name) => Ok(Some(name).filter(|name| !name.is_empty())),
        Err(Code::TextLength(_)) => Err(Code::NicknameLength),
        Err(code) => Err(code),
    }
}

fn currency(text: &str) -> Result<Currency, Code> {
    if text.trim().is_empty() { Ok(Currency::USD) } else { Currency::parse(text) }
}

/// An account as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    /// Its id.
    pub id: AccountId,
    /// The bank's name.
    pub bank_name: String,
    /// What kind it is.
    pub account_type: AccountType,
    /// What the person calls it.
    pub account_nickname: Option<String>,
    /// Where it stands.
    pub status: AccountStatus,
    /// Why it is suspended and what to do about it, in a sentence.
    #[serde(default)]
    pub suspended: Option<String>,
    /// The last digits of its number, when they may be shown.
    pub mask: Option<String>,
    /// The number is one that the bank made for us, not the one on the cheque.
    #[serde(default)]
    pub number_is_token: bool,
    /// ISO 4217.
    pub currency: String,
    /// The balance by our ledger, in minor units.
    pub balance_minor: i64,
    /// What its bank says it holds, in minor units, where a connection reads it.
    #[serde(default)]
    pub bank_balance_minor: Option<i64>,
    /// How many rows it has.
    pub transactions: i64,
    /// The test bank made it up. It stays so when the bank is disconnected and the account kept.
    #[serde(default)]
    pub invented: bool,
    /// When its owner put it away: it is in no list and no sum of accounts since.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub archived_at: Option<OffsetDateTime>,
    /// When anything in it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// When it was added.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

impl AccountView {
    /// The nickname, else the bank and the kind: "First Harbor checking".
    pub fn display_name(&self) -> String {
        display_name(self.account_nickname.as_deref(), &self.bank_name, self.account_type)
    }

    /// The balance by our ledger; nothing when the currency is unknown to this version.
    pub fn balance(&self) -> Option<Money> {
        Some(Money::new(self.balance_minor, Currency::parse(&self.currency).ok()?))
    }

    /// What it holds: the bank's word where a bank gives it, else our ledger's. Lists, tiles and their totals have this
    /// one (spec: banking 6). Nobody reads an account that was put away.
    pub fn held(&self) -> Option<Money> {
        let said = self.bank_balance_minor.filter(|_| self.archived_at.is_none());
        let minor = said.unwrap_or(self.balance_minor);
        Some(Money::new(minor, Currency::parse(&self.currency).ok()?))
    }

    /// The balance by our ledger, where the bank says something else.
    pub fn ledger_differs(&self) -> Option<Money> {
        self.balance().filter(|ledger| self.held() != Some(*ledger))
    }

    /// `•••• 6789`.
    pub fn mask_label(&self) -> String {
        mask_label(self.mask.as_deref())
    }
}

/// The nickname, else the bank and the kind of account: "First Harbor checking".
pub fn display_name(nickname: Option<&str>, bank_name: &str, account_type: AccountType) -> String {
    match nickname {
        Some(nickname) => nickname.to_owned(),
        None => format!("{bank_name} {}", account_type.label().to_lowercase()),
    }
}

/// `•••• 6789`, or `••••` when no digit may be shown.
pub fn mask_label(mask: Option<&str>) -> String {
    mask.map_or_else(|| "••••".to_owned(), |mask| format!("•••• {mask}"))
}

/// For reading aloud: "ending in 6 7 8 9".
pub fn mask_spoken(mask: Option<&str>) -> Option<String> {
    let spaced: Vec<String> = mask?.chars().map(String::from).collect();
    Some(format!("ending in {}", spaced.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> NewAccountForm {
        NewAccountForm {
            bank_name: " First  Harbor ".to_owned(),
            account_type: "checking".to_owned(),
            routing_number: "021000021".to_owned(),
            account_number: "000123456789".to_owned(),
            account_number_again: Some("0001 2345 6789".to_owned()),
            ..NewAccountForm::default()
        }
    }

    fn codes(form: NewAccountForm) -> Vec<(String, String)> {
        let errors = form.parse().err().unwrap_or_default();
        errors.into_iter().map(|error| (error.field, error.code)).collect()
    }

    fn pair(field: &str, code: &str) -> (String, String) {
        (field.to_owned(), code.to_owned())
    }

    #[test]
    fn a_complete_form_becomes_an_account() {
        let account = form().parse().ok().unwrap();

        assert_eq!(account.bank_name, "First Harbor");
        assert_eq!(account.account_type, AccountType::Checking);
        assert_eq!(account.nickname, None);
        assert_eq!(account.currency, Currency::USD);
        let (routing, number) = account.numbers.unwrap();
        assert_eq!(routing.as_str(), "021000021");
        assert_eq!(number.mask().as_deref(), Some("6789"));
    }

    #[test]
    fn every_error_is_said_at_once() {
        let form = NewAccountForm {
            currency: "ZZZ".to_owned(),
            account_nickname: "n".repeat(41),
            ..Default::default()
        };

        let expected = [
            pair("bankName", "bank_name_required"),
            pair("accountType", "account_type_unknown"),
            pair("accountNickname", "nickname_length"),
            pair("currency", "currency_unknown"),
        ];
        assert_eq!(codes(form), expected);
    }

    #[test]
    fn a_checking_account_needs_its_numbers() {
        let form = NewAccountForm {
            routing_number: String::new(),
            account_number: String::new(),
            account_number_again: Some(String::new()),
            ..form()
        };

        let expected = [
            pair("routingNumber", "routing_length"),
            pair("accountNumber", "account_number_length"),
        ];
        assert_eq!(codes(form), expected);
    }

    #[test]
    fn a_card_may_be_kept_by_hand_without_numbers() {
        let form = NewAccountForm {
            account_type: "credit".to_owned(),
            routing_number: " ".to_owned(),
            account_number: String::new(),
            account_number_again: Some(String::new()),
            ..form()
        };

        assert!(form.parse().ok().unwrap().numbers.is_none());
    }

    #[test]
    fn cash_has_no_numbers() {
        let form = NewAccountForm { account_type: "cash".to_owned(), ..form() };
        assert_eq!(codes(form), [pair("accountNumber", "account_numbers_unused")]);
    }

    #[test]
    fn two_different_numbers_are_refused_at_the_second() {
        let form =
            NewAccountForm { account_number_again: Some("000123456780".to_owned()), ..form() };
        assert_eq!(codes(form), [pair("accountNumberAgain", "account_number_mismatch")]);
    }

    #[test]
    fn one_number_without_the_other_is_refused() {
        let form = NewAccountForm {
            account_type: "loan".to_owned(),
            account_number: String::new(),
            account_number_again: None,
            ..form()
        };
        assert_eq!(codes(form), [pair("accountNumber", "account_number_length")]);
    }

    #[test]
    fn a_json_body_may_leave_the_optional_fields_out() {
        let form: NewAccountForm = serde_json::from_str(
            r#"{"accountNumber":"1234567","routingNumber":"021000021","bankName":"B","accountType":"savings"}"#,
        )
        .unwrap();
        assert_eq!(form.parse().ok().unwrap().account_type, AccountType::Savings);
    }

    #[test]
    fn an_account_without_a_nickname_is_called_by_bank_and_kind() {
        assert_eq!(
            display_name(None, "First Harbor", AccountType::Checking),
            "First Harbor checking"
        );
        assert_eq!(display_name(Some("Bills"), "First Harbor", AccountType::Checking), "Bills");
    }

    #[test]
    fn what_an_account_holds_is_the_banks_word_until_it_is_put_away() {
        let day = time::macros::datetime!(2026-06-10 12:00 UTC);
        let account = |bank_balance_minor, archived_at| AccountView {
            id: AccountId::new("a1"),
            bank_name: "First Harbor".to_owned(),
            account_type: AccountType::Credit,
            account_nickname: None,
            status: AccountStatus::Active,
            suspended: None,
            mask: None,
            number_is_token: false,
            currency: "USD".to_owned(),
            balance_minor: -45_000,
            bank_balance_minor,
            transactions: 3,
            invented: false,
            archived_at,
            updated_at: day,
            created_at: day,
        };
        let of = |account: &AccountView| {
            let minor = |money: Option<Money>| money.map(|money| money.minor);
            (minor(account.held()), minor(account.ledger_differs()))
        };

        assert_eq!(of(&account(Some(-46_240), None)), (Some(-46_240), Some(-45_000)));
        assert_eq!(of(&account(Some(-45_000), None)), (Some(-45_000), None));
        assert_eq!(of(&account(None, None)), (Some(-45_000), None));
        assert_eq!(of(&account(Some(-46_240), Some(day))), (Some(-45_000), None));
        let unknown = AccountView { currency: "???".to_owned(), ..account(Some(1), None) };
        assert_eq!(of(&unknown), (None, None));
    }

    #[test]
    fn masks_are_shown_and_read_aloud() {
        assert_eq!(mask_label(Some("6789")), "•••• 6789");
        assert_eq!(mask_label(None), "••••");
        assert_eq!(mask_spoken(Some("6789")).as_deref(), Some("ending in 6 7 8 9"));
        assert_eq!(mask_spoken(None), None);
    }

    #[test]
    fn words_are_the_same_in_json_and_in_code() {
        for account_type in AccountType::ALL {
            let json = serde_json::to_value(account_type).unwrap();
            assert_eq!(json, account_type.as_str());
            assert_eq!(account_type.as_str().parse(), Ok(*account_type));
        }
        assert_eq!("Checking".parse::<AccountType>(), Err(Code::AccountTypeUnknown));
    }
}
