//! The `attribute` argument of filters: `name`, `a.b`, `0`, and `a,b` where several keys sort.

use minijinja::Value;
use minijinja::value::ValueKind;

/// A path to a part of an item; an empty one is the item itself.
pub struct Path {
    steps: Vec<Value>,
    default: Option<Value>,
}

impl Path {
    /// Reads the argument. `default` stands in for parts that are undefined.
    pub fn new(attribute: Option<&Value>, default: Option<&Value>) -> Self {
        let steps = match attribute {
            None => Vec::new(),
            Some(attribute) => match attribute.as_str() {
                Some(path) => path.split('.').map(step).collect(),
                None => vec![attribute.clone()],
            },
        };
        Path { steps, default: default.cloned() }
    }

    /// Several paths, separated by commas.
    pub fn several(attribute: Option<&Value>) -> Vec<Path> {
        match attribute.and_then(Value::as_str) {
            Some(paths) => paths.split(',').map(|path| Path::new(Some(&Value::from(path)), None)).collect(),
            None => vec![Path::new(attribute, None)],
        }
    }

    /// The part of an item.
    pub fn of(&self, item: &Value) -> Value {
        let mut part = item.clone();
        for key in &self.steps {
            part = member(&part, key);
            if let (true, Some(default)) = (part.is_undefined(), &self.default) {
                part = default.clone();
            }
        }
        part
    }
}

fn step(step: &str) -> Value {
    step.parse::<i64>().ok().filter(|at| *at >= 0).map_or_else(|| Value::from(step), Value::from)
}

/// `item[key]`, undefined where there is none.
pub fn member(item: &Value, key: &Value) -> Value {
    match item.kind() {
        ValueKind::None | ValueKind::Undefined => Value::UNDEFINED,
        _ => item.get_item(key).unwrap_or(Value::UNDEFINED),
    }
}

/// A value as it is compared where case does not count.
pub fn folded(value: Value, case_sensitive: bool) -> Value {
    match value.as_str() {
        Some(text) if !case_sensitive => Value::from(text.to_lowercase()),
        _ => value,
    }
}
