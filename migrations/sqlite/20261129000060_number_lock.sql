-- What counts the rounds of deposits to the numbers of an account, whoever asks: the keyed hash of the lock-out, in an
-- envelope `cfr1.…`, so that a round can begin without the numbers in plain text. An account without it, and without a
-- proof, is asked for its numbers once more.
alter table "bank_account" add column "numberLock" text;
