use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

use super::*;
use crate::{
    auth::{Client, SignUpRequest, sign_up},
    both_engines, fetch_one,
    jobs::run_due,
    testing::{World, mail_to},
};

async fn welcome_ada(backend: &Backend) {
    mail_to(backend, "ada@example.com").await;
}

fn smtp_on(port: u16) -> Mailer {
    let url = SecretString::from(format!("smtp://127.0.0.1:{port}"));
    Mailer::smtp(&url, "Coffer <hello@bank.example>").unwrap()
}

/// A mail server for one conversation at a time; answers `refusal` to the recipient when there is one.
struct Server {
    port: u16,
    received: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(refusal: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let mails = received.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (read, mut write) = stream.into_split();
                let mut lines = BufReader::new(read).lines();
                write.write_all(b"220 mail.example\r\n").await.unwrap();
                let mut letter: Option<String> = None;
                while let Ok(Some(line)) = lines.next_line().await {
                    let answer = match (&mut letter, &*line) {
                        (Some(text), ".") => {
                            mails.lock().unwrap().push(std::mem::take(text));
                            letter = None;
                            "250 taken"
                        }
                        (Some(text), _) => {
                            text.push_str(&line);
                            text.push('\n');
                            continue;
                        }
                        (None, "DATA") => {
                            letter = Some(String::new());
                            "354 go on"
                        }
                        (None, "QUIT") => "221 bye",
                        (None, line) if line.starts_with("RCPT") => refusal.unwrap_or("250 fine"),
                        (None, _) => "250 fine",
                    };
                    write.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
                }
            }
        });
        Self { port, received }
    }

    fn letters(&self) -> Vec<String> {
        self.received.lock().unwrap().clone()
    }
}

