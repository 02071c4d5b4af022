//! A conversation's turn: push, serve or small talk, and what both think of it.

use super::agent::Agent;
use super::judging::{Act, Actor, Eye, learn};
use super::ledger::{self, Count, Tally};
use super::opinion::Opinions;
use super::population::Role;
use super::record::Channel;
use super::rules::Rules;
use super::slot_luck::{Row, TurnLuck};
use super::ties::{AgentId, Referral, TiesMut};
use crate::draws::chance;
use crate::scenario::{Region, Strategy};

/// An agent at an event: its state, and what lasts only as long as the event.
#[derive(Debug)]
pub(super) struct Guest<'a> {
    /// Who it is.
    pub id: AgentId,
    /// Its state.
    pub agent: &'a Agent,
    /// Whom it knows.
    pub ties: TiesMut<'a>,
    /// Its domain of expertise.
    pub expertise: u16,
    /// How it acts here; see [`Rules`].
    pub manner: u16,
    /// The region it comes from.
    pub region: u16,
    /// How others see its acts.
    pub actor: Actor,
    /// Whether it came from another town.
    pub travelled: bool,
    /// Whether it has pushed in the running conversation.
    pub pushed: bool,
    /// Its latest referral of the event.
    pub referral: Option<Referral>,
    /// Public standing when the slot began.
    pub standing: f32,
    /// Public standing with the verdicts of the running slot.
    pub standing_next: f32,
}

impl Guest<'_> {
    /// Whether this guest thinks well enough of another guest to help it.
    #[inline]
    fn would_help(&self, other: &Guest<'_>, setting: &Setting<'_>) -> bool {
        let opinion = if setting.rules.public {
            other.standing
        } else {
            self.ties.view().find(other.id).unwrap_or(setting.opinions.prior())
        };
        opinion >= setting.opinions.min_opinion(self.manner)
    }
}

/// What everyone at an event shares.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'a> {
    /// The rules.
    pub rules: &'a Rules,
    /// How opinions are read.
    pub opinions: Opinions<'a>,
    /// Everybody's expertise.
    pub expertise: &'a [u16],
    /// Who acts otherwise than by its strategy, if somebody does.
    pub role: Option<Role>,
    /// The round.
    pub round: u32,
}

/// The acts of one turn, for those who watch: the mover's, then the other's answer.
pub(super) type Acts = [Option<Act>; 2];

