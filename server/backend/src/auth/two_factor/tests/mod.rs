mod challenges;
mod switching;

use std::time::Duration;

use super::{testing::*, *};
use crate::{
    Timestamp,
    auth::{Password, member::Member, sign_in},
    both_engines, execute, fetch_all, fetch_one,
    testing::{TestDb, backend, limited, mails_of},
};

const NOWHERE: &str = "000000";

/// One backend for each profile, on one database.
fn both(db: &TestDb) -> [Backend; 2] {
    let hardened = backend(db.db.clone());
    [in_profile(&hardened, AuthProfile::Hardened), in_profile(&hardened, AuthProfile::BetterAuth)]
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

async fn count(backend: &Backend, what: &str) -> i64 {
    let mut tx = backend.db.system().read().await.unwrap();
    let (count,): (i64,) = match what {
        "session" => fetch_one!(tx, r#"select count(*) from "session""#),
        "challenge" => {
            fetch_one!(tx, r#"select count(*) from "verification" where "identifier" like '2fa-%'"#)
        }
        other => panic!("{other}"),
    }
    .unwrap();
    count
}

fn totp(code: &str) -> FactorCode {
    FactorCode::Totp(code.to_owned().into())
}

fn backup(code: &str) -> FactorCode {
    FactorCode::Backup(code.to_owned().into())
}

async fn answered(
    backend: &Backend,
    token: &ChallengeToken,
    code: FactorCode,
) -> Result<Passed, FactorFailure> {
    answer(backend, token, &plain(code), &Client::default()).await
}

/// The code in the newest mail to this address.
async fn mailed_code(backend: &Backend, email: &str) -> String {
    let mails = mails_of(backend, email).await;
    let mail = mails.into_iter().find(|mail| mail.subject == "Your sign-in code").expect("a mail");
    let start = mail.text.find("Your code is ").expect("a code") + "Your code is ".len();
    mail.text[start..start + 6].to_owned()
}
