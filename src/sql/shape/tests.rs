//! Queries as tests compile to, and their shapes.

use super::{Finds, shape};

fn check(sql: &str, expect: Option<(&str, &str)>) {
    let found = shape(sql).map(|shape| {
        let text = match shape.finds {
            Finds::Nulls { column } => format!("null {column}"),
            Finds::Rows { condition, groups } => {
                let by = if groups.is_empty() { String::new() } else { format!(" by {}", groups.join(", ")) };
                format!("{}{by}", condition.as_deref().unwrap_or("*"))
            }
            Finds::Repeated { keys, condition, not_null } => {
                let nulls = if not_null { "" } else { " with nulls" };
                let only = condition.map_or_else(String::new, |condition| format!(" if {condition}"));
                format!("repeated {}{nulls}{only}", keys.join(", "))
            }
        };
        (shape.relation, text)
    });
    assert_eq!(found.as_ref().map(|(a, b)| (a.as_str(), b.as_str())), expect, "{sql}");
}

#[test]
fn built_in_tests_have_a_shape() {
    let t = "\"db\".\"s\".\"t\"";
    check("\n\n\nselect a\nfrom \"db\".\"s\".\"t\"\nwhere a is null\n\n", Some((t, "null a")));
    check(
        "select a as unique_field, count(*) as n_records from \"db\".\"s\".\"t\" where a is not null group by a \
         having count(*) > 1",
        Some((t, "repeated a")),
    );
    check(
        "with all_values as (select \"A b\" as value_field, count(*) as n_records from \"db\".\"s\".\"t\" group \
         by \"A b\") select * from all_values where value_field not in ('a','it''s')",
        Some((t, "\"A b\" NOT IN ('a', 'it''s') by \"A b\"")),
    );
    check(
        "with child as (select a as from_field from t where a is not null), parent as (select id as to_field \
         from u) select from_field from child left join parent on child.from_field = parent.to_field where \
         parent.to_field is null",
        None,
    );
}

#[test]
fn a_where_config_is_one_more_condition() {
    let from = "(select * from \"s\".\"t\" where x > 1) dbt_subquery";
    check(&format!("select a from {from} where a is null"), Some(("\"s\".\"t\"", "(x > 1) and (a IS NULL)")));
    check(
        &format!("select a, count(*) from {from} where a is not null group by a having count(*) > 1"),
        Some(("\"s\".\"t\"", "repeated a if x > 1")),
    );
}

#[test]
fn package_tests_have_a_shape() {
    check("select 1 from t where not(a + b = c)", Some(("t", "NOT (a + b = c)")));
    check(
        "with validation_errors as (select a, b from t where 1=1 group by a, b having count(*) > 1) select * from \
         validation_errors",
        Some(("t", "repeated a, b with nulls if 1 = 1")),
    );
    check(
        "with meet_condition as (select * from t), validation_errors as (select * from meet_condition where 1 = 2 \
         or not a >= 0 or not a <= 10) select * from validation_errors",
        Some(("t", "1 = 2 OR NOT a >= 0 OR NOT a <= 10")),
    );
    check(
        "with grouped_expression as (select (1=1 and a >= 0) as expression from t), validation_errors as (select * \
         from grouped_expression where not(expression = true)) select * from validation_errors",
        Some(("t", "NOT ((1 = 1 AND a >= 0) = true)")),
    );
    check(
        "with all_values as (select distinct a as value_field from t), validation_errors as (select value_field \
         from all_values where value_field in ('x')) select * from validation_errors",
        Some(("t", "a IN ('x') by a")),
    );
    check(
        "select * from (select a, count(*) as n from t group by 1) g where n > 1",
        Some(("t", "repeated a with nulls")),
    );
    check("select m.a from t as m where m.a < lower(m.b)::int", Some(("t", "a < lower(b)::INT")));
}

#[test]
fn what_might_mean_something_else_has_none() {
    let check = |sql: &str| check(sql, None);
    check("select count(*) from t where a is null");
    check("select max(a) from t");
    check("select a from t where a is null limit 1");
    check("select a from t, u where a is null");
    check("select a from t where a in (select b from u)");
    check("select a from t where exists (select 1)");
    check("select unnest(a) from t where b is null");
    check("select a from t where random() > 0.5");
    check("select a, row_number() over (order by a) from t where a is null");
    check("select a as b from t where b is null");
    check("select t from t where t is null");
    check("select u.a from t where a is null");
    check("select c from (select a as b from t) q where c is null");
    check("select a, count(*) from t group by a having count(*) > 2");
    check("select a, sum(b) from t group by a having sum(b) > 1");
    check("select b as a, count(*) from t group by a having count(*) > 1");
    check("with x as (select a from u) select a from t where a is null");
    check("with recursive x as (select a from t) select a from x where a is null");
    check("select a from t where a is null union all select a from t");
    check("select a from t tablesample system (1) where a is null");
    check("select a from t where a = e'x'");
    check("select a from t where a = 'x''''y'");
    check("select a from f(1) where a is null");
    check("select distinct on (a) a from t where b is null");
    check("select a from t where a is null for update");
    check("select a from t where a is null; select 1");
    check("not sql at all");
}
