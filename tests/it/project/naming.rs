//! Schemas, aliases and databases: by config and by macros of the project.

use crate::harness::*;

#[test]
fn a_custom_schema_is_added_to_the_target_s() {
    on_adapters(|p| {
        p.configure("models:\n  shop:\n    gold:\n      +schema: gold");
        p.file("models/gold/a.sql", "select 1 as id");
        p.file(
            "models/gold/b.sql",
            "{{ config(schema='own', alias='renamed') }} select * from {{ ref('a') }}",
        );
        p.file("models/c.sql", "select * from {{ ref('b') }}");
        p.karat(["run"]).success();
        let expect = ["analytics.c view", "analytics_gold.a view", "analytics_own.renamed view"];
        assert_eq!(p.relations(), expect);
    });
}

#[test]
fn the_project_may_name_schemas_its_own_way() {
    on_adapters(|p| {
        p.file("macros/generate_schema_name.sql", "{% macro generate_schema_name(custom_schema_name, node) -%} {{ custom_schema_name or 'plain_' ~ node.resource_type }} {%- endmacro %}");
        p.file("macros/generate_alias_name.sql", "{% macro generate_alias_name(custom_alias_name=none, node=none) -%} t_{{ custom_alias_name or node.name }} {%- endmacro %}");
        p.file("models/a.sql", "{{ config(schema='gold') }} select 1 as id");
        p.file("models/b.sql", "{{ config(alias='x') }} select * from {{ ref('a') }}");
        p.file("seeds/s.csv", "id\n1\n");
        p.karat(["build"]).success();
        assert_eq!(p.relations(), ["gold.t_a view", "plain_model.t_x view", "plain_seed.t_s table"]);
    });
}

#[test]
fn the_database_stands_in_the_relation() {
    on_adapters(|p| {
        p.file("models/a.sql", &format!("{{{{ config(database='{}') }}}} select 1 as id", p.database));
        p.file("models/b.sql", "select '{{ ref('a') }}' as full_name, '{{ this }}' as own, '{{ ref('a').identifier }}' as part from {{ ref('a') }}");
        p.karat(["run"]).success();
        let database = &p.database;
        let expect = [
            format!("\"{database}\".\"analytics\".\"a\""),
            format!("\"{database}\".\"analytics\".\"b\""),
            "a".into(),
        ];
        assert_eq!(p.rows("select full_name, own, part from analytics.b"), [expect]);
    });
}

#[test]
fn names_may_be_long_and_strange() {
    on_adapters(|p| {
        let long = "a_model_whose_name_is_nearly_as_long_as_a_name_may_be_at_all";
        p.file(&format!("models/{long}.sql"), "{{ config(materialized='table') }} select 1 as id");
        p.file("models/b.sql", "{{ config(alias='Mixed Case-ñ', materialized='table') }} select 2 as id");
        p.file(
            "models/c.sql",
            &format!("select id from {{{{ ref('{long}') }}}} union all select id from {{{{ ref('b') }}}}"),
        );
        for _ in 0..2 {
            p.karat(["run"]).success();
            assert_eq!(p.column("select id from analytics.c order by 1"), ["1", "2"]);
        }
        assert_eq!(p.value("select id from analytics.\"Mixed Case-ñ\""), "2");
        assert_eq!(p.relations().len(), 3);
    });
}

#[test]
fn two_models_of_one_relation_are_refused() {
    on_adapters(|p| {
        p.file("models/a.sql", "{{ config(alias='same') }} select 1 as id");
        p.file("models/b.sql", "{{ config(alias='same') }} select 2 as id");
        let outcome = p.karat(["run"]);
        outcome.stdout_has("models/a.sql").stdout_has("models/b.sql");
        assert_ne!(outcome.code(), Some(0));
        assert!(p.relations().is_empty());
    });
}
