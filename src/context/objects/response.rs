//! What the engine said of a statement, as templates see it: `load_result('main').response`.

use super::{no_method, none};
use crate::adapter::AdapterResponse;
use crate::jinja::value::print::REPR;
use crate::jinja::value::{Outcome, print};
use minijinja::State;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use std::fmt;
use std::sync::Arc;

/// An adapter response in a template; prints its message.
#[derive(Debug, Clone)]
pub struct ResponseObject(pub AdapterResponse);

/// A response as a template's value.
pub fn response(response: AdapterResponse) -> Value {
    Value::from_object(ResponseObject(response))
}

/// The response that a value stands for: the object itself, or the text that a macro made.
pub fn response_of(value: &Value) -> AdapterResponse {
    match value.downcast_object_ref::<ResponseObject>() {
        Some(object) => object.0.clone(),
        None if value.is_none() || value.is_undefined() => AdapterResponse::default(),
        None => AdapterResponse { message: value.to_string(), ..AdapterResponse::default() },
    }
}

impl ResponseObject {
    /// `AdapterResponse(_message='SELECT 1', ...)`, as it prints within a list.
    fn described(&self) -> String {
        let text = |text: &str| if text.is_empty() { none() } else { Value::from(text) };
        let said = print::repr(&Value::from(self.0.message.as_str()));
        let code = print::repr(&text(&self.0.code));
        let rows = self.0.rows_affected.map_or_else(|| "None".to_string(), |rows| rows.to_string());
        format!("AdapterResponse(_message={said}, code={code}, rows_affected={rows}, query_id=None)")
    }
}

impl Object for ResponseObject {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(match key.as_str()? {
            "_message" => Value::from(self.0.message.as_str()),
            "code" if self.0.code.is_empty() => none(),
            "code" => Value::from(self.0.code.as_str()),
            "rows_affected" => self.0.rows_affected.map_or_else(none, Value::from),
            "query_id" => none(),
            REPR => Value::from(self.described()),
            _ => return None,
        })
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, _: &[Value]) -> Outcome {
        match method {
            "to_dict" => Ok(crate::jinja::value::from_json(&serde_json::Value::Object(self.0.to_json()))),
            _ => Err(no_method("AdapterResponse", method)),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}
