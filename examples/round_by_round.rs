//! Follows a world round by round: what each strategy gains, and what others think of it.
//!
//! ```console
//! cargo run --release --example round_by_round
//! ```

#![allow(clippy::print_stdout, reason = "an example shows what it finds")]

use mingle::records::M;
use mingle::{Parallelism, Rules, Scenario, Simulation};

fn main() -> Result<(), mingle::Diagnostics> {
    let scenario = Scenario::parse("[population]\nagents = 500", &[])?;
    let rules = Rules::new(&scenario);
    let mut simulation = Simulation::new(&rules, scenario.seed, Parallelism::SERIAL);
    println!("round  strategy   members  net benefit  opinion");
    for _ in 0..scenario.rounds {
        for record in simulation.step(Parallelism::SERIAL) {
            if (record.round + 1) % 52 == 0 {
                let name = &scenario.strategies[usize::from(record.strategy)].name;
                let [net, opinion] = [M::Net, M::Opinion].map(|metric| record.values[metric as usize]);
                println!("{:5}  {name:9}  {:7}  {net:11.3}  {opinion:7.3}", record.round, record.agents);
            }
        }
    }
    Ok(())
}
