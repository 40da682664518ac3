//! Templates that cannot be read or rendered.

use super::{failure, refusal};

refusal!(jinja_that_is_not_closed, ["build"], |p| {
    p.file("models/a.sql", "select\n  {{ 1 + as id\nfrom b\n");
});

refusal!(jinja_block_without_an_end, ["build"], |p| {
    p.file("models/a.sql", "select 1 as id\n{% if true %}\nwhere true\n");
});

refusal!(jinja_unknown_tag, ["build"], |p| {
    p.file("models/a.sql", "select 1 as id\n{% fi true %}\n");
});

refusal!(unknown_macro, ["build"], |p| {
    p.file("macros/m.sql", "{% macro total(x) %}sum({{ x }}){% endmacro %}");
    p.file("models/a.sql", "select\n    {{ totl('x') }} as id\n");
});

refusal!(unknown_macro_of_a_package, ["build"], |p| {
    p.file("models/a.sql", "select {{ dbt_utils.star() }}\n");
});

refusal!(macro_with_too_many_arguments, ["build"], |p| {
    p.file("macros/m.sql", "{% macro total(x) %}sum({{ x }}){% endmacro %}");
    p.file("models/a.sql", "select {{ total(1, 2) }} as id\n");
});

failure!(fault_inside_a_macro, ["build"], |p| {
    p.file("macros/m.sql", "{% macro inner(x) %}\n  {{ x.nothing.here }}\n{% endmacro %}\n\n{% macro outer(x) %}{{ inner(x) }}{% endmacro %}");
    p.file("models/a.sql", "select\n  1 as id,\n  {{ outer(none) }} as v\n");
});

refusal!(macro_file_that_is_not_closed, ["build"], |p| {
    p.file("macros/m.sql", "{% macro total(x) %}\n  sum({{ x }})\n");
    p.file("models/a.sql", "select 1 as id");
});

#[test]
fn raised_by_the_project() {
    crate::harness::on_duckdb(|p| {
        p.file(
            "models/a.sql",
            "select 1 as id\n{{ exceptions.raise_compiler_error('the moon is not full') }}\n",
        );
        // the project's own words need no help
        p.karat(["build"]).exit(2).stdout_has("the moon is not full").stdout_has("--> models/a.sql:2:4");
    });
}

failure!(missing_var, ["build"], |p| {
    p.file("models/a.sql", "select {{ var('nowhere') }} as id\n");
});

refusal!(missing_env_var, ["build"], |p| {
    p.file("models/a.sql", "select '{{ env_var('NO_SUCH') }}' as id\n");
});
