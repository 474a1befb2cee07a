//! What banking costs with a hundred thousand transactions: `make bench`.

use std::{fmt::Write as _, sync::LazyLock};

use backend::{
    Backend, SignedIn, accounts, dashboard, imports,
    seed::{self, SeedOptions},
    testing::{self, TestDb},
    transactions,
    vault::{Field, Purpose},
};
use divan::{AllocProfiler, Bencher, counter::ItemsCount};
use domain::{
    Currency, Month, PageRequest, TransactionFilter, TransactionPage, UserId,
    import::{self, ImportOptions},
    query,
};
use time::macros::date;
use tokio::runtime::Runtime;

const ROWS: u32 = 100_000;

/// What each benchmark reserves at its peak stands in its line. SQLite's own memory is not in it.
#[global_allocator]
static MEMORY: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

#[derive(Clone, Copy, Debug)]
enum Engine {
    Sqlite,
    Postgres,
}

const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

impl Engine {
    async fn open(self) -> TestDb {
        match self {
            Self::Sqlite => TestDb::sqlite().await,
            Self::Postgres => TestDb::postgres().await,
        }
    }

    /// The person with a hundred thousand transactions.
    fn world(self) -> &'static World {
        static SQLITE: LazyLock<World> = LazyLock::new(|| World::seeded(Engine::Sqlite));
        static POSTGRES: LazyLock<World> = LazyLock::new(|| World::seeded(Engine::Postgres));
        match self {
            Self::Sqlite => &SQLITE,
            Self::Postgres => &POSTGRES,
        }
    }
}

/// One person with a hundred thousand transactions.
struct World {
    backend: Backend,
    person: SignedIn,
    _db: TestDb,
}

impl World {
    fn seeded(engine: Engine) -> Self {
        RUNTIME.block_on(async {
            let db = engine.open().await;
            let backend = testing::backend(db.db.clone());
            let options = SeedOptions { users: 1, transactions: ROWS, seed: 1 };
            seed::run(&backend, &options).await.expect("people who don't exist");
            db.as_owner("analyze").await;
            let person = SignedIn::in_a_test(seed::user_id(&options, 0), backend.clock.now());
            Self { backend, person, _db: db }
        })
    }
}

fn fifty_thousand_rows() -> String {
    let mut text = "Date,Description,Amount\n".to_owned();
    for n in 0..50_000 {
        let day = date!(2024 - 06 - 01) + time::Duration::days(n / 100);
        writeln!(text, "{day},Payment {n},-{}.{:02}", n % 90 + 1, n % 100).expect("a line of text");
    }
    text
}

/// A file of fifty thousand rows, from its bytes to rows of an account.
#[divan::bench]
fn csv_of_50_000_rows(bencher: Bencher<'_, '_>) {
    let text = fifty_thousand_rows();
    let today = date!(2026 - 05 - 04);
    bencher.counter(ItemsCount::new(50_000_u32)).bench(|| {
        let table = import::decode(text.as_bytes()).and_then(|text| import::read(&text));
        let table = table.expect("a table");
        import::interpret(&table, &ImportOptions::default(), Currency::USD, today)
    });
}

/// The same file, uploaded and written into the ledger of a new person.
#[divan::bench(args = ENGINES, sample_count = 3, sample_size = 1)]
fn import_50_000_rows(bencher: Bencher<'_, '_>, engine: Engine) {
    let text = fifty_thousand_rows();
    let new_person = || {
        RUNTIME.block_on(async {
            let w = testing::World::new(engine.open().await).await;
            let account = accounts::testing::account_of(&w.backend, &w.alice).await;
            (w, account, text.clone().into_bytes())
        })
    };
    bencher.counter(ItemsCount::new(50_000_u32)).with_inputs(new_person).bench_values(
        |(w, account, content)| {
            RUNTIME.block_on(async {
                let id = imports::upload(&w.backend, &w.alice, &account, "bank.csv", content).await;
                let id = id.expect("an import");
                let (options, choice) = (ImportOptions::default(), imports::Choice::default());
                let applied =
                    imports::apply(&w.backend, &w.alice, &id, &options, &choice, None).await;
                assert_eq!(applied.expect("it is written").value.added, 50_000);
            });
            w
        },
    );
}

