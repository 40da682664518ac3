//! selectors.yml: refused when the project is read, each fault at its place.

use super::refusal;

refusal!(selectors_that_make_no_sense, ["parse"], |p| {
    p.file("models/a.sql", "select 1 as id");
    p.file(
        "selectors.yml",
        "selectors:\n  - name: a\n    defintion: tag:x\n  - name: b\n    definition: {metod: tag, value: x}\n  - name: c\n    definition:\n      union:\n        - tag:x\n        - intersection: [{tag: y}, {exclude: [{method: tga, value: x}]}]\n  - name: d\n    definition: {method: selector, value: e}\n  - name: e\n    definition: 5\n    defualt: true\n",
    );
});

refusal!(selectors_without_a_list, ["parse"], |p| {
    p.file("models/a.sql", "select 1 as id").file("selectors.yml", "selector:\n  - name: a\n");
});

refusal!(selector_by_a_wrong_name, ["ls", "--selector", "nihgtly"], |p| {
    p.file("models/a.sql", "select 1 as id");
    p.file("selectors.yml", "selectors: [{name: nightly, definition: a}]\n");
});
