mod accounts;
mod budgets;
mod document;
mod subscription;
mod support;
mod transactions;
