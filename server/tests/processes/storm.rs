//! A storm of syncs: twenty connections with faults, two workers, one of them killed twice. The ledger is what the banks
//! say in the end: nothing is lost, nothing stands twice.

use std::{collections::BTreeMap, time::Duration};

use backend::{
    Backend, Banks, Clock, Random, SignedIn,
    banks::{Provider as _, ProviderKind, Purpose, Simbank, simbank::Fault},
    both_engines,
    connections::{self, BeginAsk, FinishAsk, Finished},
    jobs,
    testing::{self, TestDb},
    transactions,
};
use domain::{
    ConnectionId, PageRequest, TransactionFilter, TransactionStatus,
    states::connection::ConnectionState,
};
use secrecy::SecretString;
use tokio::time::{interval, timeout};

use crate::program::Home;

/// Fifty come to the same end, and take minutes.
const CONNECTIONS: usize = 20;
const PATIENCE: Duration = Duration::from_mins(2);
/// Short ledgers and long ones, banks that fail every third time, one that wants a sign-in after the first.
const BANKS: [&str; 5] =
    ["sim_expired", "sim_flaky", "sim_expired", "sim_first_harbor", "sim_expired"];

/// One person with one connection.
struct Customer {
    who: SignedIn,
    connection: ConnectionId,
    item: String,
}

/// The test's own view of the database, by the clock of the workers.
fn observer(db: &TestDb) -> (Backend, Simbank) {
    let (clock, random) = (Clock::system(), Random::system());
    let base = testing::backend(db.db.clone());
    let bank = Simbank::new(&base.db, &clock, &random, &base.vault, &base.settings.app_url);
    let banks = Banks::new(Some(bank.clone()), None);
    (Backend { clock, random, banks, ..base }, bank)
}

async fn link(backend: &Backend, bank: &Simbank, n: usize) -> Customer {
    let who = testing::person(backend, &format!("person{n:02}")).await;
    let return_url = "http://localhost:3000/accounts/link/return".parse().unwrap();
    let ask = BeginAsk {
        provider: ProviderKind::Simbank,
        purpose: Purpose::New,
        institution: None,
        return_url: &return_url,
    };
    let begun = connections::begin_link(backend, &who, &ask).await.unwrap();
    let public_token: SecretString =
        bank.arrive(who.user(), BANKS[n % BANKS.len()], "demo").await.unwrap();
    let ask = FinishAsk { state: &begun.state, public_token: &public_token, hint: None };
    let finished = connections::finish_link(backend, &who, &ask).await.unwrap();
    let Finished::Linked { connection } = finished else { panic!("{finished:?}") };
    let item = connections::item_of(backend, &who, &connection).await.unwrap();
    Customer { who, connection, item }
}

/// The first account alone, so that the storm is over in a minute.
async fn choose(backend: &Backend, customer: &Customer) {
    let Customer { who, connection, .. } = customer;
    let offered = connections::candidates(backend, who, connection).await.unwrap();
    let first = [offered[0].provider_id.clone()];
    connections::choose(backend, who, connection, &first).await.unwrap();
}

async fn repair(backend: &Backend, bank: &Simbank, customer: &Customer) {
    let Customer { who, connection, item } = customer;
    let return_url = "http://localhost:3000/accounts/link/return".parse().unwrap();
    let ask = BeginAsk {
        provider: ProviderKind::Simbank,
        purpose: Purpose::Repair(connection.clone()),
        institution: None,
        return_url: &return_url,
    };
    let begun = connections::begin_link(backend, who, &ask).await.unwrap();
    let public_token = bank.return_to(item, "demo").await.unwrap();
    let ask = FinishAsk { state: &begun.state, public_token: &public_token, hint: None };
    connections::finish_link(backend, who, &ask).await.unwrap();
}

/// Looks until nothing is queued but what waits for later, after the leases of a runner that is gone have ended.
async fn calm(backend: &Backend) {
    let mut look = interval(Duration::from_millis(50));
    testing::end_leases(backend).await;
    let all = async {
        while testing::syncs_left(backend).await > 0 {
            look.tick().await;
        }
    };
    timeout(PATIENCE, all).await.expect("the workers get through");
}

/// Waits until some of the work of a round is done.
async fn some_are_done(backend: &Backend, queued: i64) {
    let mut look = interval(Duration::from_millis(10));
    let some = async {
        while testing::syncs_left(backend).await > queued * 3 / 4 {
            look.tick().await;
        }
    };
    timeout(PATIENCE, some).await.expect("the workers begin");
}

type Rows = BTreeMap<String, (i64, bool)>;