#[divan::bench]
fn encrypt_a_number(bencher: Bencher<'_, '_>) {
    let (world, user) = (Engine::Sqlite.world(), UserId::new("somebody"));
    bencher.bench(|| seal(world, &user));
}

#[divan::bench]
fn decrypt_a_number(bencher: Bencher<'_, '_>) {
    let (world, user) = (Engine::Sqlite.world(), UserId::new("somebody"));
    let sealed = seal(world, &user);
    bencher.bench(|| {
        let opened = async {
            world.backend.vault.decrypt(Purpose::BankNumber, &field(&user), &sealed).await
        };
        RUNTIME.block_on(opened).expect("a plain text")
    });
}

fn seal(world: &World, user: &UserId) -> String {
    let sealed = async {
        world.backend.vault.encrypt(Purpose::BankNumber, &field(user), "000123456789").await
    };
    RUNTIME.block_on(sealed).expect("a stored text")
}

fn field(user: &UserId) -> Field<'_> {
    Field { table: "bank_account", column: "accountNumber", row: "acc_1", user }
}

/// A page of the list of a hundred thousand rows, with its sums: each address on each engine.
const ADDRESSES: [&str; 7] = [
    "",
    "page=15",
    "page=100&limit=100",
    "limit=200",
    "from=2026-01-01",
    "category=food",
    "q=coffee",
];

#[divan::bench(args = ENGINES.iter().flat_map(|engine| ADDRESSES.map(|address| (*engine, address))).collect::<Vec<_>>())]
fn list(bencher: Bencher<'_, '_>, (engine, address): (Engine, &'static str)) {
    let world = engine.world();
    let pairs = query::parse(address);
    let filter = TransactionFilter::from_query(&pairs).expect("filters");
    let request = PageRequest::from_query(&pairs, filter.hash()).expect("a page");
    bencher.bench(|| page(world, &filter, &request));
}

/// The page below fifty thousand rows, by its cursor.
#[divan::bench(args = ENGINES)]
fn list_by_cursor_in_the_middle(bencher: Bencher<'_, '_>, engine: Engine) {
    let world = engine.world();
    let filter = TransactionFilter::default();
    let mut pairs = query::parse("limit=200");
    for _ in 0..250 {
        let request = PageRequest::from_query(&pairs, filter.hash()).expect("a page");
        let cursor = page(world, &filter, &request).next_cursor.expect("more rows");
        pairs = query::parse(&format!("limit=200&cursor={cursor}"));
    }
    let request = PageRequest::from_query(&pairs, filter.hash()).expect("a page");
    bencher.bench(|| page(world, &filter, &request));
}

fn page(world: &World, filter: &TransactionFilter, request: &PageRequest) -> TransactionPage {
    let page = transactions::list(&world.backend, &world.person, filter, request);
    RUNTIME.block_on(page).expect("a page")
}

/// Spending of one month by category.
#[divan::bench(args = ENGINES)]
fn month_totals(bencher: Bencher<'_, '_>, engine: Engine) {
    let world = engine.world();
    let month = Month::containing(world.backend.clock.now().date());
    bencher.bench(|| {
        let totals = transactions::month_totals(&world.backend, &world.person, month);
        RUNTIME.block_on(totals).expect("totals")
    });
}

/// The dashboard of somebody with a hundred thousand rows.
#[divan::bench(args = ENGINES)]
fn load_the_dashboard(bencher: Bencher<'_, '_>, engine: Engine) {
    let world = engine.world();
    bencher.bench(|| {
        let loaded = dashboard::load(&world.backend, &world.person, None);
        RUNTIME.block_on(loaded).expect("a dashboard")
    });
}
