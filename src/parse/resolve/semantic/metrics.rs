//! What metrics are made of in the end: the measures of semantic models, through other metrics too.

use crate::error::Error;
use crate::manifest::{Manifest, ResourceType, UniqueId};
use crate::parse::findings::Findings;
use crate::parse::resolve::places::Places;
use crate::parse::stage::Stage;
use crate::project::yaml::suggestion;
use serde_json::Value as Json;
use std::collections::HashMap;

/// What one metric is made of.
#[derive(Debug, Clone, Default)]
pub(super) struct Inputs {
    /// Measures, each once.
    pub measures: Vec<Json>,
    /// The semantic models or metrics that it names.
    pub nodes: Vec<UniqueId>,
}

/// The inputs of every metric.
pub(super) fn inputs(
    stage: &Stage<'_>,
    manifest: &Manifest,
    places: &Places,
    findings: &mut Findings,
) -> HashMap<UniqueId, Inputs> {
    let mut finder = Finder {
        root: stage.project.name(),
        manifest,
        models: models(manifest),
        found: HashMap::new(),
        path: Vec::new(),
    };
    for id in manifest.metrics.keys() {
        if let Err(error) = finder.of(id) {
            let name = manifest.metrics[id]["name"].as_str().unwrap_or_default();
            findings.error(places.mark(id, error));
            if let Some(fault) = super::rules::bad_name(name) {
                findings.error(places.mark(id, Error::parsing(fault)));
            }
        }
    }
    finder.found
}

/// Semantic models by their measures.
fn models(manifest: &Manifest) -> HashMap<&str, Vec<&UniqueId>> {
    let mut models: HashMap<&str, Vec<&UniqueId>> = HashMap::new();
    for (id, model) in &manifest.semantic_models {
        let measures = model.get("measures").and_then(Json::as_array).into_iter().flatten();
        for name in measures.filter_map(|measure| measure.get("name")?.as_str()) {
            models.entry(name).or_default().push(id);
        }
    }
    models
}

struct Finder<'m> {
    root: &'m str,
    manifest: &'m Manifest,
    models: HashMap<&'m str, Vec<&'m UniqueId>>,
    found: HashMap<UniqueId, Inputs>,
    /// The metrics that are being looked at, each made of the next.
    path: Vec<UniqueId>,
}

