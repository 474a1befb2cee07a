mod accounts;
mod document;
mod support;
mod transactions;
