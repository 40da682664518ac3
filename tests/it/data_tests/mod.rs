//! Data tests: generic and singular ones, what they find, and what follows from it.

mod configs;
mod differential;
mod fused;
mod generic;
mod singular;
mod stored;