/// What a bank shows today of the account that is read.
async fn at_bank(backend: &Backend, bank: &Simbank, customer: &Customer) -> Rows {
    let Customer { who, connection, .. } = customer;
    let token = connections::testing::token(backend, who, connection).await;
    let account = connections::candidates(backend, who, connection).await.unwrap();
    let account = account.into_iter().find(|account| account.added).unwrap().provider_id;
    let (mut rows, mut cursor) = (Rows::new(), None::<String>);
    loop {
        let page = match bank.sync(&token, cursor.as_deref(), 500).await {
            Ok(page) => page,
            // Every third run finds it down.
            Err(_) if cursor.is_none() => continue,
            Err(trouble) => panic!("{trouble}"),
        };
        let own = page.added.into_iter().filter(|row| row.account == account);
        rows.extend(own.map(|row| (row.id, (row.minor, row.pending))));
        if !page.has_more {
            return rows;
        }
        cursor = Some(page.next_cursor);
    }
}

/// Amounts and states of a person's rows: twice in there means twice in the ledger.
async fn in_ledger(backend: &Backend, who: &SignedIn) -> Vec<(i64, bool)> {
    let (mut rows, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let query = cursor.map(|cursor| format!("cursor={cursor}&limit=200"));
        let pairs = domain::query::parse(query.as_deref().unwrap_or("limit=200"));
        let filter = TransactionFilter::from_query(&pairs).unwrap();
        let request = PageRequest::from_query(&pairs, filter.hash()).unwrap();
        let page = transactions::list(backend, who, &filter, &request).await.unwrap();
        rows.extend(
            page.items
                .into_iter()
                .map(|row| (row.signed_amount_cents, row.status == TransactionStatus::Pending)),
        );
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => return rows,
        }
    }
}

both_engines! {
    async fn twenty_connections_two_workers_and_two_kills_come_to_the_ledger_made_in_order(db: TestDb) {
        let (backend, bank) = observer(&db);
        let home = Home::on(&db);
        let mut customers = Vec::new();
        for n in 0..CONNECTIONS {
            customers.push(link(&backend, &bank, n).await);
        }
        let steady = home.worker().await;
        let mut shaky = home.worker().await;

        for round in 0..4_usize {
            for (n, customer) in customers.iter().enumerate() {
                let view = connections::get(&backend, &customer.who, &customer.connection).await.unwrap();
                if view.state == ConnectionState::LoginRequired {
                    repair(&backend, &bank, customer).await;
                }
                let fault = match (round + n) % 7 {
                    0 => Some(Fault::Changing(1)),
                    1 => Some(Fault::Repeated),
                    2 => Some(Fault::Down),
                    _ => None,
                };
                bank.set(&customer.item, fault).await.unwrap();
                if view.accounts == 0 {
                    // A bank that is down does not say what it has.
                    bank.set(&customer.item, None).await.unwrap();
                    choose(&backend, customer).await;
                } else {
                    connections::sync_now(&backend, &customer.who, &customer.connection).await.unwrap();
                }
            }
            if round < 2 {
                let queued = testing::syncs_left(&backend).await;
                some_are_done(&backend, queued).await;
                shaky.kill().await;
                shaky = home.worker().await;
            }
            calm(&backend).await;
            bank.advance_clock(2).await.unwrap();
        }
        for _ in 0..3 {
            for customer in &customers {
                bank.set(&customer.item, None).await.unwrap();
                let view = connections::get(&backend, &customer.who, &customer.connection).await.unwrap();
                if view.state == ConnectionState::LoginRequired {
                    repair(&backend, &bank, customer).await;
                }
                connections::sync_now(&backend, &customer.who, &customer.connection).await.unwrap();
            }
            calm(&backend).await;
        }
        for program in [steady, shaky] {
            program.terminate().await;
            assert_eq!(program.ended().await.code(), Some(0));
        }

        let mut rows = 0;
        for customer in &customers {
            let mut expected: Vec<(i64, bool)> = at_bank(&backend, &bank, customer).await.into_values().collect();
            let mut found = in_ledger(&backend, &customer.who).await;
            expected.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, expected, "{}", customer.connection);
            let account = &backend::accounts::list(&backend, &customer.who).await.unwrap()[0];
            let side = &connections::bank_sides(&backend, &customer.who).await.unwrap()[0];
            assert_eq!(side.balance_minor, Some(account.balance_minor), "{}", customer.connection);
            rows += found.len();
        }
        assert!(rows > 400 * CONNECTIONS, "{rows} rows are no storm");
        // Nobody is Polar here, so what asks it is given up.
        let ours = ["syncDue", "syncConnection", "lookAgain", "applyBankWebhook"];
        let mut dead = jobs::dead(&backend, 50).await.unwrap();
        dead.retain(|job| ours.contains(&job.kind.as_str()));
        assert!(dead.is_empty(), "{dead:?}");
    }
}
