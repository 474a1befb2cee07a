//! `coffer doctor`.

use backend::both_engines;

use crate::program::{Home, free_port, run};

both_engines! {
    async fn a_healthy_installation(db: TestDb) {
        let home = Home::on(&db);

        let report = run(home.command(&["doctor"])).await;

        assert_eq!(report.code, Some(0), "{}", report.stdout);
        for found in ["The database is up to date.", "the built-in mailbox", "Nothing is wrong."] {
            assert!(report.stdout.contains(found), "{found} is missing in\n{}", report.stdout);
        }
        assert!(report.sentences.is_empty(), "{:?}", report.sentences);
    }

    async fn a_database_that_is_gone_is_named_without_its_password(db: TestDb) {
        let home = Home::on(&db);
        let mut command = home.command(&["doctor"]);
        let gone = format!("postgres://coffer:hunter2hunter2@127.0.0.1:{}/coffer", free_port());
        command.env("DATABASE_URL", gone);

        let report = run(command).await;

        assert_eq!(report.code, Some(1), "{}", report.stdout);
        assert!(report.stdout.contains("1 thing is wrong."), "{}", report.stdout);
        assert!(!report.stdout.contains("hunter2"), "{}", report.stdout);
    }

    async fn what_is_wrong_with_the_configuration_is_listed(db: TestDb) {
        let home = Home::on(&db);
        let mut command = home.command(&["doctor"]);
        command.env("BIND", "nowhere").env("COFFER_ENV", "nonsense");

        let report = run(command).await;

        assert_eq!(report.code, Some(1), "{}", report.stdout);
        assert!(report.stdout.contains("BIND"), "{}", report.stdout);
        assert!(report.stdout.contains("COFFER_ENV"), "{}", report.stdout);
    }
}
