use super::*;
use crate::{
    audit, both_engines,
    jobs::{self, Job, Options},
    testing::{World, switch_second_factor_on},
};

async fn admin(w: &World) -> Admin {
    grant(&w.backend, "Alice@Example.com").await.unwrap();
    switch_second_factor_on(&w.backend, "alice").await;
    require(&w.backend, &w.alice).await.unwrap()
}

async fn delivery(w: &World, id: &str, body: Option<&str>) {
    let mut tx = w.backend.db.system().write().await.unwrap();
    execute!(
        tx,
        r#"
        insert into "polar_webhook" ("webhookId", "type", "body", "receivedAt", "state", "error")
        values ($1, 'order.paid', $2, $3, 'failed', 'unreadable')
        "#,
        id,
        body,
        Timestamp::from(w.backend.clock.now()),
    )
    .unwrap();
    tx.commit().await.unwrap();
}

async fn actions(w: &World) -> Vec<Action> {
    let lines = audit::recent(&w.backend, &w.alice).await.unwrap();
    lines.into_iter().map(|line| line.action).collect()
}

both_engines! {
    async fn an_administrator_needs_the_role_and_a_second_factor(db: TestDb) {
        let w = World::new(db).await;

        assert!(matches!(require(&w.backend, &w.alice).await, Err(Error::NotFound(_))));
        assert!(grant(&w.backend, " ALICE@example.com").await.unwrap());
        assert!(!grant(&w.backend, "alice@example.com").await.unwrap(), "nothing new");
        assert!(matches!(require(&w.backend, &w.alice).await, Err(Error::Forbidden(_))));
        switch_second_factor_on(&w.backend, "alice").await;
        assert!(require(&w.backend, &w.alice).await.is_ok());
        assert!(matches!(require(&w.backend, &w.mallory).await, Err(Error::NotFound(_))));
        assert!(revoke(&w.backend, "alice@example.com").await.unwrap());
        assert!(matches!(require(&w.backend, &w.alice).await, Err(Error::NotFound(_))));
    }

    async fn a_second_factor_alone_makes_nobody_an_administrator(db: TestDb) {
        let w = World::new(db).await;
        switch_second_factor_on(&w.backend, "mallory").await;

        assert!(matches!(require(&w.backend, &w.mallory).await, Err(Error::NotFound(_))));
    }

    async fn the_role_is_in_the_trail_of_its_holder(db: TestDb) {
        let w = World::new(db).await;
        grant(&w.backend, "alice@example.com").await.unwrap();
        w.backend.clock.advance(std::time::Duration::from_secs(1));
        revoke(&w.backend, "alice@example.com").await.unwrap();

        assert_eq!(actions(&w).await, [Action::AdminRevoked, Action::AdminGranted]);
        let mut tx = w.backend.db.system().read().await.unwrap();
        let actors: Vec<(String,)> = fetch_all!(tx, r#"select "actor" from "audit_event""#).unwrap();
        assert!(actors.iter().all(|(actor,)| actor == "system"), "{actors:?}");
    }

    async fn nobody_has_an_unknown_address(db: TestDb) {
        let w = World::new(db).await;

        assert!(matches!(grant(&w.backend, "nobody@example.com").await, Err(Error::NotFound(_))));
        assert!(matches!(grant(&w.backend, "nobody").await, Err(Error::Invalid(_))));
    }

    async fn the_overview_counts(db: TestDb) {
        let w = World::new(db).await;
        let admin = admin(&w).await;
        delivery(&w, "w1", Some("x")).await;

        let overview = overview(&w.backend, &admin).await.unwrap();

        assert_eq!((overview.users, overview.paying, overview.dead_jobs), (2, 0, 0));
        let counts = delivery_counts(&w.backend, &admin).await.unwrap();
        assert_eq!(counts, [("failed".to_owned(), 1)]);
    }

    async fn a_replay_is_done_and_told_or_neither(db: TestDb) {
        let w = World::new(db).await;
        let admin = admin(&w).await;
        delivery(&w, "w1", Some("x")).await;
        delivery(&w, "w2", None).await;
        w.backend.clock.advance(std::time::Duration::from_secs(1));

        replay_delivery(&w.backend, &admin, "w1").await.unwrap();
        assert!(matches!(replay_delivery(&w.backend, &admin, "w2").await, Err(Error::Expired(_))));
        assert!(matches!(replay_delivery(&w.backend, &admin, "w3").await, Err(Error::NotFound(_))));

        assert_eq!(actions(&w).await, [Action::WebhookReplayed, Action::AdminGranted]);
        let new = PageRequest::default();
        let (rows, _) = deliveries(&w.backend, &admin, Some("new"), new).await.unwrap();
        assert_eq!(rows.iter().map(|row| &*row.webhook_id).collect::<Vec<_>>(), ["w1"]);
    }

    async fn a_dead_job_runs_again_and_that_is_told(db: TestDb) {
        let w = World::new(db).await;
        let admin = admin(&w).await;
        let mut tx = w.backend.db.system().write().await.unwrap();
        let id = jobs::enqueue(&mut tx, &w.backend, &Job::Nothing, Options::default()).await.unwrap();
        execute!(tx, r#"update "job" set "state" = 'dead' where "id" = $1"#, &id).unwrap();
        tx.commit().await.unwrap();
        w.backend.clock.advance(std::time::Duration::from_secs(1));

        assert_eq!(dead_jobs(&w.backend, &admin, 10).await.unwrap().len(), 1);
        replay_job(&w.backend, &admin, &id).await.unwrap();

        assert!(dead_jobs(&w.backend, &admin, 10).await.unwrap().is_empty());
        assert_eq!(actions(&w).await[0], Action::JobReplayed);
        assert!(matches!(replay_job(&w.backend, &admin, &id).await, Err(Error::NotFound(_))));
    }
}
