//! Two subscriptions of one person that money is collected for.

use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;

use crate::{billing::given, both_engines};

const COUNTER: &str = "coffer_polar_second_subscriptions_total";

both_engines! {
    async fn a_second_subscription_is_counted_when_it_begins(db: TestDb) {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        let _guard = metrics::set_default_local_recorder(&recorder);
        let (w, _polar) = given::world(db).await;
        let have = async |changes| {
            given::have_subscription(&w.backend, &given::subscription(changes)).await;
            let text = handle.render();
            let line = text.lines().find_map(|line| line.strip_prefix(COUNTER));
            line.map_or(0, |count| count.trim().parse::<u32>().unwrap())
        };

        assert_eq!(have(json!({ "id": "a" })).await, 0);
        assert_eq!(have(json!({ "id": "b", "status": "canceled" })).await, 0);
        assert_eq!(have(json!({ "id": "c", "customer": null, "customer_id": "another" })).await, 0, "nobody's");
        assert_eq!(have(json!({ "id": "d", "status": "trialing" })).await, 1);
        let later = json!({ "id": "d", "status": "active", "modified_at": "2026-05-04T05:00:00Z" });
        assert_eq!(have(later).await, 1, "it goes on");
        let back = json!({ "id": "b", "status": "active", "modified_at": "2026-05-04T05:00:00Z" });
        assert_eq!(have(back).await, 2);
    }
}
