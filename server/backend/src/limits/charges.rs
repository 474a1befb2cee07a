//! Several limits at once: all of them allow, or none of them counts.

use super::{Address, Limits, Rule, Wait};

/// What one attempt has taken so far. Dropped, it stays taken: an attempt that nobody waited for has failed.
#[must_use = "an attempt that succeeded gives its charges back"]
pub struct Charges {
    limits: Limits,
    taken: Vec<(Rule, String)>,
}

impl Limits {
    /// An attempt that has taken nothing yet.
    pub fn charges(&self) -> Charges {
        Charges { limits: self.clone(), taken: Vec::new() }
    }
}

impl Charges {
    /// Takes one more.
    ///
    /// # Errors
    /// How long to wait. Everything that this attempt had taken is given back.
    pub async fn take(&mut self, rule: Rule, key: impl Into<String>) -> Result<(), Wait> {
        let key = key.into();
        match self.limits.take(rule, &key).await {
            Ok(()) => {
                self.taken.push((rule, key));
                Ok(())
            }
            Err(wait) => {
                self.undo().await;
                Err(wait)
            }
        }
    }

    /// Takes one of a client, and of the site around it.
    pub async fn take_of(&mut self, rule: Rule, address: &Address) -> Result<(), Wait> {
        self.take(rule, &*address.client).await?;
        if let Some(site) = &address.site {
            self.take(rule.tenfold(), &**site).await?;
        }
        Ok(())
    }

    /// Whether this is the first of `key` in the time of `rule`; it is taken then.
    pub async fn is_first(&mut self, rule: Rule, key: impl Into<String>) -> bool {
        let key = key.into();
        let first = self.limits.take(rule, &key).await.is_ok();
        if first {
            self.taken.push((rule, key));
        }
        first
    }

    /// Gives everything back: the attempt was none of those that are counted.
    pub async fn give_back(mut self) {
        self.undo().await;
    }

    async fn undo(&mut self) {
        for (rule, key) in std::mem::take(&mut self.taken) {
            self.limits.give_back(rule, &key).await;
        }
    }
}
