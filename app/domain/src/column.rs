//! Two small macros: closed sets of words, and types that are text in the database of either engine.

/// Makes a type with `as_str()` and `FromStr` a text column on either engine. A derive would make a Postgres enum.
macro_rules! text_column {
    ($name:ident) => {
        #[cfg(feature = "sqlx")]
        const _: () = {
            use sqlx::encode::IsNull;
            use sqlx::error::BoxDynError;
            use sqlx::{Database, Decode, Encode, Postgres, Sqlite, Type};

    text_column!(@engine $name, Sqlite);
    text_column!(@engine $name, Postgres);

            impl sqlx::postgres::PgHasArrayType for $name {
                fn array_type_info() -> sqlx::postgres::PgTypeInfo {
                    <String as sqlx::postgres::PgHasArrayType>::array_type_info()
                }
            }
        };
    };
    (@engine $name:ident, $engine:ident) => {
        impl Type<$engine> for $name {
            fn type_info() -> <$engine as Database>::TypeInfo {
                <String as Type<$engine>>::type_info()
            }

            fn compatible(ty: &<$engine as Database>::TypeInfo) -> bool {
                <String as Type<$engine>>::compatible(ty)
            }
        }

        impl<'q> Encode<'q, $engine> for $name {
            fn encode_by_ref(
                &self,
                buffer: &mut <$engine as Database>::ArgumentBuffer<'q>,
            ) -> Result<IsNull, BoxDynError> {
                <String as Encode<'q, $engine>>::encode(self.as_str().to_owned(), buffer)
            }
        }

        impl<'r> Decode<'r, $engine> for $name {
            fn decode(value: <$engine as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
                Ok(<&str as Decode<'r, $engine>>::decode(value)?.parse()?)
            }
        }
    };
}

/// A closed set of lower-case words: enum, `as_str`, `label`, `ALL`, `FromStr`, serde and the database column.
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $name:ident ($unknown:expr) {
            $($(#[$variant_meta:meta])* $variant:ident = $word:literal, $label:literal;)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_meta])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every value, in the order a form lists them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word in the database, in JSON and in addresses.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// The word on the screen.
            pub const fn label(self) -> &'static str {
                match self {
                    $(Self::$variant => $label,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::Code;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($unknown),
                }
            }
        }

        text_column!($name);
    };
}

#[cfg(all(test, feature = "sqlx"))]
mod tests {
    use sqlx::{Postgres, Sqlite, Type, TypeInfo};

    use crate::states::account::Suspension;
    use crate::states::verification::VerificationState;
    use crate::{
        AccountId, AccountStatus, AccountType, Currency, Email, TransactionStatus, TransactionType,
    };

    fn is_text<T: Type<Sqlite> + Type<Postgres>>() -> bool {
        let varchar = <String as Type<Postgres>>::type_info();
        <T as Type<Sqlite>>::type_info().name() == "TEXT"
            && <T as Type<Postgres>>::type_info().name() == "TEXT"
            && <T as Type<Postgres>>::compatible(&varchar)
    }

    #[test]
    fn ids_and_words_are_text_columns_on_both_engines() {
        assert!(is_text::<AccountId>());
        assert!(is_text::<AccountType>());
        assert!(is_text::<AccountStatus>());
        assert!(is_text::<TransactionType>());
        assert!(is_text::<TransactionStatus>());
        assert!(is_text::<VerificationState>());
        assert!(is_text::<Suspension>());
        assert!(is_text::<Currency>());
        assert!(is_text::<Email>());
    }
}
