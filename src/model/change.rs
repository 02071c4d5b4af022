//! Rules that change at a round.

use super::agent::Tenure;
use super::gratitude::LastHelped;
use super::people::People;
use super::population::World;
use super::rules::Rules;
use crate::parallel::Parallelism;

impl<'a> World<'a> {
    /// Goes on by other rules, before the round in which they begin. The state stays as it is: needs, ties, opinions and
    /// accounts, in which each payment keeps its price. What only the new rules need begins here.
    pub(super) fn adopt(&mut self, rules: &'a Rules, par: Parallelism<'_>) {
        let prices = [&self.rules.prices, &rules.prices];
        if prices[0].differ_from(prices[1]) {
            let payments: Vec<_> = (0..self.n_agents()).map(|agent| self.payments(agent)).collect();
            self.settled.settle(payments.into_iter(), prices);
        }
        self.rules = rules;
        let n = self.agents.len();
        if rules.charges_ties && self.tenures.is_empty() {
            self.tenures = vec![Tenure::default(); n];
        }
        let help = &rules.scenario.help;
        if help.pay_forward > 0.0 && !self.last_helped.is_kept() {
            self.last_helped = LastHelped::new(n);
        }
        self.favours.adopt(help);
        self.people = People::new(rules, self.random_key, &self.agents, par);
        for agent in 0..self.n_agents() {
            let born = self.tenure(agent).born();
            if born > 0 {
                let strategy = self.agents[agent as usize].strategy;
                self.people.renew(rules, self.random_key, (agent, born), strategy);
            }
        }
    }
}
