//! The graph drawn in lines: orders, cycles, subsets, gates, the queue, and the time for 10,000 nodes.
#![allow(clippy::unwrap_used)]

use super::select::{IndirectSelection, Spec, select};
use super::{Graph, GraphQueue, Seconds};
use crate::manifest::UniqueId;
use crate::manifest::sample::drawn;
use std::time::{Duration, Instant};

const CHAIN: &str = "
    model.p.c: model.p.b
    model.p.b: model.p.a source.p.s.t
    model.p.a:
    source.p.s.t:
    model.p.d: model.p.a model.p.gone
";

/// Names without kind and package, joined.
fn names<'a>(ids: impl IntoIterator<Item = &'a UniqueId>) -> String {
    let name = |id: &'a UniqueId| id.as_str().rsplit('.').next().unwrap();
    ids.into_iter().map(name).collect::<Vec<_>>().join(" ")
}

fn id(name: &str) -> UniqueId {
    UniqueId::from(format!("model.p.{name}"))
}

/// Edges of a graph as `a>b`, sorted.
fn edges(graph: &Graph) -> String {
    let of = |from: &UniqueId| {
        let from_name = names([from]);
        graph.children(from).into_iter().map(move |to| format!("{from_name}>{}", names([to])))
    };
    let mut all: Vec<_> = graph.ids().flat_map(of).collect();
    all.sort();
    all.join(" ")
}

#[test]
fn orders_parents_before_children() {
    let graph = Graph::build(&drawn(CHAIN)).unwrap();
    assert_eq!(names(graph.ids()), "a d t b c");
    assert_eq!(edges(&graph), "a>b a>d b>c t>b");
    assert_eq!(names(&graph.ancestors(&id("c"), None)), "a t b");
    assert_eq!(names(&graph.ancestors(&id("c"), Some(1))), "b");
    assert_eq!(names(&graph.descendants(&id("a"), None)), "d b c");
    assert_eq!(names(&graph.descendants(&id("a"), Some(0))), "");
    assert_eq!(names(&graph.descendants(&id("stranger"), None)), "");
}

#[test]
fn tells_every_cycle_with_its_files() {
    let check = |lines: &str, expect: &[&str]| {
        let error = Graph::build(&drawn(lines)).unwrap_err();
        let told: Vec<_> = error.iter().map(|e| e.message().to_string()).collect();
        assert_eq!(told, expect);
        assert!(error.location().unwrap().path.ends_with(".sql"));
    };
    check("model.p.a: model.p.a", &["Found a cycle: model.p.a --> model.p.a"]);
    check(
        "model.p.a: model.p.b
         model.p.b: model.p.a
         model.p.y: model.p.x
         model.p.z: model.p.y model.p.a
         model.p.x: model.p.z",
        &[
            "Found a cycle: model.p.a --> model.p.b --> model.p.a",
            "Found a cycle: model.p.x --> model.p.y --> model.p.z --> model.p.x",
        ],
    );
}

#[test]
fn keeps_order_through_what_is_not_selected() {
    let check = |lines: &str, selected: &str, expect: &str| {
        let graph = Graph::build(&drawn(lines)).unwrap();
        let selected: Vec<_> = selected.split(' ').map(id).collect();
        assert_eq!(edges(&graph.subset(&selected)), expect, "{selected:?}");
    };
    check(CHAIN, "a c", "a>c");
    check(CHAIN, "b d", "");
    check(CHAIN, "a b c", "a>b b>c");
    let diamond = "
        model.p.a:
        model.p.b: model.p.a
        model.p.c: model.p.a
        model.p.d: model.p.b model.p.c
        model.p.e: model.p.d model.p.c
        model.p.f: model.p.e";
    check(diamond, "a f", "a>f");
    check(diamond, "a c f", "a>c a>f c>f");
    check(diamond, "b c e", "b>e c>e");
}

#[test]
fn puts_tests_before_children_and_unit_tests_before_models() {
    let check = |lines: &str, expect: &str| {
        assert_eq!(edges(&Graph::for_build(&drawn(lines)).unwrap()), expect);
    };
    check(
        "model.p.a:
         model.p.b: model.p.a
         model.p.c: model.p.b
         test.p.t: model.p.a",
        "a>b a>t b>c t>b",
    );
    // A test of two nodes holds back only what reads both.
    check(
        "model.p.a:
         model.p.b:
         model.p.x: model.p.a
         model.p.y: model.p.x model.p.b
         model.p.z: model.p.y
         test.p.t: model.p.a model.p.b",
        "a>t a>x b>t b>y t>y x>y y>z",
    );
    check(
        "source.p.s.s:
         model.p.a: source.p.s.s
         test.p.t: source.p.s.s
         unit_test.p.b.u: model.p.b
         model.p.b: model.p.a",
        "a>b a>u s>a s>t t>a u>b",
    );
}

#[test]
fn unit_tests_are_still_reached_from_their_model() {
    let manifest = drawn("model.p.a:\nunit_test.p.a.u: model.p.a");
    let graph = Graph::for_build(&manifest).unwrap();
    assert_eq!(names(&graph.descendants(&id("a"), None)), "u");
    assert_eq!(names(graph.ids()), "u a");
}

