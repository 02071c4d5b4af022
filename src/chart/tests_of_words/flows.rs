//! Flows between strategies.

use super::super::evidence::Evidence;
use super::super::of_run;
use super::runs::{Run, write};
use super::written;
use crate::results::RunChart;

#[test]
fn a_flow_is_called_one_way_only_with_all_pairs_taken_into_account() {
    let run: Run = vec![vec![0.0, 0.5, 1.0, 1.5, 2.0]; 4];
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    write(&run, &out);
    // By itself the balance of the first two differs from zero with a p-value of 0.033, with 4 more of below 0.001.
    for (times, claimed) in [(0.0, false), (4.0, true)] {
        let mut flows = "replicate,from,to,channel,value\n".to_owned();
        let balances = [1.0, 2.0, 3.0, 0.5, 0.8].into_iter().zip([1.0, -1.0, 1.0, -1.0, 0.1]);
        for (replicate, (first, second)) in balances.enumerate() {
            for (from, to, value) in [
                ("ant", "bee", 9.0 + first + times),
                ("bee", "ant", 9.0),
                ("cow", "dog", 9.0 + second),
                ("dog", "cow", 9.0),
            ] {
                flows += &format!("{replicate},{from},{to},call,{value}\n");
            }
        }
        std::fs::write(out.join("flows.csv"), flows).unwrap();
        let evidence = Evidence::read(out.as_path()).unwrap();
        let [flows, network] =
            [RunChart::Flows, RunChart::Network].map(|chart| written(of_run(chart)(&evidence)));
        assert_eq!(flows.contains("On balance ant passes"), claimed, "{flows}");
        assert_eq!(flows.contains("No clear one-way flow"), !claimed, "{flows}");
        assert_eq!(network.contains("ant gives others"), claimed, "{network}");
        assert_eq!(network.contains("No strategy clearly gives others more"), !claimed, "{network}");
    }
}
