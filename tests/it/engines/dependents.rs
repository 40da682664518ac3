//! What others gave to, or built on, a relation of PostgreSQL: all of it stands after a replacement, or the
//! replacement does not happen.

use crate::harness::*;

fn model(p: &Project, v: u32) {
    p.file(
        "models/a.sql",
        &format!("{{{{ config(materialized='table') }}}} select 1 as id, {v} as v, 'x'::text as w"),
    );
}

/// Everything that pg_catalog knows of the objects of two schemas, as text without ids.
fn picture(p: &Project) -> Vec<Vec<String>> {
    p.rows(
        "select 'view', c.oid::regclass::text, pg_get_viewdef(c.oid), c.relacl::text, c.reloptions::text, obj_description(c.oid, 'pg_class'), pg_get_userbyid(c.relowner)::text
           from pg_class c where c.relkind in ('v', 'm') and c.relnamespace::regnamespace::text = 'theirs'
         union all select 'table', c.oid::regclass::text, c.relrowsecurity::text || c.relforcerowsecurity::text, c.relacl::text, c.reloptions::text, obj_description(c.oid, 'pg_class'), c.relreplident::text
           from pg_class c where c.oid = 'analytics.a'::regclass
         union all select 'column', a.attname::text, a.attacl::text, a.attstattarget::text, col_description(a.attrelid, a.attnum), null, null
           from pg_attribute a where a.attrelid = 'analytics.a'::regclass and a.attnum > 0
         union all select 'function', p.oid::regprocedure::text, pg_get_functiondef(p.oid), p.proacl::text, obj_description(p.oid, 'pg_proc'), null, null
           from pg_proc p where p.pronamespace::regnamespace::text = 'theirs'
         union all select 'policy', polname::text, polrelid::regclass::text, polroles::regrole[]::text, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid), polcmd::text || polpermissive::text from pg_policy
         union all select 'trigger', pg_get_triggerdef(oid), tgenabled::text, null, null, null, null from pg_trigger where not tgisinternal
         union all select 'rule', pg_get_ruledef(oid), null, null, null, null, null from pg_rewrite where rulename <> '_RETURN' and oid > 16384
         union all select 'publication', prrelid::regclass::text, prattrs::text, pg_get_expr(prqual, prrelid), null, null, null from pg_publication_rel
         union all select 'statistics', pg_get_statisticsobjdef(oid), null, null, null, null, null from pg_statistic_ext
         union all select 'index', indexdef, null, null, null, null, null from pg_indexes where schemaname in ('analytics', 'theirs')
         union all select 'key', conrelid::regclass::text, pg_get_constraintdef(oid), convalidated::text, null, null, null from pg_constraint where contype = 'f'
         union all select 'sequence', objid::regclass::text, refobjid::regclass::text, refobjsubid::text, null, null, null from pg_depend where classid = 'pg_class'::regclass and refclassid = 'pg_class'::regclass and deptype = 'a' and objid = to_regclass('analytics.counter')
         union all select 'comment', (pg_identify_object(classoid, objoid, objsubid)).identity, description, null, null, null, null from pg_description where objoid > 16384
         union all select 'clustered', indexrelid::regclass::text, null, null, null, null, null from pg_index where indisclustered
         union all select 'stored', attrelid::regclass::text, attname::text, attstorage::text, attstattarget::text, null, null from pg_attribute
           where attnum > 0 and attrelid in (select oid from pg_class where relnamespace::regnamespace::text in ('analytics', 'theirs'))
         union all select 'holds', oid::regclass::text, held.grantee::regrole::text, held.privilege_type, held.is_grantable::text, null, null
           from pg_class, aclexplode(relacl) held where relnamespace::regnamespace::text = 'theirs' and held.grantee <> relowner
         order by 1, 2, 3, 4, 5",
    )
}

/// After others have done this, two replacements change nothing of it; the outcome of the second.
fn stands(p: &Project, done: &str) -> Outcome {
    model(p, 1);
    p.karat(["run"]).success();
    p.execute(&format!(
        "create schema theirs;
         do $$ begin create role karat_reader; exception when duplicate_object then null; end $$; {done}"
    ));
    let before = picture(p);
    let [_, last] = [2, 3].map(|v| {
        model(p, v);
        let ran = p.karat(["run"]);
        ran.success();
        assert_eq!(picture(p), before);
        ran
    });
    last
}

