mod accounts;
mod budgets;
pub(crate) mod connections;
mod document;
mod recurring;
mod subscription;
mod support;
mod transactions;
mod verifications;
