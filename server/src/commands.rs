//! What each word of the command line does.

use std::time::Duration;

use backend::{
    Backend, Clock, Error, Outgoing, Random, admin, adopt,
    auth::{
        Providers,
        passwords::{self, Wrapped},
    },
    billing, db,
    error::chain,
    jobs::Worker,
    seed::{self, SeedOptions},
};
use domain::plan::Plan;
use tokio_util::sync::CancellationToken;

use crate::{
    auth::{Auth, AuthOptions},
    config::Config,
    doctor::{self, Check, Report},
    health::{Health, Readiness},
    http::{Deps, Shutdown, Sources, shutdown::Signals},
    run::{self, Ended, Listeners, Site},
    site, standins, start, telemetry,
};

/// Jobs that one process works on at the same time.
const JOBS_AT_ONCE: usize = 4;

/// Why a command stopped: sentences for whoever started it.
type Outcome = Result<(), String>;

/// Serves the site until a signal comes; works on the queue beside it if `work` says so.
///
/// # Errors
/// One sentence a problem.
pub async fn serve(random: Random, work: bool) -> Outcome {
    let config = configure(&random)?;
    telemetry::start_log(&config.log);
    warn_of(&config);
    let listeners = Listeners::open(&config)?;
    let metrics = telemetry::start_metrics().map_err(|error| error.to_string())?;
    let backend = start::open(&config, random).await?;
    ask_polar(&backend).await;
    let signals = Signals::listen().map_err(|error| error.to_string())?;

    let (leave, sources) = (Shutdown::default(), sources(&backend));
    let queue = CancellationToken::new();
    let worker =
        work.then(|| tokio::spawn(Worker::run(backend.clone(), queue.clone(), JOBS_AT_ONCE)));
    let ready = backend.clone();
    let health = Health::new(move || probe(ready.clone()), leave.clone(), sources.clone());
    let auth = Auth::new(backend.clone(), AuthOptions::from_config(&config));
    // Pages name the providers' origins, so they are asked for before the first click.
    let providers = backend.providers.clone();
    auth.tasks.spawn(async move { providers.discover().await });
    let polar = standins::polar::start(&config, &backend)?;
    let polar_stop = CancellationToken::new();
    let polar_at_work = polar.clone().map(|polar| tokio::spawn(polar.run(polar_stop.clone())));
    let site = Site {
        router: site::router(&backend, &auth, &config, polar.as_ref()),
        deps: Deps {
            sources,
            limits: backend.limits.clone(),
            providers: backend.providers.clone(),
        },
        health,
        metrics,
    };

    let ended = listeners.serve(&config, site, signals, leave).await;
    queue.cancel();
    polar_stop.cancel();
    if let (Some(polar), Ended::Finished) = (polar_at_work, ended) {
        // As below.
        let _ = polar.await;
    }
    if let (Some(worker), Ended::Finished) = (worker, ended) {
        // The task only ends early if it panicked, which was logged.
        let _ = worker.await;
    }
    if ended == Ended::CutShort {
        return Err("Stopped by a second signal, before every request was finished.".to_owned());
    }
    auth.tasks.close();
    auth.tasks.wait().await;
    backend.db.close().await;
    Ok(())
}

/// Works on the queue until a signal comes, and finishes what runs.
///
/// # Errors
/// One sentence a problem.
pub async fn worker(random: Random) -> Outcome {
    let config = configure(&random)?;
    telemetry::start_log(&config.log);
    let backend = start::open(&config, random).await?;
    let mut signals = Signals::listen().map_err(|error| error.to_string())?;
    tracing::info!("working on the queue");
    let stop = CancellationToken::new();
    let worker = Worker::run(backend.clone(), stop.clone(), JOBS_AT_ONCE);
    tokio::pin!(worker);
    tokio::select! {
        () = &mut worker => {}
        () = signals.next() => {
            stop.cancel();
            worker.await;
        }
    }
    backend.db.close().await;
    Ok(())
}

/// Brings the database up to date.
///
/// # Errors
/// One sentence a problem.
pub async fn migrate(random: Random) -> Outcome {
    let config = configure(&random)?;
    start::migrate(&config).await?;
    say(&format!("{} is up to date.", config.database.main.shown()));
    Ok(())
}

/// Fills the database with people who don't exist.
///
/// # Errors
/// One sentence a problem.
pub async fn seed(random: Random, options: SeedOptions) -> Outcome {
    let config = configure(&random)?;
    let backend = start::open(&config, random).await?;
    let report = seed::run(&backend, &options).await.map_err(|error| start::sentence(&error))?;
    say(&format!("Added {} people and {} transactions.", report.users, report.transactions));
    backend.db.close().await;
    Ok(())
}

/// Gives somebody a plan without paying, or takes it back.
///
/// # Errors
/// One sentence a problem.
pub async fn give_plan(random: Random, email: &str, plan: Plan) -> Outcome {
    let config = configure(&random)?;
    let backend = start::open(&config, random).await?;
    let given = billing::give_plan(&backend, email, plan).await;
    given.map_err(|error| start::sentence(&error))?;
    say(&format!("{email} has the {} plan as a present.", plan.name()));
    backend.db.close().await;
    Ok(())
}

/// Takes over the database of a Better Auth application, or only says what that would do.
///
/// # Errors
/// One sentence a problem.
pub async fn adopt_better_auth(random: Random, dry_run: bool) -> Outcome {
    let config = configure(&random)?;
    let options = adopt::Options { dry_run, profile: start::profile(&config) };
    let report = adopt::adopt(&start::database(&config), options).await;
    say(report.map_err(|error| start::sentence(&error))?.to_string().trim_end());
    Ok(())
}