#[test]
fn hands_out_the_longest_way_first() {
    let lines = "
        model.p.a:
        model.p.b:
        model.p.c: model.p.b
        model.p.slow:
        model.p.z:";
    let check = |seconds: &[(&str, f64)], expect: &str| {
        let seconds: Seconds = seconds.iter().map(|(name, s)| (id(name), *s)).collect();
        let queue = GraphQueue::new(Graph::build(&drawn(lines)).unwrap(), &seconds);
        let order: Vec<_> = std::iter::from_fn(|| queue.next().inspect(|id| queue.done(id))).collect();
        assert_eq!(names(&order), expect);
        assert!(queue.rest().is_empty());
    };
    check(&[], "b a c slow z");
    check(&[("slow", 9.0)], "slow b a c z");
    check(&[("slow", 9.0), ("c", 20.0), ("z", 0.5), ("a", f64::NAN)], "b c slow a z");
}

#[test]
fn threads_share_a_queue_and_a_stop_ends_it() {
    let lines: String = (0..200)
        .map(|n| {
            format!("model.p.m{n}:{}\n", if n > 3 { format!(" model.p.m{}", n / 2) } else { String::new() })
        })
        .collect();
    let graph = Graph::build(&drawn(&lines)).unwrap();
    let queue = GraphQueue::new(graph.clone(), &Seconds::new());
    let work = || std::iter::from_fn(|| queue.next().inspect(|id| queue.done(id))).count();
    let total: usize = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    assert_eq!(total, 200);
    let queue = GraphQueue::new(graph, &Seconds::new());
    let first = queue.next().unwrap();
    queue.stop();
    queue.done(&first);
    assert_eq!(queue.next(), None);
    assert_eq!(queue.rest().len(), 199);
}

#[test]
fn ready_nodes_of_a_group_are_claimed_together() {
    let drawn = drawn(
        "model.p.a:\ntest.p.t1: model.p.a\ntest.p.t2: model.p.a\ntest.p.t3: model.p.a\nmodel.p.z: model.p.a\n",
    );
    let group = |id: &UniqueId| id.as_str().starts_with("test.").then_some(7);
    let queue = GraphQueue::new(Graph::build(&drawn).unwrap(), &Seconds::new()).grouped(group);
    let names = |ids: Vec<UniqueId>| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let model = queue.next().unwrap();
    assert_eq!(names(queue.claim(&model)), "");
    queue.done(&model);
    let z = queue.next().unwrap();
    assert_eq!(z.as_str(), "model.p.z");
    let first = queue.next().unwrap();
    assert_eq!(first.as_str(), "test.p.t1");
    let [second, third] = &queue.claim(&first)[..] else { panic!("two are ready") };
    assert_eq!(names(queue.rest()), "test.p.t2 test.p.t3");
    assert!(queue.take(second) && !queue.take(second));
    queue.put_back(third);
    assert_eq!(names(queue.claim(second)), "", "what was put back is for anybody");
    assert_eq!(queue.next().as_ref(), Some(third));
    assert_eq!(queue.next(), None);
}

/// 10,000 nodes in 50 layers, each with two parents, every fifth one tested, some tests on two nodes.
fn large() -> String {
    let mut lines = String::new();
    for n in 0..8_000_usize {
        let parents =
            if n < 160 { String::new() } else { format!("model.p.m{} model.p.m{}", n - 160, n - 97) };
        lines += &format!("model.p.m{n}: {parents}\n");
        if n.is_multiple_of(4) {
            let second =
                if n.is_multiple_of(16) && n > 0 { format!("model.p.m{}", n / 2) } else { String::new() };
            lines += &format!("test.p.t{n}: model.p.m{n} {second}\n");
        }
    }
    lines
}

#[test]
fn ten_thousand_nodes_take_no_time() {
    let manifest = drawn(&large());
    let start = Instant::now();
    let graph = Graph::build(&manifest).unwrap();
    let built = start.elapsed();
    let gated = Graph::for_build(&manifest).unwrap();
    let for_build = start.elapsed() - built;
    let words = ["+m7000+ tag:x".to_string(), "m1*,path:models".to_string()];
    let spec = Spec::parse(&words, &[], IndirectSelection::Buildable).unwrap();
    let before = start.elapsed();
    let selected = select(&graph, &manifest, &spec, None).unwrap();
    let selecting = start.elapsed() - before;
    let part = gated.subset(gated.ids().filter(|id| !id.as_str().ends_with('1')));
    let subset = start.elapsed() - before - selecting;
    let queue = GraphQueue::new(part, &Seconds::new());
    while let Some(id) = queue.next() {
        queue.done(&id);
    }
    let total = start.elapsed();
    assert_eq!(graph.len(), 10_000);
    assert!(selected.ids.len() > 1_000);
    let times = format!(
        "build {built:?}, for_build {for_build:?}, select {selecting:?}, subset {subset:?}, all {total:?}"
    );
    let limit = Duration::from_millis(if cfg!(debug_assertions) { 30_000 } else { 400 });
    assert!(total < limit, "{times}");
}
