//! What waits for a look: rows without a category, possible copies, suggested transfers, prices that rose.
