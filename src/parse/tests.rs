//! Whole projects, parsed.
