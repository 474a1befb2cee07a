//! What cannot start says why in one sentence and exits with 1.

use std::{fs, net::TcpListener};

use backend::both_engines;
use tokio::process::Command;

use crate::program::{Ended, Home, free_port, run};

async fn refused(command: Command) -> String {
    let Ended { code, stdout, mut sentences } = run(command).await;
    assert_eq!(code, Some(1), "{sentences:?}");
    assert_eq!(stdout, "");
    assert_eq!(sentences.len(), 1, "{sentences:?}");
    let sentence = sentences.remove(0);
    assert!(sentence.ends_with('.') && !sentence.contains("panicked"), "{sentence}");
    sentence
}

both_engines! {
    async fn a_port_that_is_taken(db: TestDb) {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let home = Home::on(&db);
        let mut command = home.command(&["serve"]);
        command.env("BIND", address.to_string());

        let sentence = refused(command).await;

        assert!(sentence.contains(&address.port().to_string()), "{sentence}");
        assert!(sentence.contains("BIND"), "{sentence}");
    }

    async fn a_database_that_a_newer_release_has_migrated(db: TestDb) {
        db.migrate_into_the_future().await;
        let home = Home::on(&db);
        for arguments in [&["serve"], &["worker"], &["migrate"]] {
            let mut command = home.command(arguments);
            command.env("BIND", format!("127.0.0.1:{}", free_port()));

            let sentence = refused(command).await;

            assert!(sentence.contains("99990101000000"), "{sentence}");
        }
    }

    async fn a_data_directory_that_cannot_be_written(db: TestDb) {
        let home = Home::on(&db);
        fs::write(home.path().join("file"), "").unwrap();
        for directory in ["file", "file/data", "/sys/coffer"] {
            let mut command = home.command(&["serve"]);
            command.env("BIND", format!("127.0.0.1:{}", free_port())).env("DATA_DIR", directory);

            let sentence = refused(command).await;

            assert!(sentence.contains(directory), "{sentence}");
        }
    }

    async fn a_database_that_does_not_answer(db: TestDb) {
        let home = Home::on(&db);
        let gone = format!("postgres://coffer:secret@127.0.0.1:{}/coffer", free_port());
        let in_a_file = format!("sqlite://{}", home.path().join("file/coffer.db").display());
        fs::write(home.path().join("file"), "").unwrap();
        for url in [gone, in_a_file] {
            let mut command = home.command(&["serve"]);
            command.env("BIND", format!("127.0.0.1:{}", free_port())).env("DATABASE_URL", &url);

            let sentence = refused(command).await;

            assert!(!sentence.contains("secret"), "{sentence}");
        }
    }
}
