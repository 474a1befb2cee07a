//! The process: HTTP, configuration, command line, telemetry.

pub mod api;
pub mod assets;
pub mod auth;
pub mod commands;
pub mod config;
pub mod doctor;
pub mod health;
pub mod http;
pub mod run;
pub mod telemetry;

mod budgets;
mod days;
mod export;
mod flash;
#[cfg(test)]
mod page_tests;
mod pages;
mod second_step;
mod server_fns;
mod session;
mod site;
mod standins;
mod start;
mod webhooks;
