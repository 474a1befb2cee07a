-- Where the zone and the first day of a week are from: what a person chose is never replaced by a guess. The rows that are
-- here were written by choices.
alter table "preference" add column "daysFrom" text not null default 'person'
    check ("daysFrom" in ('default', 'country', 'browser', 'person'));
