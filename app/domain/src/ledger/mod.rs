//! What the ledger does with rows: who may set what, which rows are one, which are two sides of one, and parts of one.

pub mod duplicates;
pub mod matching;
pub mod provenance;
pub mod splits;
pub mod transfers;
