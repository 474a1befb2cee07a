mod accounts;
mod batches;
mod budgets;
pub(crate) mod connections;
mod document;
mod recurring;
mod subscription;
mod support;
mod transactions;
