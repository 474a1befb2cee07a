//! Each event that Polar has, delivered as it delivers it.

use std::collections::BTreeMap;

use domain::page::PageRequest;

use super::{deliver, fixtures, selling};
use crate::{
    billing::{Received, deliveries},
    both_engines, jobs,
};

both_engines! {
    async fn each_of_the_events_is_kept_and_applied(db: TestDb) {
        let backend = selling(db.db.clone());
        let mut files: Vec<_> = std::fs::read_dir(fixtures("events"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        assert_eq!(files.len(), 54);
        for file in &files {
            let name = file.file_stem().unwrap().to_string_lossy().replace('.', "_");
            let received = deliver(&backend, &name, &std::fs::read(file).unwrap()).await.unwrap();
            assert_eq!(received, Received::Stored, "{name}");
        }

        jobs::run_due(&backend).await.unwrap();

        let (rows, total) =
            deliveries(&backend, None, PageRequest::Page { page: 1, limit: 100 }).await.unwrap();
        assert_eq!(total, 54);
        let mut states: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows {
            assert!(matches!(&*row.state, "applied" | "stale"), "{row:?}");
            *states.entry(row.state).or_default() += 1;
        }
        eprintln!("{}: 54 events kept: {states:?}", backend.db.engine_name());
        assert!(states["applied"] >= 20, "{states:?}");
    }
}