#[test]
fn all_of_it_stands_after_a_replacement() {
    on_postgres(|p| {
        let last = stands(
            p,
            "create unique index handmade on analytics.a(id);
             create view theirs.v1 with (security_barrier=true) as select id, v from analytics.a;
             create view theirs.v2 as select v1.*, a.w from theirs.v1 join analytics.a a using (id);
             create materialized view theirs.m1 as select * from theirs.v2;
             create unique index on theirs.m1(id);
             comment on view theirs.v1 is 'a view'; grant select on theirs.v1 to karat_reader; grant select (id) on theirs.v2 to karat_reader;
             alter view theirs.v2 owner to karat_reader;
             alter view theirs.v1 alter column v set default 9;
             create function theirs.one(analytics.a) returns int language sql as 'select $1.id';
             revoke all on function theirs.one(analytics.a) from public; grant execute on function theirs.one(analytics.a) to karat_reader;
             create function theirs.rows() returns setof analytics.a language sql as 'select * from analytics.a';
             create view theirs.over_function as select * from theirs.rows();
             create function theirs.counted() returns bigint language sql begin atomic select count(*) from analytics.a; end;
             create function theirs.fires() returns trigger language plpgsql as 'begin return new; end';
             create trigger fires after insert on analytics.a for each row execute function theirs.fires();
             alter table analytics.a enable always trigger fires;
             create table theirs.log(id int);
             create rule loud as on insert to theirs.v1 do instead insert into theirs.log values (new.id);
             create rule back as on insert to theirs.log do also update analytics.a set v = 1;
             create rule own as on delete to analytics.a do also delete from theirs.log where id = old.id;
             alter table analytics.a enable row level security;
             create policy reads on analytics.a for select to karat_reader using (id > 0);
             create policy writes on analytics.a as restrictive for update using (v > 0) with check (v > 1);
             alter table theirs.log enable row level security;
             create policy asks on theirs.log using (id in (select id from analytics.a));
             create statistics theirs.both on id, v from analytics.a;
             grant select on analytics.a to karat_reader with grant option; grant select (v) on analytics.a to public;
             alter table analytics.a replica identity full; alter table analytics.a set (fillfactor=70); alter table analytics.a alter v set statistics 500;
             comment on table analytics.a is 'ours'; comment on column analytics.a.id is 'the key';
             create sequence analytics.counter owned by analytics.a.id;
             create publication theirs_pub for table analytics.a (id, v) where (id > 0)",
        );
        last.stdout_has("Made again over").stdout_has("materialized view theirs.m1");
        assert_eq!(p.rows("select v from theirs.m1"), [["3"]]);
    });
}

#[test]
fn marks_and_comments_of_parts_stand_after_a_replacement() {
    on_postgres(|p| {
        stands(
            p,
            "grant usage on schema analytics to karat_reader; grant select on analytics.a to karat_reader;
             create index handmade on analytics.a(id); comment on index analytics.handmade is 'an index';
             alter table analytics.a cluster on handmade; alter table analytics.a alter column w set storage external;
             create view theirs.v as select id, v from analytics.a where v > 0 with cascaded check option;
             grant all on schema theirs to karat_reader; alter view theirs.v owner to karat_reader;
             grant select on theirs.v to current_user;
             create materialized view theirs.m as select * from theirs.v; create unique index m_id on theirs.m(id);
             comment on index theirs.m_id is 'of m'; cluster theirs.m using m_id;
             alter materialized view theirs.m alter column v set statistics 300;
             create function theirs.fires() returns trigger language plpgsql as 'begin return new; end';
             create trigger fires instead of insert on theirs.v for each row execute function theirs.fires();
             comment on trigger fires on theirs.v is 'a trigger';
             create rule told as on update to theirs.v do instead nothing; comment on rule told on theirs.v is 'a rule';
             create trigger own after insert on analytics.a for each row execute function theirs.fires();
             comment on trigger own on analytics.a is 'own'; create statistics analytics.st on id, v from analytics.a;
             alter statistics analytics.st set statistics 77; comment on statistics analytics.st is 'counted';
             alter table analytics.a enable row level security; create policy p on analytics.a using (true);
             comment on policy p on analytics.a is 'a policy';
             create table theirs.log (id int); create policy q on theirs.log using (id in (select id from analytics.a));
             comment on policy q on theirs.log is 'another'; create rule r as on delete to theirs.log do also
             insert into theirs.log select id from analytics.a; comment on rule r on theirs.log is 'one more'",
        );
    });
}

#[test]
fn what_cannot_be_made_again_stops_the_replacement() {
    on_postgres(|p| {
        model(p, 1);
        p.karat(["run"]).success();
        p.execute(
            "create schema theirs; create table theirs.uses(x analytics.a); create table theirs.heir() inherits (analytics.a);
             create view theirs.report as select * from analytics.a; create domain theirs.dom as analytics.a",
        );
        model(p, 2);
        let ran = p.karat(["run"]);
        ran.exit(1).stdout_has("cannot replace \"").stdout_has("column x of table theirs.uses");
        ran.stdout_has("table theirs.heir").stdout_has("type theirs.dom").stdout_has("Nothing was touched");
        assert_eq!(p.rows("select v from theirs.report"), [["1"]]);
        p.execute("drop table theirs.uses; drop table theirs.heir; drop domain theirs.dom");
        p.karat(["run"]).success();
        assert_eq!(p.rows("select v from theirs.report"), [["2"]]);
    });
}

