//! Plays the bet in memory: what the same person gains at the same event as a servant and as a warrior.
//!
//! ```console
//! cargo run --release --example bet_in_memory
//! ```

#![allow(clippy::print_stdout, reason = "an example shows what it finds")]

use mingle::{Amount, Scenario, ThreadPool};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scenario = Scenario::parse_bet("", &["population.agents=500", "bet.worlds=10"])?;
    let worlds = mingle::bet(&scenario, &ThreadPool::new(0)?);
    let twins: Vec<_> = worlds.iter().flat_map(|world| &world.twins).collect();
    println!("rounds after  mean difference  servant ahead");
    let horizons = &scenario.bet.as_ref().expect("it was parsed for a bet").horizons;
    for (place, horizon) in horizons.iter().enumerate() {
        let differences: Vec<Amount> = twins
            .iter()
            .map(|twin| twin.horizons[place].second.net - twin.horizons[place].first.net)
            .collect();
        let ahead = differences.iter().filter(|difference| **difference > Amount::ZERO).count();
        let mean = differences.iter().copied().sum::<Amount>().per(differences.len() as u64);
        println!("{horizon:12}  {mean:15.3}  {ahead:4} of {}", differences.len());
    }
    Ok(())
}
