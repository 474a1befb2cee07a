//! Ids as types of their own, so that one kind can't be passed for another.

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The id as an owned text.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self(text.to_owned()))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

/// True for text that can be an id of ours: up to 64 letters, digits, hyphens and underscores.
pub(crate) fn is_well_formed(text: &str) -> bool {
    let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    (1..=64).contains(&text.len()) && text.bytes().all(known)
}

id!(
    /// A person: 32 letters and digits, the form Better Auth gives its ids.
    UserId
);
id!(
    /// A signed-in browser.
    SessionId
);
id!(
    /// A bank account.
    AccountId
);
id!(
    /// A row of an account.
    TransactionId
);
id!(
    /// An uploaded file and what became of it.
    ImportId
);
id!(
    /// One login at one bank, by way of a provider.
    ConnectionId
);
id!(
    /// A round of deposits that verifies an account.
    RoundId
);
id!(
    /// Two rows that belong together, or may.
    PairId
);
id!(
    /// Two rows that may be one.
    DoubtId
);
id!(
    /// A rule that sorts rows.
    RuleId
);
id!(
    /// An edit of many rows at once.
    BatchId
);
id!(
    /// A budget.
    BudgetId
);
id!(
    /// A filter of the list that has a name.
    SavedViewId
);
id!(
    /// Something that repeats.
    SeriesId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_few_signs() {
        assert!(is_well_formed("acc_1-Z"));
        for text in ["", "a b", "a'b", "a/b", "é", &"x".repeat(65)] {
            assert!(!is_well_formed(text), "{text}");
        }
    }

    #[test]
    fn an_id_is_plain_text_in_json() {
        let id = AccountId::new("acc_1");

        assert_eq!(serde_json::to_string(&id).unwrap(), r#""acc_1""#);
        assert_eq!(serde_json::from_str::<AccountId>(r#""acc_1""#).unwrap(), id);
        assert_eq!("acc_1".parse::<AccountId>().unwrap().to_string(), "acc_1");
    }
}
