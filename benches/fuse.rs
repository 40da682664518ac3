//! How long the tests of a relation take to be known by their shapes, which is done for each test that is
//! compiled. `cargo bench --bench fuse`.

use karat::sql::{Finds, shape};
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const ROUNDS: usize = 2_000;

/// Queries as the built-in tests and those of packages compile to, and whether they have a shape.
const QUERIES: [(&str, &str, bool); 6] = [
    ("not_null", "\n\n\nselect id\nfrom \"db\".\"main\".\"orders\"\nwhere id is null\n\n", true),
    (
        "unique",
        "\nselect\n    id as unique_field,\n    count(*) as n_records\nfrom \"db\".\"main\".\"orders\"\nwhere id is not null\ngroup by id\nhaving count(*) > 1\n",
        true,
    ),
    (
        "accepted_values",
        "with all_values as (\n    select\n        status as value_field,\n        count(*) as n_records\n    from \"db\".\"main\".\"orders\"\n    group by status\n)\nselect *\nfrom all_values\nwhere value_field not in ('placed','shipped','completed','returned')",
        true,
    ),
    (
        "accepted_range",
        "with meet_condition as (select * from \"db\".\"main\".\"orders\"), validation_errors as (select * from meet_condition where 1 = 2 or not amount >= 0) select * from validation_errors",
        true,
    ),
    (
        "relationships",
        "with child as (select customer_id as from_field from \"db\".\"main\".\"orders\" where customer_id is not null), parent as (select id as to_field from \"db\".\"main\".\"customers\") select from_field from child left join parent on child.from_field = parent.to_field where parent.to_field is null",
        false,
    ),
    ("singular", "select a.id from \"db\".\"main\".\"orders\" a join b using (id) where a.x > b.x", false),
];

fn micros(query: &str) -> f64 {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            black_box(shape(black_box(query)));
        }
        best = best.min(start.elapsed());
    }
    best.as_secs_f64() * 1e6 / ROUNDS as f64
}

#[allow(clippy::print_stdout)]
fn main() -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for (name, query, has_shape) in QUERIES {
        let found = shape(query);
        if found.is_some() != has_shape {
            println!("{name}: {found:?}");
            code = ExitCode::FAILURE;
        }
        let exact = found.is_some_and(|it| Finds::is_exact(&it.finds));
        println!("{name:16} {:7.1} us a test{}", micros(query), if exact { ", exact" } else { "" });
    }
    code
}
