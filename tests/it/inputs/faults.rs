//! Every fault of a file of people or ties names file, line, column, value and a fix.

use std::fs::{self, File};

use mingle::Scenario;

use super::{PEOPLE, SCENARIO, TIES, failed, folder, usual};

/// The messages about the scenario with these files; `network` is the name of that of ties.
pub(super) fn faults(sets: &[&str], people: &[u8], network: &str, ties: &[u8]) -> String {
    let text = SCENARIO.replace("ties.csv", network);
    let files = [("people.csv", people), (network, ties)];
    match Scenario::parse_with_files(&text, sets, &files) {
        Ok(_) => "no faults".to_owned(),
        Err(faults) => faults.to_string(),
    }
}

fn in_people(people: &str, expected: &[&str]) {
    has(&faults(&[], people.as_bytes(), "ties.csv", TIES.as_bytes()), expected);
}

pub(super) fn in_ties(network: &str, ties: &str, expected: &[&str]) {
    has(&faults(&[], PEOPLE.as_bytes(), network, ties.as_bytes()), expected);
}

pub(super) fn has(text: &str, expected: &[&str]) {
    for part in expected {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
}

#[test]
fn faults_of_people_are_all_reported_at_once() {
    let people = "name,stratgy,region,town,expertise\n\
        Ada,servant,south,Rome,1\nBo,warrior,nort,Rome,x\nAda,servant,south,Bari,0\n,warrior,north,Oslo,2\nDi,warrior\n";
    in_people(
        people,
        &[
            "unknown column `stratgy`\n --> people.csv:1:6",
            "did you mean `strategy`?",
            "two people have the name `Ada`\n --> people.csv:4:1",
            "add to one of them",
            "the cell in column `expertise` is `x`, but other cells are numbers\n --> people.csv:3:22",
            "write numbers from 0 in all cells, or names in all",
            "the cell in column `name` is empty\n --> people.csv:5:1",
            "fill in the cell, or leave out the whole column",
            "the row has 2 cells, but the first line names 5 columns\n --> people.csv:6:1",
            "the cell in column `region` is `nort`, which is no region (in 1 row)\n --> people.csv:3:12",
        ],
    );
    in_people(
        &PEOPLE.replace("Bo,b@x,warrior,north", "Bo,b@x,warior,nort"),
        &[
            "the cell in column `strategy` is `warior`, which is no strategy (in 1 row)\n --> people.csv:3:8",
            "did you mean `warrior`?",
            "correct the name, or add a [[strategy]] of this name",
            "the cell in column `region` is `nort`, which is no region (in 1 row)\n --> people.csv:3:15",
            "did you mean `north`?",
        ],
    );
    in_people(
        &PEOPLE.replace("Flo,f@x,servant,south,Bari", "Flo,f@x,servant,south,Oslo"),
        &["the town `Oslo` is in two regions, `north` and `south`\n --> people.csv:3:22"],
    );
}

#[test]
fn faults_of_cells_do_not_hide_unknown_names_of_any_file() {
    let people = "name,strategy\nAda,servant\nBo,warior\nAda,servant\nCy,servant\nDi,servant\n";
    let ties = "from,to,trust\nAda,Bo,2\nBo,Zoe,0.1\nBo,Cy,0.1\nBo,Di,0.1\n";
    let both = faults(&["population.ties_max=2"], people.as_bytes(), "ties.csv", ties.as_bytes());
    let unknown = "`Zoe` is nobody in people.csv (in 1 edge)\n --> ties.csv:3:4";
    has(
        &both,
        &[
            "two people have the name `Ada`\n --> people.csv:4:1",
            "`warior`, which is no strategy (in 1 row)\n --> people.csv:3:4",
            "trust must be a number from -1 to 1, but is `2`\n --> ties.csv:2:8",
            unknown,
        ],
    );
    // Somebody without a name may be the one.
    let nameless = faults(&[], people.replace("Cy,", ",").as_bytes(), "ties.csv", ties.as_bytes());
    assert!(!nameless.contains("is nobody in"), "{nameless}");
    let fewer = faults(&[], people.replace("Cy,", "").as_bytes(), "ties.csv", ties.as_bytes());
    assert!(fewer.contains("the row has 1 cell") && !fewer.contains("is nobody in"), "{fewer}");
    // The limit of ties holds for those with a faulty file of people too.
    let crowded = ties.replace(",2\n", ",0.2\n").replace("Zoe", "Ada");
    let crowded = faults(&["population.ties_max=2"], people.as_bytes(), "ties.csv", crowded.as_bytes());
    has(&crowded, &["`Bo` has 3 ties in ties.csv, but ties_max is 2", "`warior`"]);
}

#[test]
fn a_file_of_people_must_have_people_and_columns() {
    in_people("", &["the file is empty\n --> people.csv:1:1"]);
    in_people("name,strategy\n", &["the file has no people\n --> people.csv:1:1"]);
    in_people("who\nAda\n", &["the column `name` is missing\n --> people.csv:1:1", "name (or id), strategy"]);
    in_people("name,town,name\nAda,Rome,Bo\n", &["the column `name` is there twice\n --> people.csv:1:11"]);
    in_people(
        "name,region,town\n\"Ada,south,Rome\nBo,north,Oslo\n",
        &["people.csv:2:1", "the row has 1 cell, but the first line names 3 columns"],
    );
    in_people(
        "name,region\n\"Ada\nBo\",south\n",
        &["which has a control character", "people.csv:2:1", "a quote that is not closed"],
    );
    let long = format!("name,region\n{},south\n", "x".repeat(201));
    in_people(&long, &["has more than 200 characters", "people.csv:2:1", "shorten it"]);
    in_people("name,region,expertise\nAda,south,65535\n", &["at most 65,535 domains", "people.csv:2:11"]);
}

#[test]
fn faults_of_an_edge_list_are_all_reported_at_once() {
    let ties = "from,to,trust,type\nAda,Ada,0.1,directed\nAda,Bo,1.5,directed\nBo,Ada,\"0,5\",undirected\n\
        Cy,Di,,both\nCy\nAda,Bo,nan,directed\n";
    in_ties(
        "ties.csv",
        ties,
        &[
            "`Ada` has a tie to itself\n --> ties.csv:2:1",
            "the cell in column `trust`: trust must be a number from -1 to 1, but is `1.5`\n --> ties.csv:3:8",
            "scale trust to -1 to 1",
            "but is `0,5`\n --> ties.csv:4:8",
            "write a decimal point: 0.5",
            "but is ``\n --> ties.csv:5:7",
            "fill it in, or leave out trust for all ties",
            "the cell in column `type` must be directed or undirected, but is `both`\n --> ties.csv:5:8",
            "the row has 1 cell, but the first line names 4 columns\n --> ties.csv:6:1",
            "but is `nan`\n --> ties.csv:7:8",
            "the tie from `Ada` to `Bo` is there twice",
            "leave out one of the two; an undirected edge is a tie in both directions",
        ],
    );
    in_ties(
        "ties.csv",
        "from;to\nAda;Zoe\nZoe;Bo\n",
        &["`Zoe` is nobody in people.csv (in 2 edges)\n --> ties.csv:2:5", "add a row with it to people.csv"],
    );
    in_ties(
        "ties.csv",
        "form,to\nAda,Bo\n",
        &["the column `from` is missing\n --> ties.csv:1:1", "did you mean `from`?"],
    );
    in_ties(
        "ties.csv",
        "round,from,to\n3,Ada,Bo\n9,Ada,Bo\n",
        &[
            "the file has ties of several rounds, 3 and 9 among them\n --> ties.csv:3:1",
            "mingle run --network 52",
        ],
    );
    in_ties("ties.xlsx", "PK", &["the format of `ties.xlsx` is not known", ".csv, .graphml or .gexf"]);
}

#[test]
fn encodings_other_than_utf_8_are_named() {
    let latin: Vec<u8> =
        PEOPLE.replace("Flo", "Fl\u{f6}").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    has(
        &faults(&[], &latin, "ties.csv", TIES.as_bytes()),
        &["`people.csv` is not UTF-8 text: byte 246 is invalid\n --> people.csv:7:3", "choose \"CSV UTF-8\""],
    );
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(PEOPLE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    has(
        &faults(&[], &wide, "ties.csv", TIES.as_bytes()),
        &["`people.csv` is UTF-16 text, but must be UTF-8"],
    );
    has(
        &faults(&[], b"PK\x03\0\0", "ties.csv", TIES.as_bytes()),
        &["`people.csv` is not a text file", "as CSV first"],
    );
}

#[test]
fn the_files_must_agree_with_the_scenario() {
    let with = |sets: &[&str]| faults(sets, PEOPLE.as_bytes(), "ties.csv", TIES.as_bytes());
    has(
        &with(&["population.agents=7"]),
        &["population.agents is 7, but people.csv has 6 people", "leave out agents"],
    );
    assert_eq!(with(&["population.agents=6", "strategy.servant.share=0.5"]), "no faults");
    has(
        &with(&["strategy.servant.share=0.4"]),
        &[
            "strategy.servant.share is 0.4, but people.csv has 3 of 6 people with this strategy",
            "remove the share",
            "1 fault found",
        ],
    );
    has(
        &with(&["region.north.share=0.9"]),
        &["region.north.share is 0.9", "remove the column `region` from the file"],
    );
    has(
        &with(&["population.domains=2"]),
        &["population.domains is 2, but the column `expertise` of people.csv needs 3"],
    );
    has(
        &with(&["population.town_size=3"]),
        &["population.town_size is 3, but people.csv has a column `town`"],
    );
    has(
        &with(&["population.ties_max=0"]),
        &["`Bo` has 1 tie in ties.csv, but ties_max is 0", "write ties_max = 1 or more", "ties.csv:3:1"],
    );
    let no_region = PEOPLE.replace("region", "land");
    has(
        &faults(
            &["region.north.share=0.5", "region.south.share=0.5"],
            no_region.as_bytes(),
            "ties.csv",
            TIES.as_bytes(),
        ),
        &["people.csv has a column `town`, but none that says in which of 2 regions a town is"],
    );
    let nameless = PEOPLE.replace("name,", "nick,");
    has(
        &faults(&[], nameless.as_bytes(), "ties.csv", TIES.as_bytes()),
        &[
            "the ties are between people with names, but people.csv has no column name or id",
            "add a column name",
        ],
    );
    let alone = Scenario::parse_with_files(
        "[population]\nagents = 3\nnetwork_file = \"t.csv\"\n",
        &[],
        &[("t.csv", b"from,to\n0,2\n1,3\nAda,1\n")],
    );
    has(
        &alone.unwrap_err().to_string(),
        &["`3` is no agent (in 1 edge)\n --> t.csv:3:3", "`Ada` is no agent", "numbered 0 to 2"],
    );
}

#[test]
fn faults_beyond_two_hundred_are_counted() {
    let ties = format!("from,to\n{}", "Ada,Ada\n".repeat(203));
    let files = [("people.csv", PEOPLE.as_bytes()), ("ties.csv", ties.as_bytes())];
    let faults = Scenario::parse_with_files(SCENARIO, &[], &files).unwrap_err();
    has(&faults.to_string(), &[" --> ties.csv:51:1\n", "\nand 153 more\n", "203 faults found"]);
    let last = faults.faults().last().unwrap();
    assert_eq!(last.message(), "ties.csv has 3 more faults");
    assert_eq!(faults.place(last), Some(("ties.csv", 202, 1)));
}

#[test]
fn a_sweep_cannot_vary_what_the_files_give() {
    for (key, why) in [
        ("population.agents", "agents_file gives the people"),
        ("strategy.servant.share", "agents_file gives everyone's strategy"),
        ("region.north.share", "agents_file gives everyone's region"),
        ("population.town_size", "agents_file gives the towns"),
        ("population.start_ties", "network_file gives the first ties"),
        ("population.agents_file", "a file cannot be varied"),
    ] {
        let text = format!("{SCENARIO}[[factor]]\nname = \"f\"\nkeys = \"{key}\"\nvalues = [1]\n");
        let files = [("people.csv", PEOPLE.as_bytes()), ("ties.csv", TIES.as_bytes())];
        let faults = Scenario::parse_with_files(&text, &[], &files).unwrap_err().to_string();
        has(&faults, &[&format!("a factor cannot set `{key}`: {why}")]);
    }
    // What the files do not give can be varied.
    let names_alone = "name\nAda\nBo\nCy\nDi\n\"Eve, Jr\"\nFlo\n";
    for key in ["strategy.servant.share", "region.north.share"] {
        let all_shares = SCENARIO.replace("\"\n[[", "\"\nshare = 0.5\n[[") + "share = 0.5\n";
        let text = format!("{all_shares}[[factor]]\nname = \"f\"\nkeys = \"{key}\"\nvalues = [0.5, 1]\n");
        let files = [("people.csv", names_alone.as_bytes()), ("ties.csv", TIES.as_bytes())];
        let scenario =
            Scenario::parse_with_files(&text, &[], &files).unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(scenario.factors.len(), 1, "{key}");
    }
    // A value that only some points have is found before the sweep starts.
    let text =
        format!("{SCENARIO}[[factor]]\nname = \"f\"\nkeys = \"population.ties_max\"\nvalues = [3, 0]\n");
    let dir = folder(&text, &[("people.csv", PEOPLE), ("ties.csv", TIES)]);
    let said = failed(dir.path(), &["sweep", "s.toml", "--out", "out"]);
    has(&said, &["`Bo` has 1 tie in ties.csv, but ties_max is 0", "point 1 (f 0)", "ties.csv:3:1"]);
}

#[test]
fn files_that_cannot_be_read_are_named_with_the_place_where_they_were_looked_for() {
    let dir = usual();
    let check = || failed(dir.path(), &["check", "s.toml"]);
    let people = dir.path().join("people.csv");
    fs::remove_file(&people).unwrap();
    has(
        &check(),
        &[
            "population.agents_file: cannot read `people.csv`: there is no such file\n --> s.toml:6:15",
            "1 fault found",
        ],
    );
    fs::create_dir(dir.path().join("below")).unwrap();
    fs::rename(dir.path().join("s.toml"), dir.path().join("below/s.toml")).unwrap();
    let said = failed(dir.path(), &["check", "below/s.toml"]);
    has(
        &said,
        &["relative to the folder of the scenario; it was looked for as below/people.csv", "below/ties.csv"],
    );
    fs::rename(dir.path().join("below/s.toml"), dir.path().join("s.toml")).unwrap();
    fs::create_dir(&people).unwrap();
    has(&check(), &["it is a folder", "name a file in it"]);
    fs::remove_dir(&people).unwrap();
    File::create(&people).unwrap().set_len((64 << 20) + 1).unwrap();
    has(&check(), &["it is larger than 64 MiB", "keep the rows and columns that are needed"]);
    #[cfg(unix)]
    {
        fs::remove_file(&people).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &people).unwrap();
        has(&check(), &["it is a device or a pipe, not a file", "save what it gives as a file"]);
    }
}

#[test]
fn a_text_alone_cannot_name_files() {
    let faults = Scenario::parse(SCENARIO, &[]).unwrap_err().to_string();
    has(&faults, &["cannot read `people.csv`: files cannot be read here (in a browser", "mingle run FILE"]);
    has(&faults, &["cannot read `ties.csv`", "2 faults found"]);
}

#[test]
fn a_page_cannot_have_a_scenario_with_files() {
    let dir = usual();
    let said = failed(dir.path(), &["explore", "s.toml", "--out", "page.html"]);
    has(&said, &["population.agents_file names people.csv, and a page in a browser cannot read files"]);
    assert!(!dir.path().join("page.html").exists());
}

#[test]
fn many_faults_are_counted() {
    let people: String = (0..3_000).map(|row| format!("p{row},x{row}\n")).collect();
    let said = faults(&[], format!("name,strategy\n{people}").as_bytes(), "ties.csv", b"from,to\n");
    has(
        &said,
        &[
            "the cell in column `strategy` is `x0`, which is no strategy (in 1 row)",
            "and 2,952 more",
            "3,002 faults found",
        ],
    );
}
