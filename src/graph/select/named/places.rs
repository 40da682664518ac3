//! selectors.yml checked when a project is parsed, as dbt does it, each fault at its place in the file.

use super::super::criterion::parse_method;
use super::yaml::{Selectors, definition};
use crate::error::Error;
use crate::project::yaml::{Yaml, YamlFile};
use serde_json::Value as Json;

/// Keys of an item of the list.
const SELECTOR: &[&str] = &["name", "definition", "description", "default"];
/// Keys of a definition written in full.
const DEFINITION: &[&str] = &[
    "method",
    "value",
    "children",
    "parents",
    "children_depth",
    "parents_depth",
    "childrens_parents",
    "indirect_selection",
    "exclude",
    "union",
    "intersection",
];
/// Keys under which definitions stand within a definition.
const PARTS: [&str; 3] = ["union", "intersection", "exclude"];

/// The faults of a rendered selectors.yml, and slips of the pen that mean nothing.
pub fn selectors_checked(file: &YamlFile) -> (Vec<Error>, Vec<Error>) {
    if file.root.is_null() {
        return Default::default();
    }
    let mut checked = Checked { file, above: Selectors::default(), faults: Vec::new(), slips: Vec::new() };
    match file.root.get("selectors") {
        Some(list) => match file.expect_list(list, "selectors") {
            Ok(items) => items.iter().for_each(|item| checked.selector(item)),
            Err(fault) => checked.faults.push(fault),
        },
        None => {
            let said = "selectors.yml has no list `selectors`";
            let fault = file.lacks((&file.root, &file.root), "selectors", said);
            checked.faults.push(fault.help("it holds `selectors:`, a list of `name` and `definition`"));
        }
    }
    (checked.faults, checked.slips)
}

struct Checked<'a> {
    file: &'a YamlFile,
    /// The sound ones so far, which later ones may inherit from.
    above: Selectors,
    faults: Vec<Error>,
    slips: Vec<Error>,
}

impl Checked<'_> {
    fn selector(&mut self, item: &Yaml) {
        if let Err(fault) = self.file.expect_map(item, "item of selectors") {
            return self.faults.push(fault);
        }
        for key in ["name", "definition"] {
            if item.get(key).is_none() {
                let fault = self.file.lacks((item, item), key, format!("a selector has no `{key}`"));
                return self.faults.push(fault);
            }
        }
        self.faults.extend(self.file.unknown_keys(item, SELECTOR, "a selector"));
        let (Some(name), Some(written)) = (item.get("name"), item.get("definition")) else { return };
        let name = match self.file.expect_str(name, "name") {
            Ok(name) => name.to_string(),
            Err(fault) => return self.faults.push(fault),
        };
        self.slipped(written);
        match definition(&written.to_json(), &self.above) {
            Ok(spec) => self.above.keep(&name, spec),
            Err(fault) => {
                let part = self.narrowed(written);
                let slip = self.file.slips(part, DEFINITION, "a definition").into_iter().next();
                let place = slip.as_ref().and_then(Error::location).cloned();
                let place = place.unwrap_or_else(|| self.file.place(word(part)));
                let near = slip.iter().flat_map(Error::helps).cloned();
                let fault = self.file.lines.draw(near.fold(fault, Error::help).located(place));
                self.faults.push(fault.about(format!("selector {name}")));
            }
        }
    }

    /// The smallest part of a definition that cannot be read by itself.
    fn narrowed<'y>(&self, written: &'y Yaml) -> &'y Yaml {
        let parts = PARTS.iter().filter_map(|key| written.get(key)).flat_map(Yaml::items);
        let parts =
            parts.flat_map(|part| match part.get("exclude").filter(|_| part.get("method").is_none()) {
                Some(excluded) => excluded.items().iter().collect(),
                None => vec![part],
            });
        if let Some(part) = parts.into_iter().find(|part| definition(&part.to_json(), &self.above).is_err()) {
            return self.narrowed(part);
        }
        written
    }

    fn slipped(&mut self, written: &Yaml) {
        if written.get("method").is_some() {
            let slips = self.file.slips(written, DEFINITION, "a definition").into_iter();
            self.slips.extend(slips.map(|slip| {
                let said = format!("{}; it is ignored", slip.message());
                slip.with_message(said)
            }));
        }
        let parts = PARTS.iter().filter_map(|key| written.get(key)).flat_map(Yaml::items);
        parts.for_each(|part| self.slipped(part));
    }
}

/// Where the fault of a part is: its method that is none, its only key, or itself.
fn word(part: &Yaml) -> &Yaml {
    let named = part.get("method").filter(|method| !is_method(&method.to_json()));
    let only = part.entries().first().filter(|_| part.entries().len() == 1);
    named.or(only.map(|(key, _)| key)).unwrap_or(part)
}

fn is_method(word: &Json) -> bool {
    word.as_str().is_some_and(|word| parse_method(word).is_ok())
}
