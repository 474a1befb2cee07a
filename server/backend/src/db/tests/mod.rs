mod contention;
mod rls;
mod statements;
mod values;
