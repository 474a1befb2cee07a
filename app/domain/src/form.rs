//! What can be wrong with something a person typed: a stable code, and the sentence shown beside the field.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{Currency, Date, day};

/// Form fields whose value is never sent back to a page, logged or stored as typed.
pub const SECRET_FIELDS: &[&str] = &[
    "password",
    "passwordAgain",
    "newPassword",
    "newPasswordAgain",
    "currentPassword",
    "accountNumber",
    "accountNumberAgain",
    "token",
    "code",
];

/// True when the value of this form field must not be echoed.
pub fn is_secret(field: &str) -> bool {
    SECRET_FIELDS.contains(&field)
}

macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident $(($($kind:ty),+))? = $code:literal,)+) => {
        /// What is wrong, as a stable word for programs and a sentence for people.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$meta])* $variant $(($($kind),+))?,)+
        }

        impl Code {
            /// The code in JSON, in snake case. Never changes once published.
            pub const fn as_str(&self) -> &'static str {
                match self {
                    $(codes!(@pattern $variant $(($($kind),+))?) => $code,)+
                }
            }
        }
    };
    (@pattern $variant:ident) => { Self::$variant };
    (@pattern $variant:ident ($($kind:ty),+)) => { Self::$variant(..) };
}

codes! {
    RoutingLength = "routing_length",
    RoutingDigits = "routing_digits",
    RoutingChecksum = "routing_checksum",
    RoutingPrefix = "routing_prefix",
    RoutingNotConsumer = "routing_not_consumer",
    AccountNumberLength = "account_number_length",
    AccountNumberDigits = "account_number_digits",
    AccountNumberZero = "account_number_zero",
    AccountNumberMismatch = "account_number_mismatch",
    /// Numbers typed for a kind of account that has none.
    AccountNumbersUnused = "account_numbers_unused",
    AccountDuplicate = "account_duplicate",
    AccountRequired = "account_required",
    AccountTypeUnknown = "account_type_unknown",
    AccountStatusUnknown = "account_status_unknown",
    BankNameRequired = "bank_name_required",
    BankNameLength = "bank_name_length",
    NicknameLength = "nickname_length",
    AmountRequired = "amount_required",
    AmountNumber = "amount_number",
    AmountZero = "amount_zero",
    /// More decimals than the currency has.
    AmountPrecision(Currency) = "amount_precision",
    AmountTooLarge = "amount_too_large",
    /// The smallest amount of a filter lies above its largest.
    AmountOrder = "amount_order",
    CurrencyUnknown = "currency_unknown",
    DateRequired = "date_required",
    DateInvalid = "date_invalid",
    /// Later than the last date allowed.
    DateFuture(Date) = "date_future",
    /// The first day of a filter lies after its last.
    DateOrder = "date_order",
    MonthInvalid = "month_invalid",
    CategoryUnknown = "category_unknown",
    TransactionTypeUnknown = "transaction_type_unknown",
    TransactionStatusUnknown = "transaction_status_unknown",
    LimitRange = "limit_range",
    PageRange = "page_range",
    PageTooDeep = "page_too_deep",
    CursorInvalid = "cursor_invalid",
    CursorMismatch = "cursor_mismatch",
    EmailRequired = "email_required",
    EmailInvalid = "email_invalid",
    NameRequired = "name_required",
    NameLength = "name_length",
    PasswordRequired = "password_required",
    /// Shorter than this many characters.
    PasswordTooShort(u32) = "password_too_short",
    PasswordTooLong = "password_too_long",
    PasswordCommon = "password_common",
    /// Made of the person's own name or address, or of the product's name.
    PasswordPersonal = "password_personal",
    PasswordCharacters = "password_characters",
    PasswordMismatch = "password_mismatch",
    PasswordWrong = "password_wrong",
    /// Control or direction-changing characters.
    TextCharacters = "text_characters",
    TextRequired = "text_required",
    /// Longer than this many characters.
    TextLength(u32) = "text_length",
    FileRequired = "file_required",
    FileEmpty = "file_empty",
    FileNoRows = "file_no_rows",
    FileNotText = "file_not_text",
    FileTooLarge = "file_too_large",
    FileTooManyRows = "file_too_many_rows",
    FileTooManyColumns = "file_too_many_columns",
    FileCellTooLong = "file_cell_too_long",
    /// A row of a file with more cells than the header.
    RowTooLong = "row_too_long",
    ColumnUnknown = "column_unknown",
    IndicatorUnknown = "indicator_unknown",
    OptionUnknown = "option_unknown",
}