async fn last_error(backend: &Backend) -> String {
    let mut tx = backend.db.system().read().await.unwrap();
    let (error,): (String,) = fetch_one!(tx, r#"select "lastError" from "job""#).unwrap();
    error
}

both_engines! {
    async fn a_letter_is_kept_in_the_mailbox(db: TestDb) {
        let w = World::new(db).await;
        welcome_ada(&w.backend).await;

        run_due(&w.backend).await.unwrap();

        let messages = mailbox::list(&w.backend, 0, 10).await.unwrap();
        assert_eq!(mailbox::count(&w.backend).await.unwrap(), 1);
        assert_eq!(messages[0].recipient, "ada@example.com");
        assert_eq!(messages[0].sender, "Coffer <hello@bank.example>");
        assert_eq!(messages[0].subject, "A letter");
        assert_eq!(messages[0].created_at, w.backend.clock.now());
        assert_eq!(mailbox::find(&w.backend, &messages[0].id).await.unwrap(), messages[0]);
    }

    async fn whoever_signs_up_is_welcomed_once_and_a_taken_address_is_not(db: TestDb) {
        let w = World::new(db).await;
        let request = SignUpRequest {
            name: "Eve".into(),
            email: "eve@example.com".into(),
            password: "correct horse battery staple".into(),
            image: None,
            callback: String::new(),
            remember: true,
            client: Client::default(),
        };
        sign_up(&w.backend, &request).await.unwrap();
        assert!(sign_up(&w.backend, &request).await.is_err());

        assert_eq!(run_due(&w.backend).await.unwrap(), 1);

        let messages = mailbox::list(&w.backend, 0, 10).await.unwrap();
        assert_eq!(messages.len(), 1);
        assert_eq!(messages[0].recipient, "eve@example.com");
        assert!(!messages[0].text.contains("Eve"), "nothing that was typed goes to an unproven address");
    }

    async fn the_newest_message_comes_first_and_old_ones_go(db: TestDb) {
        let w = World::new(db).await;
        welcome_ada(&w.backend).await;
        run_due(&w.backend).await.unwrap();
        w.backend.clock.advance(Duration::from_hours(8 * 24));
        welcome_ada(&w.backend).await;
        run_due(&w.backend).await.unwrap();

        let newest = mailbox::list(&w.backend, 0, 1).await.unwrap();
        assert_eq!(newest[0].created_at, w.backend.clock.now());
        let mut tx = w.backend.db.system().write().await.unwrap();
        assert_eq!(mailbox::sweep(&mut tx, w.backend.clock.now()).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(mailbox::list(&w.backend, 0, 10).await.unwrap(), newest);
    }

    async fn messages_can_be_deleted_one_by_one_and_all_at_once(db: TestDb) {
        let w = World::new(db).await;
        for _ in 0..3 {
            welcome_ada(&w.backend).await;
        }
        run_due(&w.backend).await.unwrap();
        let first = mailbox::list(&w.backend, 0, 1).await.unwrap().remove(0);

        mailbox::delete(&w.backend, &first.id).await.unwrap();

        let gone = mailbox::find(&w.backend, &first.id).await.unwrap_err();
        assert!(matches!(gone, Error::NotFound("message")), "{gone:?}");
        assert_eq!(mailbox::clear(&w.backend).await.unwrap(), 2);
        assert_eq!(mailbox::count(&w.backend).await.unwrap(), 0);
    }

    async fn a_mail_waits_while_the_server_is_down_and_is_sent_once_afterwards(db: TestDb) {
        let w = World::new(db).await;
        let server = Server::start(None).await;
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let down = Backend { mailer: smtp_on(nobody), ..w.backend.clone() };
        let up = Backend { mailer: smtp_on(server.port), ..w.backend.clone() };
        welcome_ada(&down).await;

        for _ in 0..3 {
            assert_eq!(run_due(&down).await.unwrap(), 1);
            assert_eq!(last_error(&down).await, "mail failed: no connection");
            w.backend.clock.advance(Duration::from_hours(4));
        }
        assert_eq!(run_due(&up).await.unwrap(), 1);

        w.backend.clock.advance(Duration::from_hours(4));
        assert_eq!(run_due(&up).await.unwrap(), 0);
        let letters = server.letters();
        assert_eq!(letters.len(), 1);
        for part in [
            "From: Coffer <hello@bank.example>",
            "To: ada@example.com",
            "Subject: A letter",
            "Auto-Submitted: auto-generated",
            "@bank.example>",
            "Content-Type: text/plain",
            "Content-Type: text/html",
            "/somewhere",
        ] {
            assert!(letters[0].contains(part), "{part} is missing in {}", letters[0]);
        }
    }

    async fn what_the_server_says_of_an_address_is_not_written_down(db: TestDb) {
        let w = World::new(db).await;
        let server = Server::start(Some("550 no such person <ada@example.com>")).await;
        let backend = Backend { mailer: smtp_on(server.port), ..w.backend.clone() };
        welcome_ada(&backend).await;

        run_due(&backend).await.unwrap();

        assert_eq!(last_error(&backend).await, "mail failed: refused for good: 550");
        assert!(server.letters().is_empty());
    }

    async fn a_file_gets_one_line_for_each_mail(db: TestDb) {
        let w = World::new(db).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mail.jsonl");
        let mailer = Mailer::file(path.clone(), "hello@bank.example").unwrap();
        let backend = Backend { mailer, ..w.backend.clone() };
        welcome_ada(&backend).await;
        welcome_ada(&backend).await;

        assert_eq!(run_due(&backend).await.unwrap(), 2);

        let text = std::fs::read_to_string(path).unwrap();
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["to"], "ada@example.com");
        assert_eq!(lines[0]["subject"], "A letter");
        assert_eq!(lines[0]["createdAt"], "2026-05-04T12:00:00Z");
        assert!(lines[0]["text"].as_str().unwrap().contains("/somewhere"));
    }

    async fn a_file_that_cannot_be_written_is_tried_again(db: TestDb) {
        let w = World::new(db).await;
        let mailer = Mailer::file("/nowhere/mail.jsonl".into(), "hello@bank.example").unwrap();
        let backend = Backend { mailer, ..w.backend.clone() };
        welcome_ada(&backend).await;

        run_due(&backend).await.unwrap();

        assert!(last_error(&backend).await.starts_with("mail failed: MAIL_FILE: "));
    }
}

#[test]
fn a_wrong_address_is_named_by_its_variable() {
    let from = Mailer::mailbox("nobody").err().unwrap().to_string();
    let url = Mailer::smtp(&SecretString::from("http://mail.example"), "a@b.example")
        .err()
        .unwrap()
        .to_string();

    assert!(from.starts_with("MAIL_FROM "), "{from}");
    assert!(url.starts_with("SMTP_URL "), "{url}");
}
