use futures::future::join_all;

use super::*;
use crate::{both_engines, testing::World};

const HOUR: Duration = Duration::from_hours(1);

fn hourly() -> [Schedule; 1] {
    [Schedule { name: "greet", every: HOUR, job: || letter("hourly") }]
}

both_engines! {
    async fn among_many_runners_a_schedule_fires_once_each_time(db: TestDb) {
        let w = World::new(db).await;
        let schedules = hourly();
        install(&w.backend, &schedules).await.unwrap();
        install(&w.backend, &schedules).await.unwrap();

        for expected in 1..=3 {
            let fired = join_all((0..4).map(|_| fire_due(&w.backend, &schedules))).await;
            assert_eq!(fired.into_iter().map(Result::unwrap).sum::<usize>(), 1);
            assert_eq!(run_due(&w.backend).await.unwrap(), 1);
            assert_eq!(delivered(&w.backend).await.len(), expected);
            w.backend.clock.advance(HOUR);
        }
    }

    async fn times_that_passed_while_nothing_ran_are_not_made_up_for(db: TestDb) {
        let w = World::new(db).await;
        let schedules = hourly();
        install(&w.backend, &schedules).await.unwrap();

        w.backend.clock.advance(HOUR * 5 + HOUR / 2);
        assert_eq!(fire_due(&w.backend, &schedules).await.unwrap(), 1);
        assert_eq!(run_due(&w.backend).await.unwrap(), 1);

        w.backend.clock.advance(HOUR / 4);
        assert_eq!(fire_due(&w.backend, &schedules).await.unwrap(), 0);
        w.backend.clock.advance(HOUR / 4);
        assert_eq!(fire_due(&w.backend, &schedules).await.unwrap(), 1, "the rhythm is kept");
    }

    async fn a_job_that_has_not_run_yet_is_not_enqueued_again(db: TestDb) {
        let w = World::new(db).await;
        let schedules = hourly();
        install(&w.backend, &schedules).await.unwrap();

        for fired in [1, 0, 0] {
            assert_eq!(fire_due(&w.backend, &schedules).await.unwrap(), fired);
            w.backend.clock.advance(HOUR);
        }

        assert_eq!(jobs_left(&w.backend).await, 1);
    }

    async fn everything_the_product_has_scheduled_runs(db: TestDb) {
        let w = World::new(db).await;
        install(&w.backend, SCHEDULES).await.unwrap();

        assert_eq!(fire_due(&w.backend, SCHEDULES).await.unwrap(), SCHEDULES.len());
        assert_eq!(run_due(&w.backend).await.unwrap(), SCHEDULES.len());

        assert_eq!(jobs_left(&w.backend).await, 0, "one of them failed");
    }

    async fn a_new_rhythm_replaces_the_old_one(db: TestDb) {
        let w = World::new(db).await;
        install(&w.backend, &[Schedule { every: HOUR * 24, ..hourly()[0] }]).await.unwrap();
        fire_due(&w.backend, &hourly()).await.unwrap();
        run_due(&w.backend).await.unwrap();

        install(&w.backend, &hourly()).await.unwrap();
        w.backend.clock.advance(HOUR);

        assert_eq!(fire_due(&w.backend, &hourly()).await.unwrap(), 1);
    }
}
