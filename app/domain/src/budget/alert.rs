//! When somebody is told: once for each threshold and window, and not again when a refund lowers the figure.

use super::Standing;

/// The thresholds, in percent of what is available.
pub const ALERTS: [i64; 2] = [80, 100];

/// The thresholds that were reached and that nobody was told of yet.
pub fn due(standing: Standing, told: &[i64]) -> Vec<i64> {
    ALERTS
        .into_iter()
        .filter(|percent| !told.contains(percent))
        .filter(|percent| standing.reached(*percent))
        // The whole of it is not over it.
        .filter(|percent| *percent < 100 || standing.spent > standing.available())
        .collect()
}