impl Code {
    /// The sentence a person reads: what is wrong and how to put it right.
    pub fn message(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::AmountPrecision(currency) => return precision(*currency),
            Self::DateFuture(latest) => {
                return format!("Choose a date no later than {}.", day::format_day(*latest)).into();
            }
            Self::PasswordTooShort(least) => {
                return format!("Use at least {least} characters.").into();
            }
            Self::TextLength(most) => return format!("Use at most {most} characters.").into(),
            Self::RoutingLength => "Enter all 9 digits of the routing number.",
            Self::RoutingChecksum => {
                "That routing number isn't valid. Check it against a cheque or your bank's app."
            }
            Self::RoutingPrefix => "That isn't a US bank routing number.",
            Self::RoutingNotConsumer => "That routing number isn't for personal accounts.",
            Self::AccountNumberLength => "Account numbers have 4 to 17 digits.",
            Self::RoutingDigits | Self::AccountNumberDigits => "Use digits only.",
            Self::AccountNumberZero => "That account number isn't valid.",
            Self::AccountNumberMismatch => "The two account numbers don't match.",
            Self::AccountNumbersUnused => "Cash has no account number. Leave this empty.",
            Self::AccountDuplicate => "You've already added this account.",
            Self::AccountRequired => "Choose an account.",
            Self::AccountTypeUnknown => "Choose an account type.",
            Self::AccountStatusUnknown | Self::TransactionStatusUnknown => {
                "Choose a status from the list."
            }
            Self::BankNameRequired => "Enter the name of the bank.",
            Self::BankNameLength => "Bank names have at most 80 characters.",
            Self::NicknameLength => "Nicknames have at most 40 characters.",
            Self::AmountRequired => "Enter an amount.",
            Self::AmountNumber => "Enter an amount, like 0.32.",
            Self::AmountZero => "Enter an amount other than zero.",
            Self::AmountTooLarge => "That amount is too large.",
            Self::AmountOrder => "The smallest amount can't be above the largest.",
            Self::CurrencyUnknown => "Choose a currency from the list.",
            Self::DateRequired => "Enter a date.",
            Self::DateInvalid => "That date doesn't exist.",
            Self::DateOrder => "The end can't be before the start.",
            Self::MonthInvalid => "Choose a month.",
            Self::CategoryUnknown => "Choose a category.",
            Self::TransactionTypeUnknown => "Choose a type from the list.",
            other => other.message_of_the_rest(),
        })
    }

    /// The second half of the sentences: lists, accounts of people, files.
    fn message_of_the_rest(self) -> &'static str {
        match self {
            Self::LimitRange => "limit must be 1 to 200.",
            Self::PageRange => "page must be 1 or more.",
            Self::PageTooDeep => "Use the cursor to go further.",
            Self::CursorInvalid => "That link has expired.",
            Self::CursorMismatch => "The filters changed. Start from the first page.",
            Self::EmailRequired => "Enter your e-mail address.",
            Self::EmailInvalid => "Enter an e-mail address, like name@example.com.",
            Self::NameRequired => "Enter your name.",
            Self::NameLength => "Names have at most 80 characters.",
            Self::PasswordRequired => "Enter your password.",
            Self::PasswordTooLong => "Use at most 128 characters.",
            Self::PasswordCommon => {
                "That password is on lists of common passwords. Choose another one."
            }
            Self::PasswordPersonal => {
                "That password is too close to your name or address. Choose another one."
            }
            Self::PasswordCharacters => "That password has a character we can't accept.",
            Self::PasswordMismatch => "The two passwords don't match.",
            Self::PasswordWrong => "That password isn't right.",
            Self::TextCharacters => "Remove the hidden characters from this text.",
            Self::TextRequired => "Enter some text.",
            Self::FileRequired => "Choose a file.",
            Self::FileEmpty => "This file is empty.",
            Self::FileNoRows => "No transactions found.",
            Self::FileNotText => "This isn't a text file we can read.",
            Self::FileTooLarge => "Files can be up to 10 MB.",
            Self::FileTooManyRows => "Files can have up to 50,000 rows.",
            Self::FileTooManyColumns => "Files can have up to 64 columns.",
            Self::FileCellTooLong => "Cells can have up to 1,000 characters.",
            Self::RowTooLong => "This row has more cells than the header.",
            Self::ColumnUnknown => "This file has no such column.",
            Self::IndicatorUnknown => "Use debit or credit, or a sign.",
            _ => "Choose one from the list.",
        }
    }
}

