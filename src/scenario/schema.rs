//! The table of keys as a JSON Schema, so that editors complete and check scenarios.

use serde_json::{Map, Value as Json, json};

use super::keys::SECTIONS;
use super::table::{AUTO, Fallback, Key, Kind, PRESETS, SERVANT, SectionSpec, Shape};

/// Text without control characters.
const NO_CONTROL: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";
/// The same, without spaces at start and end.
const NO_SPACE_AT_ENDS: &str = r"^(?!\s)[^\u0000-\u001f\u007f-\u009f]*(?<!\s)$";

/// JSON Schema (draft 2020-12) of scenario files.
///
/// It does not contain checks of several values together, such as shares that sum to 1.
///
/// ```
/// let fee = &mingle::json_schema()["properties"]["calls"]["properties"]["fee"];
/// assert_eq!(fee["maximum"], 1.0);
/// ```
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
    let keys = spec.keys.iter().enumerate().filter(|(_, key)| key.spread_of().is_none());
    keys.map(|(position, key)| {
        let schema = key_schema(key);
        let schema = match spec.sd_of(position) {
            Some(sd) => with_spread(schema, &spec.keys[sd]),
            None => schema,
        };
        (key.name.to_owned(), schema)
    })
}

/// The schema of a number that may also be given as a mean and a standard deviation.
fn with_spread(mut schema: Json, sd: &Key) -> Json {
    let mean = json!({ "type": "number", "minimum": schema["minimum"], "maximum": schema["maximum"] });
    schema["type"] = json!(["number", "object"]);
    schema["properties"] = json!({ "mean": mean, "sd": key_schema(sd) });
    schema["additionalProperties"] = json!(false);
    schema["minProperties"] = json!(1);
    schema
}

fn key_schema(key: &Key) -> Json {
    let mut schema = match &key.rule.kind {
        Kind::Real { min, max } => json!({ "type": "number", "minimum": min, "maximum": max }),
        Kind::Whole { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::WholeOrAuto { min, max } => json!({
            "type": ["integer", "string"],
            "minimum": min,
            "maximum": max,
            "pattern": format!("^{AUTO}$"),
        }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Choice(names) => json!({ "type": "string", "enum": names }),
        Kind::Rising { min, max, most } => json!({
            "type": "array",
            "items": { "type": "integer", "minimum": min, "maximum": max },
            "minItems": 1,
            "maxItems": most,
            "uniqueItems": true,
        }),
        Kind::Reals { min, max, most } => json!({
            "type": "array",
            "items": { "type": "number", "minimum": min, "maximum": max },
            "minItems": 1,
            "maxItems": most,
        }),
        Kind::Items { least, most } => {
            let types = ["string", "number", "boolean"];
            let item = json!({ "type": types, "minLength": 1, "pattern": NO_CONTROL });
            let kinds = ["array", "string", "number", "boolean"];
            json!({
                "type": kinds,
                "items": item,
                "minItems": least,
                "maxItems": most,
                "minLength": 1,
                "pattern": NO_CONTROL,
            })
        }
        Kind::Text { min_chars, max_chars } => {
            let pattern = if *min_chars > 0 { NO_SPACE_AT_ENDS } else { NO_CONTROL };
            json!({ "type": "string", "minLength": min_chars, "maxLength": max_chars, "pattern": pattern })
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
        | Fallback::OfRounds(_)
        | Fallback::IfGiven { .. } => {}
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
    use super::super::Scenario;
    use super::*;

    #[test]
    fn a_list_takes_as_many_entries_as_the_schema_says() {
        for spec in SECTIONS.iter().filter(|spec| spec.shape == Shape::List) {
            let most = json_schema()["properties"][spec.name]["maxItems"].as_u64().unwrap();
            let is_short = |count: u64| {
                let entries = (0..count).map(|i| format!("[[{}]]\nname = \"{i}\"\n", spec.name));
                let faults = Scenario::parse(&entries.collect::<String>(), &[]);
                let faults = faults.map_or_else(|faults| faults.faults().to_vec(), |_| Vec::new());
                faults.iter().all(|fault| !fault.message().starts_with("at most"))
            };
            assert!(is_short(most) && !is_short(most + 1), "{}", spec.name);
        }
    }

    #[test]
    fn patterns_are_those_of_the_checks() {
        let schema = json_schema();
        assert_eq!(schema["properties"]["title"]["pattern"], NO_CONTROL);
        let name = &schema["properties"]["strategy"]["items"]["properties"]["name"];
        assert_eq!(name["pattern"], NO_SPACE_AT_ENDS);
        for (title, fits) in [("a\\u0085b", false), (" a ", true), ("a\\tb", false), ("", true)] {
            let text = format!("title = \"{title}\"");
            assert_eq!(Scenario::parse(&text, &[]).is_ok(), fits, "{title}");
        }
    }

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
                let schema = match key.spread_of() {
                    Some(of) => &place[of]["properties"]["sd"],
                    None => &place[key.name],
                };
                assert!(!schema["type"].is_null(), "{}.{}", spec.name, key.name);
            }
        }
        assert_eq!(schema["properties"]["needs"]["properties"]["rate"]["maximum"], 1.0);
        assert_eq!(schema["properties"]["mixer"]["properties"]["size"]["minimum"], 2);
        assert_eq!(schema["properties"]["strategy"]["items"]["required"], json!(["name"]));
        assert_eq!(schema["properties"]["needs"]["additionalProperties"], false);
    }
}
