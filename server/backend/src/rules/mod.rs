//! A person's own rules: they sort new rows of every source, and old ones on request.
