-- A change of one row is a batch of one.
alter table "transaction_batch" drop constraint "transaction_batch_deed";
alter table "transaction_batch" add constraint "transaction_batch_deed" check (
    "deed" in ('category', 'addTag', 'removeTag', 'exclude', 'include', 'delete', 'rule', 'edit', 'split'));
