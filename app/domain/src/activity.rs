//! What the trail of a person's account tells: acts with their codes, and the words a person reads.

macro_rules! actions {
    ($($(#[$meta:meta])* $name:ident = $code:literal, $words:literal;)*) => {
        /// Something that was done to an account.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[$meta])* $name,)*
        }

        impl Action {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// How it is stored.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What a person reads.
            pub fn in_words(self) -> &'static str {
                match self { $(Self::$name => $words,)* }
            }
        }
    };
}

actions! {
    /// Somebody came in, or tried to.
    SignIn = "sign_in", "Signed in";
    /// An account was made.
    SignUp = "sign_up", "Account created";
    /// Somebody left.
    SignOut = "sign_out", "Signed out";
    /// Other browsers were signed out.
    SessionsRevoked = "sessions_revoked", "Other devices signed out";
    /// The password was replaced by somebody who knew it.
    PasswordChanged = "password_changed", "Password changed";
    /// A link to set a new password was asked for.
    ResetAsked = "reset_asked", "Password reset asked for";
    /// The link was used.
    PasswordReset = "password_reset", "Password reset";
    /// The mailbox was proven.
    EmailVerified = "email_verified", "E-mail confirmed";
    /// A change of address was asked for.
    EmailChangeAsked = "email_change_asked", "Change of e-mail asked for";
    /// The address was changed.
    EmailChanged = "email_changed", "E-mail changed";
    /// A second factor is asked for from now on.
    SecondFactorOn = "second_factor_on", "Second step switched on";
    /// It is not asked for any more.
    SecondFactorOff = "second_factor_off", "Second step switched off";
    /// New backup codes replaced the old ones.
    BackupCodesMade = "backup_codes_made", "New backup codes made";
    /// A backup code was used.
    BackupCodeUsed = "backup_code_used", "Backup code used";
    /// A browser need not show the second factor for a while.
    DeviceTrusted = "device_trusted", "Device trusted";
    /// A passkey was added.
    PasskeyAdded = "passkey_added", "Passkey added";
    /// A passkey was removed.
    PasskeyRemoved = "passkey_removed", "Passkey removed";
    /// An account elsewhere may sign in here.
    ProviderLinked = "provider_linked", "Sign-in provider connected";
    /// It may not any more.
    ProviderUnlinked = "provider_unlinked", "Sign-in provider removed";
    /// The account was deleted.
    AccountDeleted = "account_deleted", "Account deleted";
    /// A bank account was added.
    BankAccountAdded = "bank_account_added", "Bank account added";
    /// A bank account was removed.
    BankAccountRemoved = "bank_account_removed", "Bank account removed";
    /// A bank account was put away.
    BankAccountArchived = "bank_account_archived", "Bank account archived";
    /// It was brought back.
    BankAccountUnarchived = "bank_account_unarchived", "Bank account brought back";
    /// An administrator stopped a bank account.
    BankAccountSuspended = "bank_account_suspended", "Bank account suspended";
    /// An administrator took that back.
    BankAccountRestored = "bank_account_restored", "Bank account active again";
    /// A bank account was proven to be its owner's.
    BankAccountVerified = "bank_account_verified", "Bank account verified";
    /// A bank was linked.
    BankLinked = "bank_linked", "Bank linked";
    /// A link was made good by a new sign-in at the bank.
    BankRepaired = "bank_repaired", "Bank reconnected";
    /// A connection to a bank was removed.
    BankUnlinked = "bank_unlinked", "Bank connection removed";
    /// The bank, or its customer there, took the permission back.
    BankAccessEnded = "bank_access_ended", "Bank access ended";
    /// The bank took back rows that it had booked.
    BankRowsRemoved = "bank_rows_removed", "Rows removed by the bank";
    /// A file was imported.
    Imported = "imported", "File imported";
    /// Everything was taken along as a file.
    Exported = "exported", "Data exported";
    /// An import was undone.
    ImportUndone = "import_undone", "Import undone";
    /// A budget was deleted with its history.
    BudgetDeleted = "budget_deleted", "Budget deleted";
    /// The plan, or how it stands, changed.
    PlanChanged = "plan_changed", "Plan changed";
    /// The person may see the pages of administrators from now on.
    AdminGranted = "admin_granted", "Made an administrator";
    /// Not any more.
    AdminRevoked = "admin_revoked", "No administrator any more";
    /// An administrator had a delivery of Polar applied once more.
    WebhookReplayed = "webhook_replayed", "Webhook replayed";
    /// An administrator had a job that was given up run once more.
    JobReplayed = "job_replayed", "Job replayed";
}

impl Action {
    /// Reads [`Action::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_again_and_stands_for_one_action() {
        for action in Action::ALL {
            assert_eq!(Action::from_code(action.code()), Some(*action));
            assert!(!action.in_words().is_empty());
        }
        assert_eq!(Action::from_code("nothing"), None);
    }
}
