//! What can be asked for, by name.

use mingle::records::{M, ReplicateRecord};
use mingle::{BetPlan, Diagnostics, MemoryResult, Parallelism, Progress, Rules, Scenario, Summary};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::codec::{read_replicate, read_world, write_replicate, write_world};
use crate::keep;
use crate::message::Message;
use crate::network::network;
use crate::story::{evening, twins};

/// A request. What a request does not need is left out.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Request {
    /// What is asked for.
    ask: String,
    /// Text of the scenario file.
    text: String,
    /// Values that replace those of the text, as `key=value`.
    sets: Vec<String>,
    /// Number of a replicate, of a world or of a focal agent.
    number: u32,
    /// Number of rounds.
    rounds: u32,
    /// Number of agents in a sample.
    people: u32,
    /// Name under which a result is kept.
    name: String,
    /// Names of kept results.
    names: Vec<String>,
    /// Names of charts.
    charts: Vec<String>,
    /// Lengths of the records in the list of numbers.
    lengths: Vec<usize>,
}

impl Request {
    fn sets(&self) -> Vec<&str> {
        self.sets.iter().map(String::as_str).collect()
    }

    fn scenario(&self) -> Result<Scenario, String> {
        Scenario::parse(&self.text, &self.sets()).map_err(|faults| faults.to_string())
    }

    fn bet(&self) -> Result<Scenario, String> {
        Scenario::parse_bet(&self.text, &self.sets()).map_err(|faults| faults.to_string())
    }
}

/// Answers a request.
#[must_use]
pub fn answer(message: Message) -> Message {
    let request: Request = match serde_json::from_value(message.document) {
        Ok(request) => request,
        Err(error) => return Message::error(&format!("the request is not as expected: {error}")),
    };
    let numbers = &message.numbers;
    let reply = match request.ask.as_str() {
        "schema" => Ok(Message::ok(mingle::json_schema())),
        "check" => Ok(Message::ok(check(Scenario::parse(&request.text, &request.sets())))),
        "check bet" => Ok(Message::ok(check(Scenario::parse_bet(&request.text, &request.sets())))),
        "replicate" => request.scenario().map(|scenario| replicate(&scenario, request.number)),
        "run" => request.scenario().and_then(|scenario| collect_run(&request, &scenario, numbers)),
        "compare" => compare(&request),
        "files" => Ok(Message::ok(keep::with(&request.names, |kept| {
            kept.iter().map(|(_, result)| files(result)).collect()
        }))),
        "evening" => request.scenario().map(|scenario| Message::ok(evening(&scenario, request.rounds))),
        "network" => {
            request.scenario().map(|scenario| Message::ok(network(&scenario, request.rounds, request.people)))
        }
        "point" => request.scenario().map(|scenario| Message::ok(point(&scenario))),
        "twins" => request.bet().map(|scenario| Message::ok(json!(twins(&scenario, request.number as usize)))),
        "world" => request.bet().map(|scenario| world(&scenario, request.number)),
        "bet" => request.bet().and_then(|scenario| collect_bet(&request, &scenario, numbers)),
        other => Err(format!("there is no request {other}")),
    };
    reply.unwrap_or_else(|text| Message::error(&text))
}

/// A scenario's outline and all its values, or its faults as the program reports them.
fn check(read: Result<Scenario, Diagnostics>) -> Value {
    let scenario = match read {
        Ok(scenario) => scenario,
        Err(faults) => return json!({ "faults": faults.to_string() }),
    };
    let names: Vec<&str> = scenario.strategies.iter().map(|s| s.name.as_str()).collect();
    let colours = mingle::strategy_colours(&names);
    let strategies: Vec<Value> = scenario
        .strategies
        .iter()
        .zip(colours)
        .map(|(s, colour)| json!({ "name": s.name, "share": s.share, "colour": colour }))
        .collect();
    json!({
        "title": scenario.title,
        "seed": scenario.seed,
        "rounds": scenario.rounds,
        "burn_in": scenario.burn_in,
        "replicates": scenario.replicates,
        "agents": scenario.population.agents,
        "every": scenario.mixer.every,
        "slots": scenario.mixer.slots,
        "strategies": strategies,
        "regions": scenario.regions.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(),
        "worlds": scenario.bet.as_ref().map(|bet| bet.worlds),
        "focals": scenario.bet.as_ref().map(|bet| bet.focals),
        "horizons": scenario.bet.as_ref().map(|bet| bet.horizons.clone()),
        "toml": scenario.to_toml(),
    })
}

