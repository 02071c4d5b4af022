//! What is true of every scenario that is accepted, and of all that is said about one that is refused.

use mingle::{Diagnostics, Scenario, SweepPlan};

/// Checks a scenario that was accepted: it is written and read back as it was.
pub fn accepted(scenario: &Scenario, files: &[(&str, &[u8])]) {
    let text = scenario.to_toml();
    let again = Scenario::parse_with_files(&text, &[], files);
    let again = again.unwrap_or_else(|faults| panic!("what was written is refused: {faults}\n{text}"));
    assert!(again == *scenario, "what was written is read back as another scenario:\n{text}");
    assert!(again.to_toml() == text, "it is written in two ways:\n{text}\n{}", again.to_toml());
}

/// Checks the faults of a scenario that was refused: each has a message, advice, and a place in a file or an override.
pub fn refused(faults: &Diagnostics, texts: &[(&str, &str)]) {
    assert!(!faults.faults().is_empty(), "it was refused without a fault");
    for fault in faults.faults() {
        assert!(!fault.message().is_empty() && !fault.help().is_empty(), "{fault:?}");
        let Some((file, line, column)) = faults.place(fault) else { continue };
        let text = texts.iter().find(|(name, _)| *name == file).map(|(_, text)| *text);
        let text = text.unwrap_or_else(|| panic!("a fault in {file}, which is no file: {fault:?}"));
        let there = text.split('\n').nth(line - 1);
        let there = there.unwrap_or_else(|| panic!("a fault in line {line} of {file}, which ends before"));
        assert!(column <= there.chars().count() + 1, "column {column} of a shorter line {line} of {file}");
    }
    let (plain, coloured) = (faults.render(false), faults.render(true));
    assert!(plain.contains("help") && coloured.len() > plain.len(), "{plain}");
    assert!(plain.len() < 200_000, "{} bytes of messages", plain.len());
}

/// Checks the first and the last point of a sweep: each is a scenario, or has faults.
pub fn points(plan: &SweepPlan) {
    for number in [0, plan.n_points() - 1] {
        let point = plan.point(number);
        assert_eq!(point.number, number);
        match plan.scenario_at(&point) {
            Ok(scenario) => assert!(scenario.rounds > 0),
            Err(fault) => assert!(!fault.to_string().is_empty()),
        }
    }
}
