//! The tables that `run_query` gives: every expression with what dbt prints for it.

use crate::harness::*;

const QUERY: &str = "select * from (values (1, 'b', 2.5, true, date '2024-01-02'), \
     (2, 'a', 3.25, false, date '2024-01-03'), (3, null, null, null, null), \
     (4, 'b', 10, true, date '2023-01-01')) v(id, name, amt, ok, d) order by 1";

const ANSWERS: &[(&str, &str)] = &[
    ("t.columns[1]", "<agate.Column: ('b', 'a', None, 'b')>"),
    ("t.columns.keys()", "('id', 'name', 'amt', 'ok', 'd')"),
    ("t.columns['name'].values()", "('b', 'a', None, 'b')"),
    ("t.columns.name[-1]", "b"),
    ("t.columns[1][0:2]", "('b', 'a')"),
    ("t.columns[1].values_sorted()", "['a', 'b', 'b', None]"),
    ("t.columns[1].values_without_nulls()", "('b', 'a', 'b')"),
    ("t.columns[0].values_without_nulls_sorted()", "[1, 2, 3, 4]"),
    ("t.columns[0].values() | sum", "10"),
    ("t.columns | map(attribute='name') | join('-')", "id-name-amt-ok-d"),
    ("t.column_names", "('id', 'name', 'amt', 'ok', 'd')"),
    ("t.rows[0].items()[1]", "('name', 'b')"),
    ("t.rows[0].name ~ t.rows[0]['id'] ~ t.rows[0][0]", "b11"),
    ("t.rows[0].get('nope', 5)", "5"),
    ("t.rows[0].keys()", "('id', 'name', 'amt', 'ok', 'd')"),
    ("t.rows[-1].d", "2023-01-01"),
    ("t.rows[0].values()[3:]", "(True, datetime.date(2024, 1, 2))"),
    ("t.rows[2]", "<agate.Row: (3, None, None, None, None)>"),
    ("t.rows | map(attribute='id') | list", "[1, 2, 3, 4]"),
    ("(t | length) ~ (t.rows | length) ~ (t is sequence)", "44True"),
    ("t.select(['amt', 'id']).column_names", "('amt', 'id')"),
    ("t.exclude(['id', 'nope']).column_names", "('name', 'amt', 'ok', 'd')"),
    ("t.rename(column_names={'id': 'x'}).column_names", "('x', 'name', 'amt', 'ok', 'd')"),
    ("t.limit(1, 3).rows | map(attribute='id') | list", "[2, 3]"),
    ("t.order_by('id', reverse=true).rows | map(attribute='id') | list", "[4, 3, 2, 1]"),
    ("t.order_by('name').rows | map(attribute='id') | list", "[2, 1, 4, 3]"),
    ("t.distinct('name').rows | map(attribute='id') | list", "[1, 2, 3]"),
    ("t.group_by('name').keys()", "('b', 'a', None)"),
    ("t.group_by('name')['b'].rows | length", "2"),
    ("t.group_by('name').key_name", "name"),
    ("t.group_by('ok').keys()", "(True, False, None)"),
    (
        "t.pivot('name').rows | map('list') | list",
        "[['b', Decimal('2')], ['a', Decimal('1')], [None, Decimal('1')]]",
    ),
    ("t.pivot('name', 'ok').column_names", "('name', 'True', 'False', 'None')"),
    ("t.join(t, 'id').column_names", "('id', 'name', 'amt', 'ok', 'd', 'name2', 'amt2', 'ok2', 'd2')"),
    ("t.join(t.limit(1), 'id', inner=true).rows | length", "1"),
    ("t.merge([t, t]).rows | length", "8"),
    ("t.normalize('id', ['name', 'd']).column_names", "('id', 'property', 'value')"),
    ("'empty' if not t.limit(0) else 'full'", "empty"),
    ("dict(zip(t.column_names[:2], t.rows[0]))", "{'id': 1, 'name': 'b'}"),
];

fn ask(p: &Project, body: &str) -> Outcome {
    p.file("models/m.sql", "select 1 as id");
    p.file("macros/ask.sql", &format!("{{% macro ask() %}}{body}{{% endmacro %}}"));
    let said = p.karat(["run-operation", "ask"]);
    said.success();
    said
}

#[test]
fn tables_answer_as_agate_does() {
    on_adapters(|p| {
        let asked = ANSWERS
            .iter()
            .enumerate()
            .map(|(at, (question, _))| format!("{{% do print('<{at}>' ~ ({question}) ~ '</{at}>') %}}\n"));
        let said = ask(p, &format!("{{% set t = run_query(\"{QUERY}\") %}}{}", asked.collect::<String>()));
        let said = said.stdout();
        for (at, (question, answer)) in ANSWERS.iter().enumerate() {
            let found = said.split(&format!("<{at}>")).nth(1).unwrap_or_default();
            let found = found.split(&format!("</{at}>")).next().unwrap_or_default();
            assert_eq!(found, *answer, "{question}");
        }
    });
}

#[test]
fn tables_print_themselves() {
    on_adapters(|p| {
        let body = format!(
            "{{% set t = run_query(\"{QUERY}\") %}}{{% do t.print_table(max_rows=2) %}}{{% do t.print_csv() %}}\
             {{{{ print(t) }}}}"
        );
        let said = ask(p, &body);
        said.stdout_has("| id | name |  amt |    ok |          d |\n")
            .stdout_has("|  1 | b    | 2.50 |  True | 2024-01-02 |\n")
            .stdout_has("| ... | ...  |  ... |   ... |        ... |\n")
            .stdout_has("id,name,amt,ok,d\n1,b,2.5")
            .stdout_has("| amt    | Number    |\n");
    });
}

#[test]
fn lists_and_documents_are_texts() {
    on_adapters(|p| {
        let body = "{% set t = run_query(\"select array[1, 2] as a, cast('{\\\"k\\\": [1]}' as json) as j\") %}\
                    {{ print('<' ~ t.columns[0].values() ~ t.columns[1].values() ~ '>') }}";
        ask(p, body).stdout_has("<('[1, 2]',)('{\"k\": [1]}',)>");
    });
}

#[test]
fn a_statement_that_fetches_nothing_has_an_empty_table() {
    on_adapters(|p| {
        let body =
            "{% set said, t = adapter.execute('select 1 as a') %}{{ print('<' ~ t.column_names ~ '>') }}";
        ask(p, body).stdout_has("<()>");
    });
}

#[test]
fn macros_of_dbt_work_outside_of_nodes() {
    on_adapters(|p| {
        let body = "{% set r = api.Relation.create(schema='s', identifier='x') %}\
                    {{ print('<' ~ make_temp_relation(r).identifier[:4] ~ '>') }}\
                    {% set changed = diff_column_data_types([api.Column('a', 'int')], [api.Column('a', 'text')]) %}\
                    {{ print('<' ~ changed[0].new_type ~ '>') }}\
                    {{ print('<' ~ run_query('select cast(745 as double precision) as a').rows[0][0] ~ '>') }}";
        ask(p, body).stdout_has("<x__d>\n").stdout_has("<int>\n").stdout_has("<745.0>\n");
    });
}
