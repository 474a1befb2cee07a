//! Everything that can be wrong with something a person typed: a stable word for programs, a sentence for people.

use std::borrow::Cow;

use crate::ledger::splits::SplitSums;
use crate::verification::tries_left;
use crate::{Currency, Date, day};

macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident $(($kind:ty))? = $code:literal, $sentence:literal;)+) => {
        /// What is wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$meta])* #[doc = $sentence] $variant $(($kind))?,)+
        }

        impl Code {
            /// The code in JSON, in snake case. Never changes once published.
            pub const fn as_str(&self) -> &'static str {
                match self {
                    $(codes!(@pattern $variant $(($kind))?) => $code,)+
                }
            }

            /// The sentence, with `{}` where the value of the code belongs.
            const fn sentence(self) -> &'static str {
                match self {
                    $(codes!(@pattern $variant $(($kind))?) => $sentence,)+
                }
            }
        }
    };
    (@pattern $variant:ident) => { Self::$variant };
    (@pattern $variant:ident ($kind:ty)) => { Self::$variant(..) };
}

codes! {
    RoutingLength = "routing_length", "Enter all 9 digits of the routing number.";
    RoutingDigits = "routing_digits", "Use digits only.";
    RoutingChecksum = "routing_checksum", "That routing number isn't valid. Check it against a cheque or your bank's app.";
    RoutingPrefix = "routing_prefix", "That isn't a US bank routing number.";
    RoutingNotConsumer = "routing_not_consumer", "That routing number isn't for personal accounts.";
    AccountNumberLength = "account_number_length", "Account numbers have 4 to 17 digits.";
    AccountNumberDigits = "account_number_digits", "Use digits only.";
    AccountNumberZero = "account_number_zero", "That account number isn't valid.";
    AccountNumberMismatch = "account_number_mismatch", "The two account numbers don't match.";
    /// Numbers typed for a kind of account that has none.
    AccountNumbersUnused = "account_numbers_unused", "Cash has no account number. Leave this empty.";
    AccountDuplicate = "account_duplicate", "You've already added this account.";
    AccountRequired = "account_required", "Choose an account.";
    AccountTypeUnknown = "account_type_unknown", "Choose an account type.";
    AccountStatusUnknown = "account_status_unknown", "Choose a status from the list.";
    BankNameRequired = "bank_name_required", "Enter the name of the bank.";
    BankNameLength = "bank_name_length", "Bank names have at most 80 characters.";
    NicknameLength = "nickname_length", "Nicknames have at most 40 characters.";
    AmountRequired = "amount_required", "Enter an amount.";
    AmountNumber = "amount_number", "Enter an amount, like 0.32.";
    AmountZero = "amount_zero", "Enter an amount other than zero.";
    /// More decimals than the currency has.
    AmountPrecision(Currency) = "amount_precision", "{} decimal places.";
    AmountTooLarge = "amount_too_large", "That amount is too large.";
    /// The smallest amount of a filter lies above its largest.
    AmountOrder = "amount_order", "The smallest amount can't be above the largest.";
    /// Outside what one deposit of a verification can be.
    AmountRange = "amount_range", "Each deposit is between $0.01 and $0.98.";
    AmountsMustDiffer = "amounts_must_differ", "The two deposits have different amounts.";
    /// Both can be deposits and they are not the ones that were sent; so many tries are left.
    AmountsWrong(u32) = "amounts_wrong", "Those amounts don't match. {}.";
    /// Not in the form of a code of a deposit.
    DepositCodeInvalid = "deposit_code_invalid", "Enter the 4 letters and digits that come after CF.";
    /// Not the code that was sent; so many tries are left.
    DepositCodeWrong(u32) = "deposit_code_wrong", "That code doesn't match. {}.";
    /// Expected by this day.
    DepositsNotPosted(Date) = "deposits_not_posted", "The deposits haven't arrived yet. Expect them by {}.";
    VerificationFailed = "verification_failed", "That was the last try. For safety, this round is closed. Send new deposits.";
    VerificationClosed = "verification_closed", "This verification has ended. Start again.";
    VerificationExpired = "expired", "The deposits have lapsed. We can send new ones.";
    VerificationStarts = "verification_starts", "That's enough for today. Try again tomorrow.";
    VerificationLocked = "locked", "We can't verify this account online. Contact support.";
    CurrencyUnknown = "currency_unknown", "Choose a currency from the list.";
    DateRequired = "date_required", "Enter a date.";
    DateInvalid = "date_invalid", "That date doesn't exist.";
    /// Later than the last date allowed.
    DateFuture(Date) = "date_future", "Choose a date no later than {}.";
    /// The first day of a filter lies after its last.
    DateOrder = "date_order", "The end can't be before the start.";
    MonthInvalid = "month_invalid", "Choose a month.";
    CategoryUnknown = "category_unknown", "Choose a category.";
    CategoryNameRequired = "category_name_required", "Name the category.";
    CategoryExists = "category_exists", "This group has a category of that name already.";
    BudgetAmount = "budget_amount", "Enter an amount above zero.";
    BudgetExists = "budget_exists", "You already have a budget like this.";
    BudgetDates = "budget_dates", "The end can't be before the start.";
    BudgetAlert = "budget_alert", "Enter up to four percentages from 50 to 100, like 60, 90.";
    TransactionTypeUnknown = "transaction_type_unknown", "Choose a type from the list.";
    TransactionStatusUnknown = "transaction_status_unknown", "Choose a status from the list.";
    /// More values under one filter than it takes.
    FilterValues(u32) = "filter_values", "Choose at most {} of these.";
    SelectionEmpty = "selection_empty", "Choose at least one transaction.";
    ViewQuery = "view_query", "A view needs at least one filter of the list.";
    ViewExists = "view_exists", "You have a view of that name already.";
    ViewsFull = "views_full", "You have 20 views. Delete one first.";
    SelectionTooLarge = "selection_too_large", "Choose at most 1,000 transactions, or all that match.";
    /// "All that match" means more rows than one change takes.
    BatchTooLarge = "batch_too_large", "Those are more than 100,000 transactions. Narrow the filters first.";
    /// The parts of a split and their whole differ.
    SplitSum(SplitSums) = "split_sum", "The parts add up to {sum}, not {total}.";
    SplitParts = "split_parts", "Use 2 to 20 parts.";
    SplitPending = "split_pending", "You can split this once the bank has posted it.";
    SplitPaired = "split_paired", "This is one side of a transfer. Unlink it first.";
    PairSides = "pair_sides", "Choose the other side: money that went the other way, in another account.";
    PairTaken = "pair_taken", "One of the two is part of a transfer already, or is split.";
    DuplicateSplit = "duplicate_split", "The one that would go is split. Make it whole first.";
    DuplicateBank = "duplicate_bank", "The bank's own row stays: what the bank says about it later would be lost with it.";
    DuplicatePending = "duplicate_pending", "The booked row stays: the bank takes a pending one back.";
    DuplicateGone = "duplicate_gone", "The bank has taken this one back. It cannot stay.";
    TagCharacters = "tag_characters", "Tags are words without commas or bars.";
    TagLength = "tag_length", "Tags have at most 40 characters.";
    TagCount = "tag_count", "Use at most 20 tags.";
    /// Why a pattern can't be used.
    RuleRegex(&'static str) = "rule_regex", "That pattern isn't valid: {}.";
    RuleEmpty = "rule_empty", "Add a condition.";
    RuleActions = "rule_actions", "Choose what the rule does.";
    RuleParts = "rule_parts", "Use at most 20 conditions and 10 actions.";
    RuleOrder = "rule_order", "Name each of your rules once.";
    DayRange = "day_range", "Days go from 1 to 31, the first before the last.";
    LimitRange = "limit_range", "limit must be 1 to 200.";
    PageRange = "page_range", "page must be 1 or more.";
    PageTooDeep = "page_too_deep", "Use the cursor to go further.";
    CursorInvalid = "cursor_invalid", "That link has expired.";
    CursorMismatch = "cursor_mismatch", "The filters changed. Start from the first page.";
    EmailRequired = "email_required", "Enter your e-mail address.";
    EmailInvalid = "email_invalid", "Enter an e-mail address, like name@example.com.";
    NameRequired = "name_required", "Enter your name.";
    NameLength = "name_length", "Names have at most 80 characters.";
    PasswordRequired = "password_required", "Enter your password.";
    /// Shorter than this many characters.
    PasswordTooShort(u32) = "password_too_short", "Use at least {} characters.";
    PasswordTooLong = "password_too_long", "Use at most 128 characters.";
    PasswordCommon = "password_common", "That password is on lists of common passwords. Choose another one.";
    PasswordBreached = "password_breached", "That password is known from a data breach. Choose another one.";
    /// Made of the person's own name or address, or of the product's name.
    PasswordPersonal = "password_personal", "That password is too close to your name or address. Choose another one.";
    PasswordCharacters = "password_characters", "That password has a character we can't accept.";
    EmailSame = "email_same", "That is your address already.";
    PersonUnknown = "person_unknown", "Nobody has this address.";
    EmailOther = "email_other", "That isn't the address of this account.";
    ImageInvalid = "image_invalid", "Enter the address of a picture, beginning with https://.";
    /// A picture that pages would not show.
    ImageHost = "image_host", "We show pictures from Gravatar, GitHub and Google. Use the address of one of those, or leave this empty.";
    PasswordMismatch = "password_mismatch", "The two passwords don't match.";
    PasswordWrong = "password_wrong", "That password isn't right.";
    /// Control or direction-changing characters.
    TextCharacters = "text_characters", "Remove the hidden characters from this text.";
    TextRequired = "text_required", "Enter some text.";
    /// Longer than this many characters.
    TextLength(u32) = "text_length", "Use at most {} characters.";
    FileRequired = "file_required", "Choose a file.";
    FileEmpty = "file_empty", "This file is empty.";
    FileNoRows = "file_no_rows", "No transactions found.";
    FileNotText = "file_not_text", "This isn't a text file we can read.";
    /// Markup, but not of a bank: a page of a web site, another message of ISO 20022.
    FileFormatUnknown = "file_format_unknown", "This isn't a kind of file we can read. Use CSV, OFX, QFX, QIF or CAMT.053.";
    /// Cut off, or broken inside.
    FileDamaged = "file_damaged", "This file is damaged or ends too early. Download it again.";
    FileTooLarge = "file_too_large", "Files can be up to 10 MB.";
    FileTooManyRows = "file_too_many_rows", "Files can have up to 50,000 rows.";
    FileTooManyColumns = "file_too_many_columns", "Files can have up to 64 columns.";
    FileCellTooLong = "file_cell_too_long", "Cells can have up to 1,000 characters.";
    /// A row of a file with more cells than the header.
    RowTooLong = "row_too_long", "This row has more cells than the header.";
    ColumnUnknown = "column_unknown", "This file has no such column.";
    IndicatorUnknown = "indicator_unknown", "Use debit or credit, or a sign.";
    CodeRequired = "code_required", "Enter the code.";
    AppCodeWrong = "app_code_wrong", "That code doesn't match. Codes change every 30 seconds.";
    MailedCodeWrong = "mailed_code_wrong", "That code doesn't match. Use the one in the newest mail.";
    MailedCodeExpired = "mailed_code_expired", "That code no longer works. Send a new one.";
    RecoveryCodeWrong = "recovery_code_wrong", "That code doesn't match, or it was used before.";
    OptionUnknown = "option_unknown", "Choose one from the list.";
}

impl Code {
    /// The sentence a person reads: what is wrong and how to put it right.
    pub fn message(&self) -> Cow<'static, str> {
        let value = match self {
            Self::AmountPrecision(currency) => precision(*currency),
            Self::DateFuture(day) | Self::DepositsNotPosted(day) => day::format_day(*day),
            Self::AmountsWrong(left) | Self::DepositCodeWrong(left) => tries_left(*left),
            Self::PasswordTooShort(number)
            | Self::TextLength(number)
            | Self::FilterValues(number) => number.to_string(),
            Self::RuleRegex(detail) => (*detail).to_owned(),
            Self::SplitSum(sums) => return Cow::Owned(sums.say(self.sentence())),
            _ => return Cow::Borrowed(self.sentence()),
        };
        Cow::Owned(self.sentence().replace("{}", &value))
    }
}

/// "JPY has no", "USD has 2".
fn precision(currency: Currency) -> String {
    match currency.exponent() {
        0 => format!("{currency} has no"),
        places => format!("{currency} has {places}"),
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for Code {}

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
    fn the_tries_that_are_left_are_counted_in_words() {
        assert_eq!(Code::AmountsWrong(2).message(), "Those amounts don't match. 2 tries left.");
        assert_eq!(Code::DepositCodeWrong(1).message(), "That code doesn't match. 1 try left.");
        let code = Code::DepositsNotPosted(date!(2026 - 06 - 10));
        assert_eq!(
            code.message(),
            "The deposits haven't arrived yet. Expect them by 10 June 2026."
        );
    }
}