/// One replicate: its record as numbers, and the net benefit since birth by strategy and round.
fn replicate(scenario: &Scenario, number: u32) -> Message {
    let rules = Rules::new(scenario);
    let record = mingle::run_replicate(&rules, number, Parallelism::SERIAL, &Progress::default());
    let record = record.expect("nobody stops it");
    let track = |strategy: usize| -> Vec<f64> {
        let rows = record.rounds.iter().filter(|row| usize::from(row.strategy) == strategy);
        rows.map(|row| row.values[M::NetTotal as usize]).collect()
    };
    let tracks: Vec<Vec<f64>> = (0..scenario.strategies.len()).map(track).collect();
    Message {
        document: json!({ "ok": { "number": number, "net_total": tracks } }),
        numbers: write_replicate(&record),
    }
}

/// The records in a list of numbers, of these lengths.
fn records<T>(lengths: &[usize], numbers: &[f64], read: impl Fn(&[f64]) -> T) -> Result<Vec<T>, String> {
    let mut rest = numbers;
    let mut records = Vec::with_capacity(lengths.len());
    for &length in lengths {
        let (record, after) = rest.split_at_checked(length).ok_or("a record is cut off")?;
        records.push(read(record));
        rest = after;
    }
    if records.is_empty() { Err("there are no records".to_owned()) } else { Ok(records) }
}

/// The result of the first replicates of a run, which is kept.
fn collect_run(request: &Request, scenario: &Scenario, numbers: &[f64]) -> Result<Message, String> {
    let records: Vec<ReplicateRecord> = records(&request.lengths, numbers, read_replicate)?;
    let (summary, result) = mingle::run_in_memory(scenario, &records);
    let charts = draw(&result, &request.charts)?;
    let answer = json!({
        "done": summary.replicates_done,
        "replicates": summary.replicates,
        "summary": text(&result, "summary.csv"),
        "net": nets(&summary),
        "contrasts": contrasts(&summary),
        "warnings": summary.warnings,
        "charts": charts,
    });
    keep::keep(&request.name, result);
    Ok(Message::ok(answer))
}

/// Net benefit by strategy: mean and interval.
fn nets(summary: &Summary) -> Vec<Value> {
    let rows = summary.summary.iter().filter(|row| row.metric == "net");
    rows.map(|row| json!({ "strategy": row.strategy, "mean": row.mean.mean, "low": row.mean.low, "high": row.mean.high }))
        .collect()
}

/// Differences in net benefit.
fn contrasts(summary: &Summary) -> Vec<Value> {
    let rows = summary.contrasts.iter().filter(|row| row.metric == "net");
    rows.map(|row| {
        let difference = &row.difference;
        json!({
            "first": row.first, "second": row.second, "mean": difference.mean,
            "low": difference.low, "high": difference.high, "clear": row.is_clear(summary.level),
        })
    })
    .collect()
}

/// All replicates of a small scenario at once: net benefit and differences.
fn point(scenario: &Scenario) -> Value {
    let rules = Rules::new(scenario);
    let run = |number| mingle::run_replicate(&rules, number, Parallelism::SERIAL, &Progress::default());
    let records: Vec<ReplicateRecord> = (0..scenario.replicates).filter_map(run).collect();
    let (summary, _) = mingle::run_in_memory(scenario, &records);
    json!({ "net": nets(&summary), "contrasts": contrasts(&summary) })
}

/// Charts that compare kept results.
fn compare(request: &Request) -> Result<Message, String> {
    let names: Vec<&str> = request.charts.iter().map(String::as_str).collect();
    let drawn = keep::with(&request.names, |kept| mingle::compare_in_memory(kept, &names));
    let drawn = drawn.map_err(|error| error.to_string())?;
    Ok(Message::ok(json!({ "charts": to_json(&drawn) })))
}

fn draw(result: &MemoryResult, charts: &[String]) -> Result<Vec<Value>, String> {
    let names: Vec<&str> = charts.iter().map(String::as_str).collect();
    mingle::draw_in_memory(result, &names).map(|drawn| to_json(&drawn)).map_err(|error| error.to_string())
}