impl<'a> Setting<'a> {
    fn traits(&self, guest: &Guest<'_>) -> &'a Strategy {
        &self.rules.manners[usize::from(guest.manner)]
    }

    fn home(&self, guest: &Guest<'_>) -> &'a Region {
        &self.rules.scenario.regions[usize::from(guest.region)]
    }

    /// One turn of `a` toward `b`. Judgements come after the other's decision.
    pub(super) fn turn(
        &self,
        a: &mut Guest<'_>,
        b: &mut Guest<'_>,
        luck: TurnLuck<'_>,
        tally: &mut Tally,
    ) -> Acts {
        let traits = self.traits(a);
        let acts = match a.agent.need() {
            Some(need) if !a.pushed && chance(luck.word(Row::Ask), traits.ask) => {
                self.push(a, b, need, luck, tally)
            }
            _ if chance(luck.word(Row::Serve), traits.serve) => [self.serve(a, b, luck, tally), None],
            _ => [self.pass_by(a, b), None],
        };
        for (act, by) in acts.iter().zip([a.agent.strategy, b.agent.strategy]) {
            if *act == Some(Act::Refuse) {
                tally.count(by, Count::Refusals, 1);
            }
        }
        if let Some(act) = acts[0] {
            self.judge(b, a, act, luck.word(Row::Act));
        }
        if let Some(act) = acts[1] {
            self.judge(a, b, act, luck.word(Row::Reply));
        }
        acts
    }

    /// `a` pushes its need on `b`, who assists, refers, refuses or does nothing.
    fn push(
        &self,
        a: &mut Guest<'_>,
        b: &mut Guest<'_>,
        need: u16,
        luck: TurnLuck<'_>,
        tally: &mut Tally,
    ) -> Acts {
        a.pushed = true;
        tally.count(a.agent.strategy, Count::Pushes, 1);
        let traits = self.traits(b);
        let willing = b.would_help(a, self);
        let answer = if b.expertise == need {
            let grants = willing && chance(luck.word(Row::Answer), traits.comply);
            Some(if grants {
                self.assist(b, a, Channel::Push, (luck.word(Row::Answer), traits.comply), tally)
            } else {
                Act::Refuse
            })
        } else if willing
            && chance(luck.word(Row::Answer), traits.refer)
            && self.refer(b, a, need, luck.word(Row::Answer), tally)
        {
            Some(Act::Help)
        } else {
            None
        };
        [Some(Act::Push), answer]
    }

    /// `a` asks about `b`'s need and acts on it.
    fn serve(
        &self,
        a: &mut Guest<'_>,
        b: &mut Guest<'_>,
        luck: TurnLuck<'_>,
        tally: &mut Tally,
    ) -> Option<Act> {
        if let Some(need) = b.agent.need() {
            let able = a.expertise == need;
            if !a.would_help(b, self) {
                return able.then_some(Act::Refuse);
            }
            if able {
                return Some(self.assist(a, b, Channel::Gift, (luck.word(Row::Answer), 1.0), tally));
            }
            if chance(luck.word(Row::Answer), self.traits(a).refer)
                && self.refer(a, b, need, luck.word(Row::Answer), tally)
            {
                return Some(Act::Help);
            }
        }
        ledger::encourage(a.agent, b.agent, tally);
        Some(Act::Encourage)
    }

    /// Small talk: where needs are visible, an able guest who lets one pass refuses.
    fn pass_by(&self, a: &Guest<'_>, b: &Guest<'_>) -> Option<Act> {
        let passes = self.rules.scenario.needs.visible && b.agent.need() == Some(a.expertise);
        passes.then_some(Act::Refuse)
    }

    /// Solves the need of `helped`, unless the attempt fails, which counts as a refusal. The word
    /// granted the attempt with this chance; the least of those words fail.
    fn assist(
        &self,
        helper: &mut Guest<'_>,
        helped: &mut Guest<'_>,
        channel: Channel,
        (word, granted): (u32, f64),
        tally: &mut Tally,
    ) -> Act {
        if chance(word, granted * self.rules.scenario.help.execution_error) {
            return Act::Refuse;
        }
        ledger::solve(helper.agent, helped.agent, channel, tally);
        helped.referral = None;
        Act::Help
    }

    /// Points `helped` to the helper's best tie with the expertise; false without such a tie.
    fn refer(
        &self,
        helper: &mut Guest<'_>,
        helped: &mut Guest<'_>,
        need: u16,
        word: u32,
        tally: &mut Tally,
    ) -> bool {
        let able = |k: AgentId| self.expertise[k as usize] == need && k != helped.id;
        let best = self.opinions.best(helper.ties.view(), able, word);
        let Some((expert, opinion)) = best else { return false };
        let decay = self.opinions.decay();
        let vouched = match helped.ties.view().find(helper.id) {
            None => self.rules.vouch,
            Some(_) if self.rules.public => helper.standing,
            Some(stored) => decay.read(stored),
        };
        let trust = opinion * vouched.max(0.0);
        helped.ties.meet(expert, decay.store(trust), decay);
        helped.referral = Some(Referral { expert, referrer: helper.id, trust });
        ledger::refer(helper.agent, tally);
        true
    }

    /// `judge` judges what `actor` did to it. The recipient is the judge itself, so good; under
    /// public reputation what counts is its standing when the slot began.
    fn judge(&self, judge: &mut Guest<'_>, actor: &mut Guest<'_>, act: Act, word: u32) {
        let rules = &self.rules.scenario.reputation;
        if self.rules.public {
            let eye = Eye { rules, manners: self.home(actor), observe: rules.observe };
            if let Some(verdict) = eye.verdict(act, actor.actor, judge.standing >= 0.0, word) {
                actor.standing_next = learn(actor.standing_next, verdict, self.rules.learning);
            }
        } else {
            let eye = Eye { rules, manners: self.home(judge), observe: 1.0 };
            if let Some(verdict) = eye.verdict(act, actor.actor, true, word) {
                self.update(judge, actor.id, verdict);
            }
        }
    }

    /// A bystander who may see what `actor` did to `recipient` judges it by its own opinions (private
    /// reputation).
    pub(super) fn witness(
        &self,
        judge: &mut Guest<'_>,
        actor: (AgentId, Actor),
        recipient: AgentId,
        act: Act,
        word: u32,
    ) {
        let rules = &self.rules.scenario.reputation;
        if !chance(word, rules.observe) {
            return;
        }
        let good = self.opinions.stored(judge.ties.view(), recipient) >= 0.0;
        let eye = Eye { rules, manners: self.home(judge), observe: rules.observe };
        if let Some(verdict) = eye.verdict(act, actor.1, good, word) {
            self.update(judge, actor.0, verdict);
        }
    }

    /// Moves the judge's trust in `actor` toward a verdict.
    fn update(&self, judge: &mut Guest<'_>, actor: AgentId, verdict: f32) {
        let learning = self.rules.learning;
        let moved = |trust| learn(trust, verdict, learning);
        judge.ties.change(actor, self.opinions.prior(), self.opinions.decay(), moved);
    }
}
