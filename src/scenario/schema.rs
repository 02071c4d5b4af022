//! The table of keys as a JSON Schema, so that editors complete and check scenarios.

use serde_json::{Map, Value as Json, json};

use super::keys::SECTIONS;
use super::table::{Fallback, Key, Kind, PRESETS, SERVANT, SectionSpec, Shape};

/// JSON Schema (draft 2020-12) of scenario files.
///
/// Checks that concern several values at once, such as shares that sum to 1, are not in it.
#[must_use]
pub fn json_schema() -> Json {
    let mut properties = Map::new();
    for spec in &SECTIONS {
        match spec.shape {
            Shape::Top => properties.extend(key_schemas(spec)),
            Shape::Always | Shape::Optional => {
                properties.insert(spec.name.to_owned(), section_schema(spec));
            }
            Shape::List => {
                let list = json!({
                    "type": "array",
                    "description": spec.doc,
                    "minItems": 1,
                    "maxItems": spec.entries_max(),
                    "items": section_schema(spec),
                });
                properties.insert(spec.name.to_owned(), list);
            }
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mingle scenario",
        "description": "What is simulated: see docs/scenario.md.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn section_schema(spec: &SectionSpec) -> Json {
    let required: Vec<&str> = spec
        .keys
        .iter()
        .filter(|key| matches!(key.rule.fallback, Fallback::Required))
        .map(|key| key.name)
        .collect();
    let mut schema = json!({
        "type": "object",
        "description": spec.doc,
        "properties": key_schemas(spec).collect::<Map<_, _>>(),
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn key_schemas(spec: &SectionSpec) -> impl Iterator<Item = (String, Json)> {
    spec.keys.iter().map(|key| (key.name.to_owned(), key_schema(key)))
}

fn key_schema(key: &Key) -> Json {
    let mut schema = match &key.rule.kind {
        Kind::Real { min, max } => json!({ "type": "number", "minimum": min, "maximum": max }),
        Kind::Whole { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Choice(names) => json!({ "type": "string", "enum": names }),
        Kind::Rising { max, most } => json!({
            "type": "array",
            "items": { "type": "integer", "minimum": 0, "maximum": max },
            "minItems": 1,
            "maxItems": most,
            "uniqueItems": true,
        }),
        Kind::Items { least, most } => {
            let item = json!({ "type": ["string", "number", "boolean"] });
            let kinds = ["array", "string", "number", "boolean"];
            json!({ "type": kinds, "items": item, "minItems": least, "maxItems": most })
        }
        Kind::Text { min_chars, max_chars } => {
            json!({ "type": "string", "minLength": min_chars, "maxLength": max_chars })
        }
    };
    schema["description"] = json!(key.description());
    match &key.rule.fallback {
        Fallback::Is(value) => schema["default"] = value.to_json(),
        Fallback::Preset(values) => schema["default"] = json!(values[SERVANT]),
        Fallback::Required
        | Fallback::PresetOnly(_)
        | Fallback::OnlyRegion
        | Fallback::Reputation
        | Fallback::ByKind { .. }
        | Fallback::OfRounds(_) => {}
    }
    if let Fallback::Preset(values) | Fallback::PresetOnly(values) = &key.rule.fallback {
        let presets: Map<String, Json> =
            PRESETS.iter().zip(values).map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        schema["$comment"] = json!(format!("by strategy name: {}", Json::Object(presets)));
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_and_key_of_the_table_is_in_the_schema() {
        let schema = json_schema();
        for spec in &SECTIONS {
            let place = match spec.shape {
                Shape::Top => &schema["properties"],
                Shape::List => &schema["properties"][spec.name]["items"]["properties"],
                Shape::Always | Shape::Optional => &schema["properties"][spec.name]["properties"],
            };
            for key in spec.keys {
                assert!(!place[key.name]["type"].is_null(), "{}.{}", spec.name, key.name);
            }
        }
        assert_eq!(schema["properties"]["needs"]["properties"]["rate"]["maximum"], 1.0);
        assert_eq!(schema["properties"]["mixer"]["properties"]["size"]["minimum"], 2);
        assert_eq!(schema["properties"]["strategy"]["items"]["required"], json!(["name"]));
        assert_eq!(schema["properties"]["needs"]["additionalProperties"], false);
    }
}
