//! Python-faithful Jinja on stock minijinja: values, methods, filters, tests and pure functions.

pub mod builtins;
mod filters;
mod functions;
mod methods;
mod tests_;
pub mod value;
