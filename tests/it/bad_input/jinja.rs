//! Templates that cannot be read or rendered.

use super::refusal;

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

refusal!(fault_inside_a_macro, ["build"], |p| {
    p.file("macros/m.sql", "{% macro inner(x) %}\n  {{ x.nothing.here }}\n{% endmacro %}\n\n{% macro outer(x) %}{{ inner(x) }}{% endmacro %}");
    p.file("models/a.sql", "select\n  1 as id,\n  {{ outer(none) }} as v\n");
});

refusal!(macro_file_that_is_not_closed, ["build"], |p| {
    p.file("macros/m.sql", "{% macro total(x) %}\n  sum({{ x }})\n");
    p.file("models/a.sql", "select 1 as id");
});

refusal!(raised_by_the_project, ["build"], |p| {
    p.file("models/a.sql", "select 1 as id\n{{ exceptions.raise_compiler_error('the moon is not full') }}\n");
});

refusal!(missing_var, ["build"], |p| {
    p.file("models/a.sql", "select {{ var('nowhere') }} as id\n");
});

refusal!(missing_env_var, ["build"], |p| {
    p.file("models/a.sql", "select '{{ env_var('NO_SUCH') }}' as id\n");
});
