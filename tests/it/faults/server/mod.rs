//! A shared server at its limits: locks that others hold, timeouts, full disks, sessions that are lost.

mod locks;

use super::*;
