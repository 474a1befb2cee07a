//! Counts of this process. Of each rule the keys that were used last are kept.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use lru::LruCache;

use super::{
    Key,
    rule::{Rule, State, Wait},
};

/// Keys that one rule remembers: the oldest goes when one more comes.
const MOST_KEYS: usize = 100_000;
/// How many that mean nothing any more go with each new one.
const SWEPT: usize = 2;

#[derive(Default)]
pub(super) struct Memory(Mutex<HashMap<&'static str, LruCache<Key, State>>>);

impl Memory {
    pub(super) fn take(&self, rule: Rule, key: Key, now: i64) -> Result<(), Wait> {
        self.with(rule, |counts| {
            let old = counts.get(&key).copied().unwrap_or_default();
            let new = rule.take(old, now)?;
            counts.put(key, new);
            sweep(rule, counts, now);
            Ok(())
        })
    }

    pub(super) fn give_back(&self, rule: Rule, key: Key) {
        self.with(rule, |counts| {
            if let Some(state) = counts.get_mut(&key) {
                *state = rule.give_back(*state);
            }
        });
    }

    fn with<T>(&self, rule: Rule, work: impl FnOnce(&mut LruCache<Key, State>) -> T) -> T {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work(rules.entry(rule.name).or_insert_with(LruCache::unbounded))
    }

    #[cfg(test)]
    fn len(&self, rule: Rule) -> usize {
        self.with(rule, |counts| counts.len())
    }
}

fn sweep(rule: Rule, counts: &mut LruCache<Key, State>, now: i64) {
    for _ in 0..SWEPT {
        let oldest = counts.peek_lru().map(|(_, state)| rule.over_at(*state));
        if counts.len() > MOST_KEYS || oldest.is_some_and(|over_at| over_at <= now) {
            counts.pop_lru();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const RULE: Rule = Rule::rate("test", 1, Duration::from_mins(1));

    fn key(number: u32) -> Key {
        let mut key = Key::default();
        key[..4].copy_from_slice(&number.to_le_bytes());
        key
    }

    #[test]
    fn a_flood_of_keys_pushes_the_oldest_out_and_takes_no_more_memory() {
        let memory = Memory::default();
        let most = u32::try_from(MOST_KEYS).unwrap();

        for number in 0..most + 10 {
            memory.take(RULE, key(number), 1).unwrap();
        }

        assert_eq!(memory.len(RULE), MOST_KEYS);
        assert!(memory.take(RULE, key(most), 1).is_err(), "a young one is remembered");
        assert!(memory.take(RULE, key(0), 1).is_ok(), "the oldest is forgotten");
    }

    #[test]
    fn what_means_nothing_any_more_goes_by_itself() {
        let memory = Memory::default();
        for number in 0..10 {
            memory.take(RULE, key(number), 1).unwrap();
        }

        for number in 10..20 {
            memory.take(RULE, key(number), 60_001).unwrap();
        }

        assert_eq!(memory.len(RULE), 10);
    }

    #[test]
    fn rules_count_apart() {
        let other = Rule { name: "other", ..RULE };
        let memory = Memory::default();
        memory.take(RULE, key(1), 1).unwrap();

        assert!(memory.take(other, key(1), 1).is_ok());
        assert!(memory.take(RULE, key(1), 1).is_err());
    }
}
