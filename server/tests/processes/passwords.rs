//! `coffer passwords`.

use backend::both_engines;

use crate::program::{Home, run};

both_engines! {
    async fn there_is_nothing_to_wrap_in_a_new_database(db: TestDb) {
        let home = Home::on(&db);

        let done = run(home.command(&["passwords", "wrap"])).await;

        assert_eq!((done.code, &*done.stdout), (Some(0), "No password was in Better Auth's form.\n"));
    }

    async fn what_another_application_reads_is_not_wrapped(db: TestDb) {
        let home = Home::on(&db);
        for (name, value) in [("AUTH_PROFILE", "better-auth"), ("PASSWORD_HASH", "scrypt")] {
            let mut command = home.command(&["passwords", "wrap"]);
            command.env(name, value);

            let refused = run(command).await;

            assert_eq!((refused.code, &*refused.stdout), (Some(1), ""));
            assert!(refused.sentences[0].starts_with("Nothing was done: another application"), "{:?}", refused.sentences);
        }
    }
}

#[tokio::test]
async fn the_cost_of_a_password_is_told_in_three_lines() {
    let db = backend::testing::TestDb::sqlite().await;
    let home = Home::on(&db);

    let done = run(home.command(&["passwords", "bench"])).await;

    assert_eq!(done.code, Some(0), "{:?}", done.sentences);
    let lines: Vec<_> = done.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    for (line, start) in lines.iter().zip(["argon2id", "scrypt", "With "]) {
        assert!(line.starts_with(start), "{line}");
    }
    db.remove().await;
}
