//! In what the two worlds differ so far, each difference with the step that it goes back to.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::node::{Node, latest};
use crate::model::{ActKind, ActRecord, AgentId, Simulation};
use crate::scenario::{ReputationKind, Scenario};

/// Stands for everybody, as the holder of a public standing.
const EVERYBODY: AgentId = AgentId::MAX;

/// Number of opinions up to which those that agree again are looked for in every round.
const EVERY_ROUND: usize = 1 << 16;

/// The need of an agent whose needs differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// Open since before they differed, so in both worlds the same if it is open in both.
    Same,
    /// None is open.
    Closed,
    /// One that arose in this round, in this domain.
    Opened(u32, Option<u16>),
}

/// How the needs of an agent differ.
#[derive(Clone, Debug)]
struct NeedDifference {
    needs: [Need; 2],
    node: Rc<Node>,
}

/// The differences between the states of the two worlds.
#[derive(Debug)]
pub(super) struct State {
    /// Whether reputation is public.
    public: bool,
    /// Whether accounts can change what agents do, by failure or imitation.
    accounts_matter: bool,
    /// Whether people return favours.
    favours_matter: bool,
    needs: BTreeMap<AgentId, NeedDifference>,
    /// Ties and opinions, by their holder and whom they are about.
    opinions: BTreeMap<(AgentId, AgentId), Rc<Node>>,
    /// Number of opinions from which on those that agree again are looked for.
    opinions_max: usize,
    /// The latest step that changed with whom an agent has ties.
    contacts: BTreeMap<AgentId, Rc<Node>>,
    /// Strategies, failures and newcomers.
    lives: BTreeMap<AgentId, Rc<Node>>,
    /// The latest payment of an agent.
    accounts: BTreeMap<AgentId, Rc<Node>>,
    /// When an agent was last helped.
    helped: BTreeMap<AgentId, Rc<Node>>,
    /// Who of two agents last helped the other, the smaller one first.
    favours: BTreeMap<(AgentId, AgentId), Rc<Node>>,
}

impl State {
    /// Two worlds that are the same.
    pub(super) fn new(s: &Scenario) -> Self {
        Self {
            public: s.reputation.kind == ReputationKind::Public,
            accounts_matter: s.survival.is_some() || s.evolution.is_some(),
            favours_matter: s.help.reciprocity > 0.0,
            needs: BTreeMap::new(),
            opinions: BTreeMap::new(),
            opinions_max: EVERY_ROUND,
            contacts: BTreeMap::new(),
            lives: BTreeMap::new(),
            accounts: BTreeMap::new(),
            helped: BTreeMap::new(),
            favours: BTreeMap::new(),
        }
    }

    /// Why the need of an agent differs.
    pub(super) fn need(&self, agent: AgentId) -> Option<Rc<Node>> {
        self.needs.get(&agent).map(|difference| Rc::clone(&difference.node))
    }

    /// Why what one agent thinks of another differs, or whether it has a tie to it.
    pub(super) fn opinion(&self, of: AgentId, about: AgentId) -> Option<Rc<Node>> {
        latest([self.opinions.get(&(of, about)), self.standing(about)])
    }

    /// Why the public standing of an agent differs.
    fn standing(&self, about: AgentId) -> Option<&Rc<Node>> {
        self.opinions.get(&(EVERYBODY, about)).filter(|_| self.public)
    }

    /// Why the ties of an agent differ.
    pub(super) fn contacts(&self, agent: AgentId) -> Option<Rc<Node>> {
        self.contacts.get(&agent).cloned()
    }

    /// Why the strategy of an agent differs, or whether it is there.
    pub(super) fn life(&self, agent: AgentId) -> Option<Rc<Node>> {
        self.lives.get(&agent).cloned()
    }

    /// Why the account of an agent differs.
    pub(super) fn account(&self, agent: AgentId) -> Option<Rc<Node>> {
        self.accounts.get(&agent).cloned()
    }

    /// Why it differs when an agent was last helped.
    pub(super) fn helped(&self, agent: AgentId) -> Option<Rc<Node>> {
        self.helped.get(&agent).cloned()
    }

    /// Why it differs who of two agents owes the other a favour.
    pub(super) fn favour(&self, a: AgentId, b: AgentId) -> Option<Rc<Node>> {
        self.favours.get(&(a.min(b), a.max(b))).cloned()
    }

    /// Applies an act that only the world `side` has.
    pub(super) fn apply(&mut self, side: usize, act: &ActRecord, node: &Rc<Node>) {
        let opened = Need::Opened(act.round, act.domain);
        match (act.kind, act.other) {
            (ActKind::Lapse, _) => self.set_need(side, act.actor, [Need::Same, Need::Closed], node),
            (ActKind::Need, _) => self.set_need(side, act.actor, [Need::Closed, opened], node),
            (ActKind::Assist, Some(helped)) => {
                self.set_need(side, helped, [Need::Same, Need::Closed], node);
                self.helped.insert(helped, Rc::clone(node));
                if self.favours_matter {
                    let pair = (act.actor.min(helped), act.actor.max(helped));
                    self.favours.insert(pair, Rc::clone(node));
                }
                if act.event.is_none() {
                    self.meet([act.actor, helped], node);
                }
            }
            (ActKind::Talk, Some(other)) => self.meet([act.actor, other], node),
            (ActKind::Refer, Some(helped)) if act.event.is_some() => {
                act.third.into_iter().for_each(|expert| self.know(helped, expert, node));
            }
            (ActKind::Judge, Some(other)) => self.moved(act.actor, other, node),
            (ActKind::Gossip, Some(listener)) => {
                act.third.into_iter().for_each(|third| self.moved(listener, third, node));
            }
            (ActKind::Enter | ActKind::Fail, _) => {
                self.lives.insert(act.actor, Rc::clone(node));
                self.needs.remove(&act.actor);
                self.set_need(side, act.actor, [Need::Same, Need::Closed], node);
            }
            (ActKind::Adopt, _) => drop(self.lives.insert(act.actor, Rc::clone(node))),
            _ => {}
        }
        self.pay(act, node);
    }