impl Finder<'_> {
    /// The inputs of a metric; found once.
    fn of(&mut self, id: &UniqueId) -> Result<Inputs, Error> {
        if let Some(found) = self.found.get(id) {
            return Ok(found.clone());
        }
        if self.path.contains(id) {
            let help = "take one of them out of the circle";
            return Err(Error::parsing(format!("metric `{}` is made of itself", id.as_str())).help(help));
        }
        self.path.push(id.clone());
        let inputs = self.look(id);
        self.path.pop();
        // A metric that fails is told of once, not again by all that are made of it.
        self.found.insert(id.clone(), inputs.as_ref().cloned().unwrap_or_default());
        inputs
    }

    fn look(&mut self, id: &UniqueId) -> Result<Inputs, Error> {
        let Some(metric) = self.manifest.metrics.get(id) else { return Ok(Inputs::default()) };
        let params = &metric["type_params"];
        let has = |path: &str| params.pointer(path).is_some_and(|value| !value.is_null());
        let need = |path: &str| {
            let found = params.pointer(path).filter(|value| !value.is_null());
            found.ok_or_else(|| {
                let kind = metric["type"].as_str().unwrap_or_default();
                let name = metric["name"].as_str().unwrap_or_default();
                let key = path.trim_start_matches('/').replace('/', ".");
                Error::parsing(format!("{kind} metric `{name}` has no `type_params.{key}`"))
                    .help(format!("a {kind} metric is made of its `{key}`"))
            })
        };
        match metric["type"].as_str() {
            Some("conversion") if has("/conversion_type_params/base_metric") => {
                let base = need("/conversion_type_params/base_metric")?;
                self.only_metrics(metric, &[base, need("/conversion_type_params/conversion_metric")?])
            }
            Some("cumulative") if has("/cumulative_type_params/metric") => {
                self.only_metrics(metric, &[need("/cumulative_type_params/metric")?])
            }
            Some("simple") if has("/metric_aggregation_params") => self.adds_up(metric),
            Some("conversion") => {
                let base = need("/conversion_type_params/base_measure")?;
                self.measures(metric, &[base, need("/conversion_type_params/conversion_measure")?])
            }
            Some("ratio") => self.metrics(metric, &[need("/numerator")?, need("/denominator")?]),
            Some("derived") => {
                let metrics: Vec<&Json> = params["metrics"].as_array().into_iter().flatten().collect();
                self.metrics(metric, &metrics)
            }
            _ => self.measures(metric, &[need("/measure")?]),
        }
    }

    fn measures(&self, metric: &Json, measures: &[&Json]) -> Result<Inputs, Error> {
        let mut inputs = Inputs::default();
        for measure in measures {
            let name = measure["name"].as_str().unwrap_or_default();
            let known = self.models.get(name).map(Vec::as_slice).unwrap_or_default();
            let within = |package: &str| {
                known.iter().find(|id| self.manifest.semantic_models[**id]["package_name"] == package)
            };
            let asking = metric["package_name"].as_str().unwrap_or_default();
            let found = within(self.root).or_else(|| within(asking)).or_else(|| known.first());
            if let (None, Some(disabled)) = (found, self.disabled(name)) {
                let told =
                    format!("The measure `{name}` is referenced on disabled semantic model `{disabled}`.");
                return Err(
                    Error::parsing(told).help("enable that semantic model, or disable the metric too")
                );
            }
            let Some(model) = found else {
                let names: Vec<&str> = self.models.keys().copied().collect();
                let told =
                    format!("A semantic model having a measure `{name}` does not exist but was referenced.");
                return Err(near(Error::parsing(told), name, &names));
            };
            inputs.add_node(model);
            inputs.add_measure(measure);
        }
        Ok(inputs)
    }

    /// The disabled semantic model that has a measure.
    fn disabled(&self, measure: &str) -> Option<String> {
        let of_models = self.manifest.disabled.iter();
        let mut models = of_models
            .filter(|(id, _)| id.resource_type() == Some(ResourceType::SemanticModel))
            .flat_map(|(_, all)| all);
        let has = |model: &&Json| {
            let measures = model["measures"].as_array().into_iter().flatten();
            measures.filter_map(|one| one["name"].as_str()).any(|name| name == measure)
        };
        models.find(has).and_then(|model| model["name"].as_str()).map(str::to_string)
    }

    fn metrics(&mut self, metric: &Json, metrics: &[&Json]) -> Result<Inputs, Error> {
        let mut inputs = Inputs::default();
        for named in metrics {
            let name = named["name"].as_str().unwrap_or_default();
            let id = self.named(metric, name)?;
            self.of(&id)?.measures.iter().for_each(|measure| inputs.add_measure(measure));
            inputs.add_node(&id);
        }
        Ok(inputs)
    }

    /// Metrics of spec 2 do not tell whence their inputs have their measures.
    fn only_metrics(&mut self, metric: &Json, metrics: &[&Json]) -> Result<Inputs, Error> {
        Ok(Inputs { measures: Vec::new(), nodes: self.metrics(metric, metrics)?.nodes })
    }

    /// The semantic model of a simple metric that stands at its model.
    fn adds_up(&self, metric: &Json) -> Result<Inputs, Error> {
        let package = metric["package_name"].as_str().unwrap_or_default();
        let model = metric["type_params"]["metric_aggregation_params"]["semantic_model"].as_str();
        let model = model.unwrap_or_default();
        let id = UniqueId::new(ResourceType::SemanticModel, package, model);
        if self.manifest.semantic_models.contains_key(&id) {
            return Ok(Inputs { measures: Vec::new(), nodes: vec![id] });
        }
        let name = metric["name"].as_str().unwrap_or_default();
        let told = format!("The metric `{name}` belongs to the disabled semantic model `{model}`.");
        Err(Error::parsing(told).help("enable that semantic model, or disable the metric too"))
    }

    fn named(&self, metric: &Json, name: &str) -> Result<UniqueId, Error> {
        let asking = metric["package_name"].as_str().unwrap_or_default();
        let ids = [self.root, asking].map(|package| UniqueId::new(ResourceType::Metric, package, name));
        if let Some(id) = ids.iter().find(|id| self.manifest.metrics.contains_key(*id)) {
            return Ok(id.clone());
        }
        let mut all = self.manifest.metrics.iter();
        if let Some((id, _)) = all.find(|(_, metric)| metric["name"] == name) {
            return Ok(id.clone());
        }
        if ids.iter().any(|id| self.manifest.disabled.contains_key(id)) {
            let told = format!("The metric `{name}` is disabled and thus cannot be referenced.");
            return Err(Error::parsing(told).help("switch it on with `config: {enabled: true}`"));
        }
        let own = metric["name"].as_str().unwrap_or_default();
        let told = format!("The metric `{name}` does not exist but was referenced by metric `{own}`.");
        let names: Vec<&str> =
            self.manifest.metrics.values().filter_map(|metric| metric["name"].as_str()).collect();
        Err(near(Error::parsing(told), name, &names))
    }
}

impl Inputs {
    fn add_measure(&mut self, measure: &Json) {
        if !self.measures.contains(measure) {
            self.measures.push(measure.clone());
        }
    }

    fn add_node(&mut self, id: &UniqueId) {
        if !self.nodes.contains(id) {
            self.nodes.push(id.clone());
        }
    }
}

fn near(error: Error, name: &str, names: &[&str]) -> Error {
    match suggestion(name, names) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help("check the name where it is used and where it is defined"),
    }
}
