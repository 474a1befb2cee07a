//! `coffer`: the command line.

use std::process::ExitCode;

use backend::{Random, seed::SeedOptions};
use clap::{Parser, Subcommand};
use domain::plan::Plan;
use server::{commands, doctor};

/// Bank accounts, transactions and budgets, in one program.
#[derive(Parser)]
#[command(name = "coffer", version)]
struct Cli {
    /// Without a word: serve
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the site, and works on the queue beside it
    Serve {
        /// Leaves the queue to `coffer worker`
        #[arg(long)]
        no_worker: bool,
    },
    /// Works on the queue: mails, sweeps
    Worker,
    /// Brings the database up to date
    Migrate,
    /// Fills the database with people who don't exist
    Seed {
        /// How many people
        #[arg(long, default_value_t = 1)]
        users: u32,
        /// How many transactions each has, over 24 months
        #[arg(long, default_value_t = 1_000)]
        transactions: u32,
        /// The same number gives the same people
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Takes over the Postgres database of a Better Auth application
    AdoptBetterAuth {
        /// Only says what would be done
        #[arg(long)]
        dry_run: bool,
    },
    /// What concerns the passwords that are stored
    Passwords {
        #[command(subcommand)]
        act: PasswordsAct,
    },
    /// Gives somebody a plan without paying; `free` takes it back
    GivePlan {
        /// Their address
        email: String,
        /// `free`, `starter`, `plus` or `premium`
        #[arg(value_parser = |word: &str| Plan::from_code(word).ok_or("free, starter, plus or premium"))]
        plan: Plan,
    },
    /// Says who may see the pages of administrators, at /admin
    Admin {
        #[command(subcommand)]
        act: AdminAct,
    },
    /// Shows what is configured, what is stood in for, and what is wrong
    Doctor,
}

#[derive(Subcommand)]
enum PasswordsAct {
    /// Keeps those that Better Auth made as safely as those that are made here
    Wrap,
    /// Measures what one costs on this machine
    Bench,
}

#[derive(Subcommand)]
enum AdminAct {
    /// Lets the person with this address see them; they need a second step of sign-in, too
    Grant {
        /// The address they sign in with
        email: String,
    },
    /// Takes that back
    Revoke {
        /// The address they sign in with
        email: String,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let random = Random::system();
    let outcome = match Cli::parse().command.unwrap_or(Command::Serve { no_worker: false }) {
        Command::Serve { no_worker } => commands::serve(random, !no_worker).await,
        Command::Worker => commands::worker(random).await,
        Command::Migrate => commands::migrate(random).await,
        Command::Seed { users, transactions, seed } => {
            commands::seed(random, SeedOptions { users, transactions, seed }).await
        }
        Command::AdoptBetterAuth { dry_run } => commands::adopt_better_auth(random, dry_run).await,
        Command::Passwords { act: PasswordsAct::Wrap } => commands::wrap_passwords(random).await,
        Command::Passwords { act: PasswordsAct::Bench } => commands::bench_passwords(random).await,
        Command::GivePlan { email, plan } => commands::give_plan(random, &email, plan).await,
        Command::Admin { act: AdminAct::Grant { email } } => {
            commands::admin(random, &email, true).await
        }
        Command::Admin { act: AdminAct::Revoke { email } } => {
            commands::admin(random, &email, false).await
        }
        Command::Doctor => return show(&commands::doctor(random).await),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => refuse(&sentence),
    }
}

#[expect(
    clippy::print_stderr,
    reason = "whoever started us reads why we stopped, with or without a log"
)]
fn refuse(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::FAILURE
}

#[expect(clippy::print_stdout, reason = "this command is there to print")]
fn show(report: &doctor::Report) -> ExitCode {
    print!("{}", report.text);
    if report.healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
