//! How long a typical model takes to render: a config, three refs, a surrogate key (a dispatched
//! macro with a loop), an `is_incremental` branch. `cargo bench --bench render`.

use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use karat::error::Result;
use karat::jinja::value::{function, object_of};
use karat::jinja::{Context, Engine, Lookup, Template, Value, dispatch_call, macros_in};

const MODELS: usize = 10_000;

const MACROS: [(&str, &str); 2] = [
    (
        "dbt",
        "{% macro is_incremental() %}
            {% if not execute %}{{ return(False) }}{% endif %}
            {{ return(this is not none and config.get('materialized') == 'incremental' and not flags.FULL_REFRESH) }}
        {% endmacro %}
        {% macro hash(field) -%}{{ return(adapter.dispatch('hash', 'dbt')(field)) }}{%- endmacro %}
        {% macro default__hash(field) -%}md5(cast({{ field }} as {{ type_string() }})){%- endmacro %}
        {% macro concat(fields) -%}{{ return(adapter.dispatch('concat', 'dbt')(fields)) }}{%- endmacro %}
        {% macro default__concat(fields) -%}{{ fields | join(' || ') }}{%- endmacro %}
        {% macro type_string() -%}{{ return('varchar') }}{%- endmacro %}",
    ),
    (
        "keys",
        "{%- macro surrogate_key(columns) -%}{{ return(adapter.dispatch('surrogate_key', 'keys')(columns)) }}{%- endmacro -%}
        {%- macro default__surrogate_key(columns) -%}
            {%- set nothing = var('surrogate_key_of_nulls', '_null_') -%}
            {%- set parts = [] -%}
            {%- for column in columns -%}
                {%- do parts.append(\"coalesce(cast(\" ~ column ~ \" as \" ~ type_string() ~ \"), '\" ~ nothing ~ \"')\") -%}
                {%- if not loop.last %}{%- do parts.append(\"'-'\") -%}{%- endif -%}
            {%- endfor -%}
            {{ hash(concat(parts)) }}
        {%- endmacro -%}",
    ),
];

/// The text of one model; no two are the same.
fn model(number: usize) -> String {
    format!(
        "{{{{ config(materialized='incremental', unique_key='id_{number}', tags=['daily', 'orders']) }}}}

with orders as (
    select * from {{{{ ref('orders_{number}') }}}}
),
payments as (
    select * from {{{{ ref('payments_{number}') }}}}
),
customers as (
    select * from {{{{ ref('customers') }}}}
)
select
    {{{{ keys.surrogate_key(['order_id', 'payment_id', 'customer_id']) }}}} as id_{number},
    orders.ordered_at,
    customers.name,
    payments.amount / 100.0 as amount
from orders
join payments on payments.order_id = orders.order_id
left join customers on customers.customer_id = orders.customer_id
{{% if is_incremental() %}}
where orders.ordered_at > (select max(ordered_at) from {{{{ this }}}})
{{% endif %}}
"
    )
}

fn engine() -> Result<Engine> {
    let mut macros = Vec::new();
    for (package, text) in MACROS {
        macros.extend(macros_in(package, &format!("{package}/macros.sql"), text)?);
    }
    let lookup = Lookup {
        root: "shop".into(),
        internal: vec!["dbt".into()],
        prefixes: vec!["duckdb".into(), "default".into()],
        dispatch: HashMap::new(),
    };
    Engine::new(macros, lookup)
}

/// What all nodes share. What a node has of its own is added in [`context`].
fn shared() -> Arc<HashMap<String, Value>> {
    let dispatch = function("dispatch", |state, args| dispatch_call(state, args));
    let second = function("var", |_, args| Ok(args.get(1).cloned().unwrap_or_default()));
    let values = [
        ("execute", Value::from(true)),
        ("adapter", object_of("adapter", [("dispatch", dispatch)], None)),
        ("flags", object_of("flags", [("FULL_REFRESH", Value::from(false))], None)),
        ("var", second),
    ];
    Arc::new(values.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
}

fn context(base: &Arc<HashMap<String, Value>>, number: usize) -> Arc<Context> {
    let materialized = function("get", |_, _| Ok(Value::from("incremental")));
    let config = function("config", |_, _| Ok(Value::from("")));
    let refer = function("ref", |_, args| {
        let name = args.first().and_then(Value::as_str).unwrap_or_default();
        Ok(Value::from(format!("\"shop\".\"main\".\"{name}\"")))
    });
    let context = Context::new("shop")
        .base(base.clone())
        .set("config", object_of("config", [("get", materialized)], Some(config)))
        .set("ref", refer)
        .set("this", format!("\"shop\".\"main\".\"model_{number}\""));
    Arc::new(context)
}

/// How long one thing took: on the clock, and on the processors (Linux).
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    clock: Duration,
    processor: Duration,
}

impl Cost {
    fn of(work: impl FnOnce() -> Result<()>) -> Result<Cost> {
        let (clock, processor) = (Instant::now(), on_processor());
        work()?;
        Ok(Cost { clock: clock.elapsed(), processor: on_processor().saturating_sub(processor) })
    }

    fn report(self) -> String {
        let each = |took: Duration| took.as_secs_f64() * 1e6 / MODELS as f64;
        format!(
            "{:6.1} us a model on the clock, {:6.1} on the processors",
            each(self.clock),
            each(self.processor)
        )
    }
}

/// How long this thread has been on a processor; zero where the system does not tell.
fn on_processor() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

/// Renders a share of the templates with an engine of its own.
fn work(engine: &Engine, base: &Arc<HashMap<String, Value>>, share: &[Template]) -> Result<Duration> {
    let engine = engine.clone();
    let cost = Cost::of(|| {
        let mut texts = share
            .iter()
            .enumerate()
            .map(|(number, template)| engine.render(template, &context(base, number)));
        texts.try_for_each(|text| text.map(|text| drop(std::hint::black_box(text))))
    });
    cost.map(|cost| cost.processor)
}

/// Renders the templates on so many threads.
fn render(engine: &Engine, templates: &[Template], threads: usize) -> Result<Cost> {
    let base = &shared();
    let clock = Instant::now();
    let processor = std::thread::scope(|scope| {
        let shares = templates.chunks(templates.len().div_ceil(threads));
        let workers: Vec<_> = shares.map(|share| scope.spawn(move || work(engine, base, share))).collect();
        let join = |worker: std::thread::ScopedJoinHandle<'_, Result<Duration>>| match worker.join() {
            Ok(took) => took,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        workers.into_iter().map(join).sum::<Result<Duration>>()
    })?;
    Ok(Cost { clock: clock.elapsed(), processor })
}

/// The cheapest of five times.
fn best(mut measure: impl FnMut() -> Result<Cost>) -> Result<Cost> {
    let mut best = measure()?;
    for _ in 0..4 {
        let next = measure()?;
        best = Cost { clock: best.clock.min(next.clock), processor: best.processor.min(next.processor) };
    }
    Ok(best)
}

#[allow(clippy::print_stdout)]
fn measure() -> Result<()> {
    let engine = engine()?;
    let texts: Vec<String> = (0..MODELS).map(model).collect();
    let read = || -> Result<Vec<Template>> {
        texts.iter().map(|text| engine.compile("models/model.sql", text)).collect()
    };
    let templates = read()?;
    println!("{}", engine.render(&templates[0], &context(&shared(), 0))?);
    println!("read                {}", best(|| Cost::of(|| read().map(drop)))?.report());
    for threads in [1, 2] {
        let cost = best(|| render(&engine, &templates, threads))?;
        println!("render, {threads} thread(s) {}", cost.report());
    }
    Ok(())
}

#[allow(clippy::print_stderr)]
fn main() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", error.full_text());
            ExitCode::FAILURE
        }
    }
}