#[test]
fn rules_of_safety_are_never_let_go() {
    on_postgres(|p| {
        model(p, 1);
        p.karat(["run"]).success();
        p.execute("alter table analytics.a enable row level security; create policy own on analytics.a using (w = 'x')");
        p.file("models/a.sql", "{{ config(materialized='table') }} select 1 as id, 2 as v");
        p.karat(["run"]).exit(1).stdout_has("policy own of analytics.a depends on it and does not fit");
        assert_eq!(p.rows("select v from analytics.a"), [["1"]]);
        p.file("models/a.sql", "{{ config(materialized='view') }} select 1 as id, 2 as v, 'x' as w");
        p.karat(["run"]).exit(1).stdout_has("depends on it and does not fit");
    });
}

#[test]
fn comments_and_indexes_of_lost_columns_are_let_go() {
    on_postgres(|p| {
        model(p, 1);
        p.karat(["run"]).success();
        p.execute("create index on analytics.a(w); comment on column analytics.a.w is 'w'; grant select (w) on analytics.a to public; create statistics analytics.st on v, w from analytics.a");
        p.file("models/a.sql", "{{ config(materialized='table') }} select 1 as id, 2 as v");
        p.karat(["run"]).success();
        assert_eq!(p.relations(), ["analytics.a table"]);
        assert_eq!(p.value("select count(*) from pg_indexes where schemaname = 'analytics'"), "0");
    });
}

#[test]
fn the_config_decides_over_what_was_kept() {
    on_postgres(|p| {
        p.execute("do $$ begin create role karat_reader; exception when duplicate_object then null; end $$; do $$ begin create role karat_writer; exception when duplicate_object then null; end $$");
        let with = |config: &str| {
            p.file(
                "models/a.sql",
                &format!("{{{{ config(materialized='table', {config}) }}}} select 1 as id"),
            )
            .karat(["run"])
        };
        let held = || {
            p.column("select grantee::text from information_schema.role_table_grants where table_name = 'a' and grantee like 'karat_%' order by 1")
        };
        with("grants={'select': ['karat_reader', 'karat_writer']}").success();
        assert_eq!(held(), ["karat_reader", "karat_writer"]);
        with("meta={}").success();
        assert_eq!(held(), ["karat_reader", "karat_writer"]);
        with("grants={'select': ['karat_writer']}").success();
        assert_eq!(held(), ["karat_writer"]);
        p.file(
            "models/a.yml",
            "models: [{name: a, description: ours, columns: [{name: id, description: key}]}]",
        );
        with("persist_docs={'relation': true, 'columns': true}").success();
        p.file("models/a.yml", "models: [{name: a}]");
        with("persist_docs={'relation': true, 'columns': true}").success();
        assert_eq!(p.value("select coalesce(obj_description('analytics.a'::regclass), 'none')"), "none");
        with("indexes=[{'columns': ['id']}]").success();
        with("meta={}").success();
        assert_eq!(p.value("select count(*) from pg_indexes where tablename = 'a'"), "0");
    });
}

#[test]
fn views_keep_what_others_gave_them() {
    on_postgres(|p| {
        p.file("models/a.sql", "select 1 as id, 'x' as w");
        p.karat(["run"]).success();
        p.execute("alter view analytics.a set (security_barrier = true); grant select on analytics.a to public; comment on view analytics.a is 'theirs'");
        p.file("models/a.sql", "select 'now text' as id");
        p.karat(["run"]).success();
        assert_eq!(p.rows("select reloptions::text, obj_description(oid), (relacl is not null)::text from pg_class where oid = 'analytics.a'::regclass"),
            [["{security_barrier=true}", "theirs", "true"]]);
        p.file("models/a.sql", "{{ config(materialized='table') }} select 1 as id");
        p.karat(["run"]).success();
        assert_eq!(p.relations(), ["analytics.a table"]);
    });
}

#[test]
fn dependents_can_be_let_go_as_dbt_does() {
    on_postgres(|p| {
        model(p, 1);
        p.karat(["run"]).success();
        p.execute("create schema theirs; create view theirs.v as select * from analytics.a");
        p.configure("models: {+dependents: drop}");
        p.karat(["run"]).success();
        assert_eq!(p.relations(), ["analytics.a table"]);
        p.file("models/a.sql", "{{ config(dependents='maybe', materialized='table') }} select 1 as id");
        p.karat(["run"]).exit(1).stdout_has("it is `keep` or `drop`");
    });
}

