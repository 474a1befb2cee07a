//! Who set a field of a row: a person outranks a rule, a rule the provider, the provider a guess.

use serde::{Deserialize, Serialize};

use crate::Code;

words! {
    /// Who set a field, from the weakest to the strongest.
    pub enum Writer (Code::OptionUnknown) {
        Default = "default", "Guessed";
        Provider = "provider", "The bank";
        Rule = "rule", "A rule";
        User = "user", "You";
    }
}

words! {
    /// A field of a row that remembers who set it.
    pub enum Field (Code::OptionUnknown) {
        Category = "category", "Category";
        Merchant = "merchant", "Merchant";
        Note = "note", "Note";
        Tags = "tags", "Tags";
        Date = "date", "Date";
        Excluded = "excluded", "Left out of budgets";
    }
}

/// True when `new` may set a field that `current` set last: nobody stronger stands in it.
pub fn may_write(current: Writer, new: Writer) -> bool {
    new >= current
}

/// A value and who set it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held<T> {
    /// The value.
    pub value: T,
    /// Who set it last.
    pub by: Writer,
}

impl<T: PartialEq> Held<T> {
    /// A value that `by` set.
    pub const fn new(value: T, by: Writer) -> Self {
        Self { value, by }
    }

    /// Sets the value when [`may_write`] lets `by` do it; tells whether anything is different now.
    pub fn write(&mut self, value: T, by: Writer) -> bool {
        if !may_write(self.by, by) {
            return false;
        }
        let new = Self { value, by };
        let is_different = *self != new;
        *self = new;
        is_different
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_lower_writer_never_overwrites_a_higher_one() {
        use Writer::{Default, Provider, Rule, User};
        let order = [Default, Provider, Rule, User];
        for (rank, current) in order.into_iter().enumerate() {
            for (new_rank, new) in order.into_iter().enumerate() {
                assert_eq!(may_write(current, new), new_rank >= rank, "{new} over {current}");
            }
        }
    }

    #[test]
    fn the_words_are_those_of_the_columns() {
        let words: Vec<&str> = Writer::ALL.iter().map(|writer| writer.as_str()).collect();
        assert_eq!(words, ["default", "provider", "rule", "user"]);
        let fields: Vec<&str> = Field::ALL.iter().map(|field| field.as_str()).collect();
        assert_eq!(fields, ["category", "merchant", "note", "tags", "date", "excluded"]);
    }

    #[test]
    fn a_write_says_whether_anything_changed() {
        let mut category = Held::new("food", Writer::Rule);

        assert!(!category.write("travel", Writer::Provider));
        assert!(!category.write("food", Writer::Rule));
        assert!(category.write("food", Writer::User));
        assert!(!category.write("travel", Writer::Rule));
        assert_eq!(category, Held::new("food", Writer::User));
    }

    proptest! {
        #[test]
        fn what_stands_in_the_end_is_the_last_word_of_the_strongest(
            writes in prop::collection::vec((0_u8..4, any::<u8>()), 1..20),
        ) {
            let writes: Vec<(Writer, u8)> =
                writes.into_iter().map(|(by, value)| (Writer::ALL[usize::from(by)], value)).collect();
            let mut held = Held::new(0, Writer::Default);
            for (by, value) in &writes {
                held.write(*value, *by);
            }

            let strongest = writes.iter().map(|(by, _)| *by).max().unwrap();
            let last = writes.iter().rev().find(|(by, _)| *by == strongest).unwrap();
            prop_assert_eq!(held, Held::new(last.1, last.0));
        }
    }
}
