//! The pages of administrators: for them alone, and only with a second factor.

use axum::http::StatusCode;
use backend::{
    admin,
    billing::testing::{dead_job, delivery, drift, user_of},
    both_engines,
    testing::switch_second_factor_on,
};

use super::{Browser, Site, leads_to, selling, submit, visit, words};

const PAGES: [&str; 5] =
    ["/admin", "/admin/webhooks", "/admin/drift", "/admin/jobs", "/admin/accounts"];
const FORMS: [&str; 3] = ["/admin/webhooks/replay", "/admin/jobs/replay", "/admin/accounts/change"];

async fn administrator(site: &Site) -> Browser {
    let browser = site.person("ann@example.com").await;
    admin::grant(&site.backend, "ann@example.com").await.unwrap();
    let user = user_of(&site.backend, "ann@example.com").await;
    switch_second_factor_on(&site.backend, &user).await;
    browser
}

both_engines! {
    async fn everybody_else_finds_nothing(db: TestDb) {
        let site = selling(db.db.clone());
        let mut mallory = site.person("mallory@example.com").await;
        delivery(&site.backend, "w1", "failed").await;

        for path in PAGES {
            let answer = visit(&mut mallory, path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(words(&answer).contains("error-404"), "{path}");
            let stranger = visit(&mut site.browser(), path).await;
            assert!(leads_to(&stranger).starts_with("/sign-in?next="), "{path}");
        }
        for path in FORMS {
            let answer = submit(&mut mallory, path, &[("id", "w1"), ("page", "/admin")]).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            let stranger = submit(&mut site.browser(), path, &[("id", "w1")]).await;
            assert!(leads_to(&stranger).starts_with("/sign-in?next="), "{path}");
        }
    }

    async fn an_administrator_without_a_second_factor_learns_how_to_get_one(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        admin::grant(&site.backend, "ann@example.com").await.unwrap();

        for path in PAGES {
            let answer = visit(&mut ann, path).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            assert!(words(&answer).contains("Switch on the second step first"), "{path}");
        }
        let answer = submit(&mut ann, "/admin/jobs/replay", &[("id", "j1"), ("page", "/admin/jobs")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }

    async fn an_account_is_stopped_and_given_back_for_a_reason(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = administrator(&site).await;
        let mut bob = site.person("bob@example.com").await;
        let cash = [("how", "hand"), ("bankName", "Jar"), ("accountType", "cash"), ("currency", "USD"), ("key", "0123456789abcdef")];
        submit(&mut bob, "/accounts/link", &cash).await;
        let nobody = visit(&mut ann, "/admin/accounts?email=nobody%40example.com").await;
        let list = visit(&mut ann, "/admin/accounts?email=bob%40example.com").await;
        let id = list.text.split("data-testid=\"admin-account\" data-id=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let here = format!("/admin/accounts?email=bob%40example.com&account={id}");
        let form = visit(&mut ann, &here).await;
        let owner = form.text.split("name=\"owner\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let change = |word: &'static str, reason: &'static str| {
            [("owner", owner.clone()), ("id", id.clone()), ("change", word.to_owned()), ("reason", reason.to_owned()), ("page", here.clone())]
        };

        let mut answers = Vec::new();
        for (word, reason) in [("suspend", ""), ("suspend", "Reported as stolen"), ("restore", "It was not")] {
            let fields = change(word, reason);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
            answers.push(submit(&mut ann, "/admin/accounts/change", &fields).await);
            answers.push(visit(&mut bob, &format!("/accounts/{id}")).await);
        }

        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(words(&nobody).contains("Nobody has this address."));
        assert_eq!(answers[0].status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answers[0].text.contains("id=\"reason\"") && words(&answers[1]).contains("Active"));
        assert_eq!(leads_to(&answers[2]), here);
        assert!(words(&answers[3]).contains("We have suspended this account. Contact support."));
        assert!(words(&answers[5]).contains("Active") && !words(&answers[5]).contains("Contact support"));
    }

    async fn an_administrator_sees_how_things_stand(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = administrator(&site).await;
        delivery(&site.backend, "w1", "failed").await;
        delivery(&site.backend, "w2", "applied").await;
        drift(&site.backend, "sub-1").await;
        let job = dead_job(&site.backend).await;

        let overview = words(&visit(&mut ann, "/admin").await);
        let all = words(&visit(&mut ann, "/admin/webhooks").await);
        let failed = words(&visit(&mut ann, "/admin/webhooks?state=failed").await);
        let drift = words(&visit(&mut ann, "/admin/drift").await);
        let jobs = words(&visit(&mut ann, "/admin/jobs").await);

        assert!(overview.contains(r#"data-testid="admin""#) && overview.contains("Jobs given up"), "{overview}");
        assert!(all.contains("w1") && all.contains("w2"), "{all}");
        assert!(failed.contains(r#"data-id="w1""#) && !failed.contains(r#"data-id="w2""#), "{failed}");
        assert!(drift.contains("sub-1") && drift.contains("subscription: status"), "{drift}");
        assert!(jobs.contains(&job) && jobs.contains("no route to host"), "{jobs}");
    }

    async fn a_replay_comes_back_to_its_list_and_is_in_the_trail(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = administrator(&site).await;
        delivery(&site.backend, "w1", "failed").await;
        let job = dead_job(&site.backend).await;
        let page = ("page", "/admin/webhooks?state=failed");

        let delivery = submit(&mut ann, "/admin/webhooks/replay", &[("id", "w1"), page]).await;
        let job = submit(&mut ann, "/admin/jobs/replay", &[("id", &job)]).await;
        let gone = submit(&mut ann, "/admin/jobs/replay", &[("id", "none"), ("page", "/admin/jobs")]).await;

        assert_eq!(leads_to(&delivery), "/admin/webhooks?state=failed");
        assert_eq!(leads_to(&job), "/admin/jobs");
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
        let trail = words(&visit(&mut ann, "/activity").await);
        assert!(trail.contains(domain::activity::Action::WebhookReplayed.in_words()), "{trail}");
        assert!(trail.contains(domain::activity::Action::JobReplayed.in_words()), "{trail}");
    }
}
