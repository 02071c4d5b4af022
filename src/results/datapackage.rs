//! `datapackage.json`: the meaning of every column, for people and programs (Frictionless Data, version 1).

use serde_json::{Map, Value, json};

use super::columns::{Column, Kind, Table};
use super::sink::GZIP;
use super::{FileNote, manifest};
use crate::experiment::outcome_names;
use crate::model::Channel;
use crate::stats::Level;

/// What columns of a result name.
struct Names<'a> {
    strategies: &'a [String],
    regions: &'a [String],
    level: Level,
}

/// The document that describes the tables.
pub(super) fn describe(
    title: &str,
    strategies: &[String],
    regions: &[String],
    tables: &[(Table, FileNote)],
    level: Level,
) -> String {
    let names = Names { strategies, regions, level };
    let resources: Vec<Value> = tables.iter().map(|(table, note)| resource(table, note, &names)).collect();
    manifest::to_text(&json!({
        "profile": "tabular-data-package",
        "name": "mingle-result",
        "title": title,
        "description": "A result of mingle, an agent-based simulator of networking events. \
                        Costs are positive numbers; replicates and rounds count from 0; an empty cell has nothing to report.",
        "resources": resources,
    }))
}

fn resource(table: &Table, note: &FileNote, names: &Names<'_>) -> Value {
    let fields: Vec<Value> = table.columns.iter().map(|c| field(c, names)).collect();
    let mut resource = json!({
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": note.path,
        "description": table.meaning,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": note.bytes,
        "hash": format!("sha256:{}", note.sha256),
        "schema": { "fields": fields, "missingValues": [""] },
    });
    if !table.key.is_empty() {
        resource["schema"]["primaryKey"] = json!(table.key);
    }
    if note.path.ends_with(GZIP) {
        resource["compression"] = "gz".into();
    }
    resource
}

fn field(column: &Column, names: &Names<'_>) -> Value {
    let mut field = Map::new();
    let kind = match column.kind {
        Kind::Strategy | Kind::Region | Kind::Metric | Kind::Channel | Kind::Text => "string",
        Kind::Count => "integer",
        Kind::Flag => "boolean",
        Kind::Share | Kind::Real => "number",
    };
    field.insert("name".into(), column.name.as_ref().into());
    field.insert("type".into(), kind.into());
    let level = names.level;
    let meaning = column.meaning.replace("{level}", &level.to_string()).replace("{error}", &level.error());
    field.insert("description".into(), meaning.into());
    if !column.unit.is_empty() {
        field.insert("unit".into(), column.unit.as_ref().into());
    }
    let mut constraints = Map::new();
    if !column.optional {
        constraints.insert("required".into(), true.into());
    }
    match column.kind {
        Kind::Strategy => drop(constraints.insert("enum".into(), names.strategies.into())),
        Kind::Region => drop(constraints.insert("enum".into(), names.regions.into())),
        Kind::Metric => drop(constraints.insert("enum".into(), outcome_names().into())),
        Kind::Channel => {
            let names: Vec<_> = Channel::ALL.iter().map(|c| c.name()).collect();
            constraints.insert("enum".into(), names.into());
        }
        Kind::Count => drop(constraints.insert("minimum".into(), 0.into())),
        Kind::Flag => {
            field.insert("trueValues".into(), json!(["1"]));
            field.insert("falseValues".into(), json!(["0"]));
        }
        Kind::Share => {
            constraints.insert("minimum".into(), 0.into());
            constraints.insert("maximum".into(), 1.into());
        }
        Kind::Real | Kind::Text => {}
    }
    if !constraints.is_empty() {
        field.insert("constraints".into(), constraints.into());
    }
    field.into()
}

#[cfg(test)]
mod tests {
    use super::super::columns::{column, optional};
    use super::*;

    #[test]
    fn a_table_names_the_columns_that_identify_a_row_and_how_its_file_is_compressed() {
        let names = Names { strategies: &[], regions: &[], level: Level::USUAL };
        let described = |key: &'static [&'static str], path: &str| {
            let columns = vec![column("x", Kind::Real, "", "")];
            let table = Table { name: "t", meaning: "Rows.", columns, key };
            let note = FileNote { path: path.to_owned(), sha256: "ab".to_owned(), bytes: 7, rows: Some(1) };
            resource(&table, &note, &names)
        };
        let keyed = described(&["x"], "t.csv");
        assert_eq!((&keyed["schema"]["primaryKey"], keyed.get("compression")), (&json!(["x"]), None));
        assert_eq!((&keyed["bytes"], &keyed["hash"]), (&json!(7), &json!("sha256:ab")));
        let log = described(&[], "t.csv.gz");
        assert_eq!((log["schema"].get("primaryKey"), &log["compression"]), (None, &json!("gz")));
    }

    #[test]
    fn a_column_is_described_by_its_type_its_unit_and_what_it_may_hold() {
        let [strategies, regions] =
            [["warrior", "servant"], ["east", "west"]].map(|names| names.map(str::to_owned));
        let level = Level::of(0.9).unwrap();
        let names = Names { strategies: &strategies, regions: &regions, level };
        let described =
            |kind, unit| field(&column("x", kind, unit, "The {level} interval errs at {error}."), &names);
        let count = described(Kind::Count, "rounds");
        assert_eq!(
            count,
            json!({
                "name": "x",
                "type": "integer",
                "description": "The 90% interval errs at 10%.",
                "unit": "rounds",
                "constraints": { "required": true, "minimum": 0 },
            })
        );
        assert_eq!(described(Kind::Strategy, "").get("unit"), None);
        for (kind, what, held) in [
            (Kind::Strategy, "string", json!({ "required": true, "enum": strategies })),
            (Kind::Region, "string", json!({ "required": true, "enum": regions })),
            (Kind::Metric, "string", json!({ "required": true, "enum": outcome_names() })),
            (Kind::Text, "string", json!({ "required": true })),
            (Kind::Flag, "boolean", json!({ "required": true })),
            (Kind::Share, "number", json!({ "required": true, "minimum": 0, "maximum": 1 })),
            (Kind::Real, "number", json!({ "required": true })),
        ] {
            let field = described(kind, "");
            assert_eq!((&field["type"], &field["constraints"]), (&json!(what), &held), "{kind:?}");
        }
        let channels = &described(Kind::Channel, "")["constraints"]["enum"];
        assert!(channels.as_array().is_some_and(|names| names.contains(&json!("call"))));
        assert_eq!(described(Kind::Flag, "")["trueValues"], json!(["1"]));
        assert_eq!(field(&optional("x", Kind::Real, "", ""), &names).get("constraints"), None);
    }
}
