//! Tests of `deps` against a hub, repositories and archives of their own.
