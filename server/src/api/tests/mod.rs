mod accounts;
mod budgets;
mod document;
mod recurring;
mod subscription;
mod support;
mod transactions;
