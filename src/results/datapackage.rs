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
