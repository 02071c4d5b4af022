//! Single turns, and the judgements on them.

use super::{Context, Event};
use crate::draws::{bernoulli, happens};
use crate::model::act::ActKind;
use crate::model::decide::{Answer, NO_NEED, answer, intend, needs_help, outcome};
use crate::model::judge::{Act, learn};
use crate::model::ledger::{self, Count, Tally};
use crate::model::record::Channel;
use crate::model::slot_draws::{Row, width};
use crate::model::tie_table::TieRows;
use crate::model::ties::{ANYWHERE, AgentId, Hint, Referral};

impl Event<'_> {
    /// Private reputation: the judgements of the partner and of bystanders on a decided act.
    #[inline]
    pub(super) fn judge_decided(&mut self, slot: u32, (a, b): (usize, usize), ties: &mut TieRows<'_>) {
        let act = match (self.seats.pushes[a], self.seats.encourages[a]) {
            (0, 0) => return,
            (0, _) => Act::Encourage,
            _ => Act::Push,
        };
        self.judge(a, (b, a), act, self.draws.turn(a).word(Row::Act), ties);
        if self.bystanders.is_some() {
            self.judge_as_bystanders(slot, (a, b), [Some(act), None], ties);
        }
    }

    /// One turn of `a` toward `b`. Judgements come after all decisions of the turn.
    pub(super) fn turn(
        &mut self,
        slot: u32,
        (a, b): (usize, usize),
        ties: &mut TieRows<'_>,
        tally: &mut Tally,
    ) {
        let (rules, draws) = (self.context.rules, self.draws.turn(a));
        let s = &self.seats;
        let (own, other) = (s.facts[a], s.facts[b]);
        let asks = happens(draws.word(Row::Ask), s.ask[a]);
        let serves = happens(draws.word(Row::Serve), s.serve[a]);
        let intention = intend(own, other, s.pushed[a] != 0, asks, serves);
        let (helper, helped) = if intention.pushes { (b, a) } else { (a, b) };
        let (word, can_refer) = (draws.word(Row::Answer), rules.scenario.population.ties_max > 0);
        let behaviour = s.guests[helper].actor.behaviour;
        let answer = answer(intention.pushes, false, can_refer, behaviour, rules.gives, word);
        // An opinion is looked up only if it matters.
        let matters = intention.concerns_help(other) && (intention.able || intention.serves || answer.refers);
        let answer = Answer { willing: matters && self.would_help(helper, helped, ties), ..answer };
        let outcome = outcome(intention, other, answer, rules.scenario.needs.visible);
        self.seats.pushes[a] = intention.pushes.into();
        self.seats.encourages[a] = 0;
        let act = if outcome.assists {
            let channel = if intention.pushes { Channel::Push } else { Channel::Gift };
            let size = self.solve(helper, helped, channel, tally);
            self.observe_in_turn(a, ActKind::Assist, [helper, helped], None, Some((channel, size)));
            Some(Act::Help)
        } else if outcome.refuses {
            tally.count(self.seats.guests[helper].strategy, Count::Refusals, 1);
            self.observe_in_turn(a, ActKind::Refuse, [helper, helped], None, None);
            Some(Act::Refuse)
        } else if outcome.refers && self.refer(a, [helper, helped], word, ties, tally) {
            Some(Act::Help)
        } else if outcome.encourages || (outcome.refers && intention.serves) {
            self.seats.encourages[a] = 1;
            Some(Act::Encourage)
        } else {
            None
        };
        let acts = if intention.pushes { [Some(Act::Push), act] } else { [act, None] };
        for (act, pair, row) in [(acts[0], (b, a), Row::Act), (acts[1], (a, b), Row::Reply)] {
            if let Some(act) = act {
                self.judge(a, pair, act, self.draws.turn(a).word(row), ties);
            }
        }
        if self.bystanders.is_some() {
            self.judge_as_bystanders(slot, (a, b), acts, ties);
        }
    }

    /// Whether a guest's opinion of another is high enough to help it.
    fn would_help(&self, helper: usize, helped: usize, ties: &TieRows<'_>) -> bool {
        let Context { rules, opinions, .. } = self.context;
        let opinion = if rules.public {
            self.seats.standing[helped]
        } else {
            let contact = self.seats.guests[helped].id;
            ties.of(helper).find(contact, self.seats.place[helper]).unwrap_or(opinions.prior())
        };
        opinion >= self.seats.min_opinion[helper]
    }

    /// Solves the need of `helped` that `helper` can solve, and returns its size. The next is entered, if there is one.
    fn solve(&mut self, helper: usize, helped: usize, channel: Channel, tally: &mut Tally) -> u32 {
        let Context { needs, last_helped, round, .. } = self.context;
        let [giver, receiver] = [helper, helped].map(|seat| self.seats.guests[seat]);
        debug_assert!(needs_help(self.seats.facts[helped]), "only an open need can be solved");
        let size = needs.solve((receiver.id, receiver.agent), giver.expertise, channel);
        ledger::solve(giver.agent, receiver.agent, channel, size, tally);
        last_helped.record(receiver.id, round);
        self.remember_help(giver.id, receiver.id);
        self.seats.choose_need(helped, helper, needs);
        size
    }

    /// Refers `helped`, in the turn of `a`, to the helper's best tie with the expertise. Returns false without such a
    /// tie.
    fn refer(
        &mut self,
        a: usize,
        [helper, helped]: [usize; 2],
        word: u32,
        ties: &mut TieRows<'_>,
        tally: &mut Tally,
    ) -> bool {
        let Context { rules, opinions, expertise, .. } = self.context;
        let (from, to) = (self.seats.guests[helper], self.seats.guests[helped]);
        let need = self.seats.facts[helped] & NO_NEED;
        let able = |k: AgentId| u32::from(expertise[k as usize]) == need && k != to.id;
        let Some((expert, opinion)) = opinions.best(ties.of(helper), able, word) else { return false };
        let decay = opinions.decay();
        let mut own = ties.row(helped);
        let vouched = match own.view().find(from.id, self.seats.place[helped]) {
            None => rules.vouch,
            Some(_) if rules.public => self.seats.standing[helper],
            Some(stored) => decay.read(stored),
        };
        let trust = opinion * vouched.max(0.0);
        own.ensure(expert, decay.store(trust), decay);
        self.seats.referral[helped] = Some(Referral { expert, referrer: from.id, trust });
        ledger::refer(from.agent, tally);
        self.observe_in_turn(a, ActKind::Refer, [helper, helped], Some(expert), None);
        true
    }

    /// In a turn, `judge` judges the act of `actor`, of which it is the recipient. Under private reputation it counts as
    /// good, under public reputation by its standing at the start of the slot.
    fn judge(
        &mut self,
        turn: usize,
        (judge, actor): (usize, usize),
        act: Act,
        word: u32,
        ties: &mut TieRows<'_>,
    ) {
        let rules = self.context.rules;
        let s = &mut self.seats;
        let acts = s.guests[actor].actor;
        let (region, good) = if rules.public {
            (acts.region, s.standing[judge] >= 0.0)
        } else {
            (s.guests[judge].actor.region, true)
        };
        let by_norm = rules.by_norm[usize::from(region)][act as usize][usize::from(good)];
        let observation = rules.observations.of(acts, region);
        let (is_seen, verdict) = observation.verdict(word, s.motive[actor], by_norm);
        if !is_seen {
            return;
        }
        if rules.public {
            let before = s.next[actor];
            s.next[actor] = learn(before, verdict, rules.learning);
            let opinion = [before, s.next[actor]];
            self.observe_judgement(turn, [judge, actor], opinion);
        } else {
            let hint = self.seats.place[judge];
            self.seats.place[judge] = self.learn(turn, (judge, actor), hint, verdict, ties);
        }
    }

    /// Every other guest sees each act with chance `observe` and judges it by its own opinion of the recipient.
    fn judge_as_bystanders(
        &mut self,
        slot: u32,
        (a, b): (usize, usize),
        acts: [Option<Act>; 2],
        ties: &mut TieRows<'_>,
    ) {
        let rules = self.context.rules;
        let n = self.seats.guests.len();
        let w = width(n) as u64;
        for (k, (act, actor, recipient)) in (0u64..).zip([(acts[0], a, b), (acts[1], b, a)]) {
            let (Some(act), Some(words)) = (act, self.bystanders.as_mut()) else { continue };
            words.seek(((u64::from(slot) * w + a as u64) * 2 + k) * w);
            let mut seen = vec![0; n];
            words.fill(&mut seen);
            let whom = self.seats.guests[recipient].id;
            for (judge, word) in seen.into_iter().enumerate().filter(|&(seat, _)| seat != a && seat != b) {
                let observe = rules.scenario.reputation.observe;
                if !bernoulli(word, observe) {
                    continue;
                }
                let good = self.context.opinions.stored(ties.of(judge), whom) >= 0.0;
                let region = self.seats.guests[judge].actor.region;
                let observation = rules.observations.compute(self.seats.guests[actor].actor, region, observe);
                let by_norm = rules.by_norm[usize::from(region)][act as usize][usize::from(good)];
                let (_, verdict) = observation.verdict(word, self.seats.motive[actor], by_norm);
                self.learn(a, (judge, actor), ANYWHERE, verdict, ties);
            }
        }
    }

    /// In a turn, moves the judge's trust in `actor` toward a verdict. Returns the position of the tie.
    fn learn(
        &mut self,
        turn: usize,
        (judge, actor): (usize, usize),
        hint: Hint,
        verdict: f32,
        ties: &mut TieRows<'_>,
    ) -> Hint {
        let Context { rules, opinions, .. } = self.context;
        let mut opinion = [0.0; 2];
        let moved = |trust| {
            opinion = [trust, learn(trust, verdict, rules.learning)];
            opinion[1]
        };
        let contact = (self.seats.guests[actor].id, hint);
        let place = ties.row(judge).change(contact, opinions.prior(), opinions.decay(), moved);
        self.observe_judgement(turn, [judge, actor], opinion);
        place
    }
}
