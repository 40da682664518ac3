//! Inputs of which none may hang the program, fill its memory, or make it write through them.

mod files;
mod templates;

use super::input::{limited, refused};
use super::*;
use std::os::unix::fs::symlink;
