mod accounts;
mod document;
mod subscription;
mod support;
mod transactions;