/// "JPY has no decimal places."
fn precision(currency: Currency) -> Cow<'static, str> {
    let code = currency.code();
    match currency.exponent() {
        0 => format!("{code} has no decimal places."),
        places => format!("{code} has {places} decimal places."),
    }
    .into()
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for Code {}

/// One thing wrong with one field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The name of the form field, in camel case.
    pub field: String,
    /// The stable code.
    pub code: String,
    /// The sentence shown.
    pub message: String,
}

impl FieldError {
    /// Says that `field` has the problem `code`.
    pub fn new(field: &str, code: Code) -> Self {
        Self {
            field: field.to_owned(),
            code: code.as_str().to_owned(),
            message: code.message().into_owned(),
        }
    }
}

impl std::fmt::Display for FieldError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

impl std::error::Error for FieldError {}

/// Gathers the errors of a whole form, so that a person sees all of them at once.
#[derive(Debug, Default)]
pub struct Errors(Vec<FieldError>);

impl Errors {
    /// Keeps the value, or notes the error and gives none.
    pub fn take<T>(&mut self, field: &str, result: Result<T, Code>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(code) => {
                self.push(field, code);
                None
            }
        }
    }

    /// Notes one error.
    pub fn push(&mut self, field: &str, code: Code) {
        self.0.push(FieldError::new(field, code));
    }

    /// The errors noted, in the order they were found.
    pub fn into_vec(self) -> Vec<FieldError> {
        self.0
    }

    /// The value when nothing was noted and it is there, the errors otherwise.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<FieldError>> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn the_number_of_decimals_follows_the_currency() {
        assert_eq!(Code::AmountPrecision(Currency::USD).message(), "USD has 2 decimal places.");
        let yen = Currency::parse("JPY").unwrap();
        assert_eq!(Code::AmountPrecision(yen).message(), "JPY has no decimal places.");
    }

    #[test]
    fn the_last_date_allowed_is_named() {
        let code = Code::DateFuture(date!(2026 - 06 - 10));
        assert_eq!(code.message(), "Choose a date no later than 10 June 2026.");
        assert_eq!(code.as_str(), "date_future");
    }

    #[test]
    fn a_field_error_carries_code_and_sentence() {
        let error = FieldError::new("routingNumber", Code::RoutingLength);
        assert_eq!(
            serde_json::to_value(&error).unwrap(),
            serde_json::json!({
                "field": "routingNumber",
                "code": "routing_length",
                "message": "Enter all 9 digits of the routing number.",
            })
        );
    }

    #[test]
    fn numbers_and_passwords_are_never_echoed() {
        assert!(is_secret("accountNumber"));
        assert!(is_secret("password"));
        assert!(!is_secret("routingNumber"));
    }
}
