//! A shared server at its limits: locks that others hold, timeouts, full disks, sessions that are lost.

mod around;
mod crashes;
mod locks;
mod others;
mod sessions;

use super::*;