    /// Notes the parties of a payment, where their accounts can have consequences.
    fn pay(&mut self, act: &ActRecord, node: &Rc<Node>) {
        let pays = act.channel.is_some() || matches!(act.kind, ActKind::Attend | ActKind::Refer);
        if self.accounts_matter && pays {
            for agent in [Some(act.actor), act.other].into_iter().flatten() {
                self.accounts.insert(agent, Rc::clone(node));
            }
        }
    }

    /// Applies an act that both worlds have. Afterwards they agree in what it sets. Opinions that it moves can still differ:
    /// then the answer is what they are about, if they began to differ by it.
    pub(super) fn apply_to_both(&mut self, acts: [&ActRecord; 2]) -> Option<(AgentId, AgentId)> {
        let act = acts[0];
        match (act.kind, act.other, act.third) {
            (ActKind::Need | ActKind::Lapse, ..) => drop(self.needs.remove(&act.actor)),
            (ActKind::Assist, Some(helped), _) => {
                self.needs.remove(&helped);
                self.helped.remove(&helped);
                self.favours.remove(&(act.actor.min(helped), act.actor.max(helped)));
            }
            (ActKind::Enter, ..) => {
                self.lives.remove(&act.actor);
                self.needs.remove(&act.actor);
            }
            (ActKind::Judge, Some(about), _) => return self.agree((act.actor, about), acts),
            (ActKind::Gossip, Some(listener), Some(about)) => return self.agree((listener, about), acts),
            _ => {}
        }
        None
    }

    /// Compares the opinions that an act of both worlds moves.
    fn agree(
        &mut self,
        (of, about): (AgentId, AgentId),
        acts: [&ActRecord; 2],
    ) -> Option<(AgentId, AgentId)> {
        let [first, second] = acts.map(|act| act.opinion.unwrap_or_default().map(f32::to_bits));
        if first[1] == second[1] {
            self.opinions.remove(&self.holder(of, about));
            return None;
        }
        (first[0] == second[0]).then_some((of, about))
    }

    /// An opinion began to differ, or was moved in one world only.
    pub(super) fn moved(&mut self, of: AgentId, about: AgentId, node: &Rc<Node>) {
        self.opinions.insert(self.holder(of, about), Rc::clone(node));
        if !self.public {
            self.contacts.insert(of, Rc::clone(node));
        }
    }

    /// Who holds an opinion: under public reputation everybody.
    fn holder(&self, of: AgentId, about: AgentId) -> (AgentId, AgentId) {
        if self.public { (EVERYBODY, about) } else { (of, about) }
    }

    /// Two agents get to know each other, unless their ties differed before.
    fn meet(&mut self, [a, b]: [AgentId; 2], node: &Rc<Node>) {
        self.know(a, b, node);
        self.know(b, a, node);
    }

    fn know(&mut self, of: AgentId, about: AgentId, node: &Rc<Node>) {
        self.opinions.entry((of, about)).or_insert_with(|| Rc::clone(node));
        self.contacts.insert(of, Rc::clone(node));
    }

    /// Changes the need of an agent in one world, from and to a need.
    fn set_need(&mut self, side: usize, agent: AgentId, [from, to]: [Need; 2], node: &Rc<Node>) {
        let difference = self
            .needs
            .entry(agent)
            .or_insert_with(|| NeedDifference { needs: [from; 2], node: Rc::clone(node) });
        difference.needs[side] = to;
        difference.node = Rc::clone(node);
        if difference.needs[0] == difference.needs[1] {
            self.needs.remove(&agent);
        }
    }

    /// Forgets ties that agree again at the end of a round. If many differ this is done only when they have doubled, because
    /// it takes time. So memory grows with the ties of the worlds only.
    pub(super) fn forget_equal_ties(&mut self, worlds: [&Simulation<'_>; 2]) {
        if (EVERY_ROUND..self.opinions_max).contains(&self.opinions.len()) {
            return;
        }
        let ties = |agent: AgentId| worlds.map(|world| world.ties_of(agent));
        let mut own = (EVERYBODY, [Vec::new(), Vec::new()]);
        self.opinions.retain(|&(of, about), _| {
            if of == EVERYBODY {
                return true;
            }
            if own.0 != of {
                own = (of, ties(of));
            }
            let found = own.1.each_ref().map(|row| {
                let place = row.binary_search_by_key(&about, |(contact, _)| *contact).ok()?;
                Some(row[place].1.to_bits())
            });
            found[0] != found[1]
        });
        self.opinions_max = (2 * self.opinions.len()).max(EVERY_ROUND);
    }
}
