//! What the first slice of banking costs: `make bench`.

use std::{fmt::Write as _, sync::LazyLock};

use backend::{
    Backend, SignedIn, dashboard,
    seed::{self, SeedOptions},
    testing::{self, TestDb},
    transactions,
    vault::{Field, Purpose},
};
use divan::{Bencher, counter::ItemsCount};
use domain::{
    Currency, PageRequest, TransactionFilter, UserId,
    import::{self, ImportOptions},
    query,
};
use time::macros::date;
use tokio::runtime::Runtime;

const ROWS: u32 = 100_000;

fn main() {
    divan::main();
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// One person with a hundred thousand transactions on SQLite.
struct World {
    backend: Backend,
    person: SignedIn,
    _db: TestDb,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    RUNTIME.block_on(async {
        let db = TestDb::sqlite().await;
        let backend = testing::backend(db.db.clone());
        let options = SeedOptions { users: 1, transactions: ROWS, seed: 1 };
        seed::run(&backend, &options).await.expect("people who don't exist");
        let person = SignedIn::in_a_test(seed::user_id(&options, 0), backend.clock.now());
        World { backend, person, _db: db }
    })
});

/// A file of fifty thousand rows, from its bytes to rows of an account.
#[divan::bench]
fn csv_of_50_000_rows(bencher: Bencher<'_, '_>) {
    let mut text = "Date,Description,Amount\n".to_owned();
    for n in 0..50_000 {
        let day = date!(2024 - 06 - 01) + time::Duration::days(n / 100);
        writeln!(text, "{day},Payment {n},-{}.{:02}", n % 90 + 1, n % 100).expect("a line of text");
    }
    let today = date!(2026 - 05 - 04);
    bencher.counter(ItemsCount::new(50_000_u32)).bench(|| {
        let table = import::decode(text.as_bytes()).and_then(|text| import::read(&text));
        let table = table.expect("a table");
        import::interpret(&table, &ImportOptions::default(), Currency::USD, today)
    });
}

#[divan::bench]
fn encrypt_a_number(bencher: Bencher<'_, '_>) {
    let (world, user) = (&*WORLD, UserId::new("somebody"));
    bencher.bench(|| seal(world, &user));
}

#[divan::bench]
fn decrypt_a_number(bencher: Bencher<'_, '_>) {
    let (world, user) = (&*WORLD, UserId::new("somebody"));
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

/// A page of the list of a hundred thousand rows, with its sums.
#[divan::bench(args = ["", "page=100&limit=100", "limit=200", "from=2026-01-01", "category=food", "q=coffee"])]
fn list(bencher: Bencher<'_, '_>, address: &str) {
    let world = &*WORLD;
    let pairs = query::parse(address);
    let filter = TransactionFilter::from_query(&pairs).expect("filters");
    let request = PageRequest::from_query(&pairs, filter.hash()).expect("a page");
    bencher.bench(|| {
        let page = transactions::list(&world.backend, &world.person, &filter, &request);
        RUNTIME.block_on(page).expect("a page")
    });
}

/// The dashboard of somebody with a hundred thousand rows.
#[divan::bench]
fn load_the_dashboard(bencher: Bencher<'_, '_>) {
    let world = &*WORLD;
    bencher.bench(|| {
        let loaded = dashboard::load(&world.backend, &world.person, None);
        RUNTIME.block_on(loaded).expect("a dashboard")
    });
}