/// Wraps the passwords that are still in Better Auth's form into ours.
///
/// # Errors
/// One sentence a problem.
pub async fn wrap_passwords(random: Random) -> Outcome {
    let config = configure(&random)?;
    let backend = start::open(&config, random).await?;
    let done = passwords::wrap(&backend).await.map_err(|error| start::sentence(&error))?;
    backend.db.close().await;
    let Some(Wrapped { wrapped, unreadable }) = done else {
        return Err(
            "Nothing was done: another application reads these passwords. Wrap them when AUTH_PROFILE and \
             PASSWORD_HASH no longer say so."
                .to_owned(),
        );
    };
    say(&match wrapped {
        0 => "No password was in Better Auth's form.".to_owned(),
        1 => "1 password was wrapped.".to_owned(),
        wrapped => format!("{wrapped} passwords were wrapped."),
    });
    if !unreadable.is_empty() {
        let rows = unreadable.join(", ");
        say(&format!("Nobody can sign in with the password of these rows of \"account\": {rows}"));
    }
    Ok(())
}

/// Says what a password costs on this machine.
///
/// # Errors
/// One sentence a problem.
pub async fn bench_passwords(random: Random) -> Outcome {
    let threads = configure(&random)?.auth.hashing_threads;
    let timing = tokio::task::spawn_blocking(move || passwords::bench(threads)).await;
    let timing = timing.map_err(|error| error.to_string())?;
    let ms = |time: Duration| time.as_millis();
    say(&format!("argon2id, as new passwords are kept: {} ms", ms(timing.argon2id)));
    say(&format!("scrypt, as Better Auth keeps them:   {} ms", ms(timing.scrypt)));
    let micros = timing.loaded.as_micros().max(1);
    let a_second = threads as u128 * 1_000_000 / micros;
    say(&format!(
        "With {threads} at the same time (HASHING_THREADS): {} ms each, {a_second} sign-ins a second",
        ms(timing.loaded)
    ));
    Ok(())
}

/// Lets the person with this address see the pages of administrators, or takes that back.
///
/// # Errors
/// One sentence a problem.
pub async fn admin(random: Random, email: &str, grant: bool) -> Outcome {
    let config = configure(&random)?;
    let backend = start::open(&config, random).await?;
    let done = if grant {
        admin::grant(&backend, email).await
    } else {
        admin::revoke(&backend, email).await
    };
    let changed = done.map_err(|error| match error {
        Error::NotFound(_) => format!("Nobody has an account with the address {email}."),
        Error::Invalid(_) => format!("{email} is no e-mail address."),
        other => start::sentence(&other),
    })?;
    let text = match (grant, changed) {
        (true, true) => {
            format!("{email} is an administrator now, once a second step is switched on.")
        }
        (true, false) => format!("{email} is an administrator already."),
        (false, true) => format!("{email} is no administrator any more."),
        (false, false) => format!("{email} is no administrator."),
    };
    say(&text);
    backend.db.close().await;
    Ok(())
}

/// Shows what is configured, what is stood in for, and what is wrong.
pub async fn doctor(random: Random) -> Report {
    let config = match run::configure(&mut |buffer| random.fill(buffer)) {
        Ok(config) => config,
        Err(problems) => return doctor::refusal(&problems),
    };
    let mut checks = vec![doctor::check_data_dir(&config), check_database(&config).await];
    checks.extend(doctor::check_cache(&config).await);
    checks.extend(doctor::check_smtp(&config).await);
    checks.extend(check_providers(&config, &random).await);
    doctor::report(&config, &checks)
}

async fn check_database(config: &Config) -> Check {
    let found = db::pending_migrations(&start::database(config)).await;
    Check::outcome(
        "migrations",
        match found {
            Ok(0) => Ok("The database is up to date.".to_owned()),
            Ok(n) => Ok(format!("{n} will run at the next start, or with coffer migrate.")),
            Err(error) => Err(start::sentence(&error)),
        },
    )
}

/// Whether the providers that have to be asked where their pages are say so.
async fn check_providers(config: &Config, random: &Random) -> Vec<Check> {
    let (clock, settings) = (Clock::system(), start::oauth(config));
    let outgoing = match Outgoing::new(&clock, random, settings.named_origins()) {
        Ok(outgoing) => outgoing,
        Err(error) => return vec![Check::outcome("providers", Err(start::sentence(&error)))],
    };
    let providers = Providers::new(&settings, &outgoing, &clock);
    let mut checks = Vec::new();
    for provider in providers.iter().filter(|provider| provider.is_discovered()) {
        let name = format!("provider {}", provider.id());
        let found = provider.discover().await;
        let found = found.map(|()| "says where its pages are".to_owned());
        checks.push(Check::outcome(&name, found.map_err(|error| start::sentence(&error))));
    }
    checks
}

fn configure(random: &Random) -> Result<Config, String> {
    run::configure(&mut |buffer| random.fill(buffer)).map_err(|problems| problems.to_string())
}

/// What is sold, and what webhooks were missed while nothing ran. Nobody waits for the answers.
async fn ask_polar(backend: &Backend) {
    if let Err(error) = billing::enqueue_all(backend).await {
        tracing::warn!(error = chain(&error), "Polar will be asked later");
    }
}

fn warn_of(config: &Config) {
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
}

fn sources(backend: &Backend) -> Sources {
    let (clock, random) = (backend.clock.clone(), backend.random.clone());
    Sources::new(move || clock.now(), move |buffer| random.fill(buffer))
}

async fn probe(backend: Backend) -> Readiness {
    Readiness { database: backend.db.is_ready().await, auth: backend.passwords.moves() }
}

#[expect(clippy::print_stdout, reason = "the command tells what it did")]
fn say(sentence: &str) {
    println!("{sentence}");
}
