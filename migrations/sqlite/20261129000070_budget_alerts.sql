-- When the owner of a budget is mailed: percentages of what is available, from the lowest, with commas; empty for never.
alter table "budget" add column "alertPercents" text not null default '80,100';