#[test]
fn a_key_that_a_foreign_key_relies_on_is_set_upon_the_new_table() {
    on_postgres(|p| {
        model(p, 1);
        p.file("models/b.sql", "{{ config(materialized='table') }} select 1 as a_id");
        p.karat(["run"]).success();
        p.execute(
            "alter table analytics.a add constraint a_key primary key (id);
             alter table analytics.a add constraint unasked unique (v);
             alter table analytics.b add constraint b_key foreign key (a_id) references analytics.a (id);
             comment on constraint b_key on analytics.b is 'of b'",
        );
        let keys = |p: &Project| {
            p.rows("select conname, pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint') from pg_constraint where conrelid in ('analytics.a'::regclass, 'analytics.b'::regclass) order by 1")
        };
        for v in 2..4 {
            model(p, v);
            p.karat(["run", "-s", "a"]).success().stdout_has("foreign key b_key of analytics.b");
            let expect = [
                ["a_key", "PRIMARY KEY (id)", "NULL"],
                ["b_key", "FOREIGN KEY (a_id) REFERENCES analytics.a(id)", "of b"],
            ];
            assert_eq!(keys(p), expect);
        }
        p.file("models/a.sql", "{{ config(materialized='table') }} select 7 as id");
        p.karat(["run", "-s", "a"]).exit(1).stdout_has("foreign key b_key of analytics.b depends on it");
        assert_eq!(p.value("select v from analytics.a"), "3");
    });
}

#[test]
fn a_table_stays_clustered_by_an_index_of_its_model() {
    on_postgres(|p| {
        let clustered = "select pg_get_indexdef(indexrelid) from pg_index where indrelid = 'analytics.a'::regclass and indisclustered";
        p.file("models/m.yml", "models: [{name: a, config: {contract: {enforced: true}}, constraints: [{type: primary_key, columns: [id]}], columns: [{name: id, data_type: int}, {name: v, data_type: int}]}]");
        let model = |config: &str, v: u32| {
            p.file(
                "models/a.sql",
                &format!("{{{{ config(materialized='table'{config}) }}}} select 1 as id, {v} as v"),
            );
            p.karat(["run"]).success();
        };
        model("", 1);
        p.execute("do $$ begin execute (select format('alter table analytics.a cluster on %I', conname) from pg_constraint where conrelid = 'analytics.a'::regclass and contype = 'p'); end $$");
        for v in 2..4 {
            model("", v);
            assert!(
                p.column(clustered)[0].contains("UNIQUE") && p.column(clustered)[0].ends_with("(id)"),
                "{v}"
            );
        }
        p.execute("do $$ begin execute (select format('alter table analytics.a alter column v set not null, replica identity using index %I', conname) from pg_constraint where conrelid = 'analytics.a'::regclass and contype = 'p'); end $$");
        model("", 4);
        assert_eq!(p.value("select relreplident from pg_class where oid = 'analytics.a'::regclass"), "i");
        let indexed = ", indexes=[{'columns': ['v']}]";
        model(indexed, 4);
        p.execute("do $$ begin execute (select format('alter table analytics.a cluster on %I', relname) from pg_class where relname ~ '^[0-9a-f]{32}$'); end $$");
        model(indexed, 5);
        assert!(p.column(clustered)[0].ends_with("(v)"));
        model("", 6);
        assert_eq!(p.column(clustered), Vec::<String>::new(), "the index is no more");
    });
}

#[test]
fn storage_of_columns_alone_is_kept() {
    on_postgres(|p| {
        let model = |v: u32| {
            p.file(
                "models/a.sql",
                &format!("{{{{ config(materialized='table') }}}} select 'x'::text as w, {v} as v"),
            );
            p.karat(["run"]).success();
        };
        model(1);
        p.execute("alter table analytics.a alter column w set storage external");
        model(2);
        assert_eq!(p.value("select attstorage from pg_attribute where attrelid = 'analytics.a'::regclass and attname = 'w'"), "e");
    });
}

#[test]
fn a_temporary_view_of_another_session_stops_the_replacement() {
    on_postgres(|p| {
        model(p, 1);
        p.karat(["run"]).success();
        Server::get().session(&p.database, |session| {
            session.rows("create temp view tv as select v from analytics.a").unwrap();
            model(p, 2);
            p.karat(["run"])
                .exit(1)
                .stdout_has("tv depends on it")
                .stdout_has("temporary schemas of other sessions");
            assert_eq!(session.rows("select v from tv").unwrap(), [["1"]]);
        });
        p.karat(["run"]).success();
        assert_eq!(p.value("select v from analytics.a"), "2");
    });
}
