//! Why somebody should look at a row.

use crate::Code;

words! {
    /// Why somebody should look at a row. What is said on the screen is a sentence.
    pub enum Flag (Code::OptionUnknown) {
        Released = "released", "The bank let this pending transaction go. It never went through and isn't counted.";
        SplitAdjusted = "split_adjusted", "The bank changed the amount. The last part took the difference.";
        CurrencyUnsupported = "currency_unsupported", "We don't know this currency, so this transaction is in no budget.";
        RepeatedId = "repeated_id", "The bank gave the id of this transaction to another one too. Check that it isn't here twice.";
        PartsDropped = "parts_dropped", "The parts in the file don't add up to this amount, so it was kept whole.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::RowFlag;
    use crate::ledger::{matching, splits};

    #[test]
    fn every_flag_that_is_set_has_a_sentence_of_its_own() {
        for word in [matching::RELEASED, splits::ADJUSTED] {
            assert!(word.parse::<Flag>().is_ok(), "{word}");
        }
        for flag in RowFlag::ALL {
            assert!(flag.as_str().parse::<Flag>().is_ok(), "{flag}");
        }
        let mut sentences: Vec<&str> = Flag::ALL.iter().map(|flag| flag.label()).collect();
        sentences.sort_unstable();
        sentences.dedup();
        assert_eq!(sentences.len(), Flag::ALL.len());
    }
}
