-- Where the zone and the first day of a week are from: what a person chose is never replaced by a guess. Of the rows that
-- are here, those with the usual days were written for something else.
alter table "preference" add column "daysFrom" text not null default 'person'
    check ("daysFrom" in ('default', 'country', 'browser', 'person'));
update "preference" set "daysFrom" = 'default' where "zone" = 'UTC' and "weekStart" = 1;
