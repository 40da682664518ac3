//! What a build runs, in which order, and what a failure means for the rest.

mod fail_fast;
mod grants;
mod hook_transactions;
mod hooks;
mod order;