fn to_json(drawn: &[mingle::DrawnChart]) -> Vec<Value> {
    drawn.iter().map(|chart| json!({ "name": chart.name, "svg": chart.svg })).collect()
}

fn text(result: &MemoryResult, name: &str) -> String {
    String::from_utf8_lossy(result.get(name).unwrap_or_default()).into_owned()
}

/// All files of a result, as texts.
fn files(result: &MemoryResult) -> Value {
    let files: Map<String, Value> =
        result.names().map(|name| (name.to_owned(), json!(text(result, name)))).collect();
    Value::Object(files)
}

/// One world of a bet.
fn world(scenario: &Scenario, number: u32) -> Message {
    let plan = BetPlan::new(scenario, false);
    let record = mingle::run_world(&plan, number, Parallelism::SERIAL, &Progress::default());
    let record = record.expect("nobody stops it");
    Message { document: json!({ "ok": { "number": number } }), numbers: write_world(&record) }
}

/// The result of the first worlds of a bet, which is kept.
fn collect_bet(request: &Request, scenario: &Scenario, numbers: &[f64]) -> Result<Message, String> {
    let worlds = records(&request.lengths, numbers, read_world)?;
    let (summary, result) = mingle::bet_in_memory(&BetPlan::new(scenario, false), &worlds);
    let charts = draw(&result, &request.charts)?;
    let answer = json!({
        "done": summary.worlds_done,
        "verdict": summary.verdict.text,
        "lines": summary.lines(),
        "summary": text(&result, "bet_summary.csv"),
        "charts": charts,
    });
    keep::keep(&request.name, result);
    Ok(Message::ok(answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(document: Value, numbers: Vec<f64>) -> (Value, Vec<f64>) {
        let reply = answer(Message { document, numbers });
        (reply.document, reply.numbers)
    }

    #[test]
    fn replicates_that_were_computed_one_by_one_make_the_result_of_a_run() {
        let text = "rounds = 12\nreplicates = 3\n[population]\nagents = 60\n";
        let (mut numbers, mut lengths) = (Vec::new(), Vec::new());
        for number in 0..3 {
            let (_, record) = ask(json!({ "ask": "replicate", "text": text, "number": number }), Vec::new());
            lengths.push(record.len());
            numbers.extend(record);
        }
        let (reply, _) =
            ask(json!({ "ask": "run", "text": text, "lengths": lengths, "charts": ["net_over_time"], "name": "a" }), numbers);
        let scenario = Scenario::parse(text, &[]).unwrap();
        let dir = std::env::temp_dir().join(format!("mingle-engine-{}", std::process::id()));
        let pool = mingle::ThreadPool::new(1).unwrap();
        mingle::run_to(&dir, &scenario, mingle::RunOptions::default(), &pool, &Progress::default()).unwrap();
        let expected = std::fs::read_to_string(dir.join("summary.csv")).unwrap();
        std::fs::remove_dir_all(&dir).unwrap();
        assert_eq!(reply["ok"]["summary"], expected);
        assert!(reply["ok"]["charts"][0]["svg"].as_str().unwrap().starts_with("<svg"));
        let (files, _) = ask(json!({ "ask": "files", "names": ["a"] }), Vec::new());
        assert!(files["ok"][0]["manifest.json"].is_string());
    }

    #[test]
    fn faults_are_told_in_the_words_of_the_program() {
        let sets = ["calls.fee=2"];
        let faults = Scenario::parse("", &sets).unwrap_err().to_string();
        let (reply, _) = ask(json!({ "ask": "check", "sets": sets }), Vec::new());
        assert_eq!(reply["ok"]["faults"], faults);
        let (reply, _) = ask(json!({ "ask": "replicate", "sets": sets }), Vec::new());
        assert_eq!(reply["error"], faults);
    }

    #[test]
    fn what_is_no_request_gets_an_error() {
        for document in [json!(null), json!({ "ask": "no" }), json!({ "ask": 1 }), json!({ "ask": "run" })] {
            assert!(ask(document.clone(), Vec::new()).0["error"].is_string(), "{document}");
        }
    }
}
