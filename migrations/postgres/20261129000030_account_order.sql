-- Where its owner put an account in the list. Those that nobody moved come after those that were, as they were added.
alter table "bank_account" add column "position" bigint;
