//! The messages of the phase, and their effect on the receivers.

use std::ops::Range;

use super::call::{Call, CallOutcome, Judgement, Searches, in_parts};
use crate::model::judge::learn;
use crate::model::messages::Receiver;
use crate::model::payment::PaymentKind;
use crate::model::population::{PART, World};
use crate::model::ties::{ANYWHERE, AgentId, Decay, TiesMut};
use crate::parallel::Parallelism;

/// A message to an agent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Message {
    /// The receiver named an expert or passed a search on.
    Referred,
    /// The receiver made the call at this position.
    Called(usize),
    /// The receiver took the call at this position.
    Took(usize),
    /// The receiver was a link on the chain of a call that was taken.
    Found,
}

/// All messages, in pieces, in the order in which they are applied.
pub(super) fn write_messages(
    searches: &Searches,
    outcomes: &[CallOutcome],
    par: Parallelism<'_>,
) -> Vec<Vec<(AgentId, Message)>> {
    let calls = &searches.calls;
    let taken = |part: Range<usize>| part.filter(|&i| outcomes[i] == CallOutcome::Taken);
    let mut messages = par.map(searches.payers.chunks(PART).collect(), |payers| {
        payers.iter().map(|&(payer, _)| (payer, Message::Referred)).collect()
    });
    messages.extend(
        par.map(in_parts(calls.len()), |part| part.map(|i| (calls[i].caller, Message::Called(i))).collect()),
    );
    messages.extend(par.map(in_parts(calls.len()), |part| {
        taken(part).map(|i| (calls[i].expert, Message::Took(i))).collect()
    }));
    messages.extend(par.map(in_parts(calls.len()), |part| {
        let links = taken(part).flat_map(|i| calls[i].chain.links());
        links.map(|&link| (link, Message::Found)).collect()
    }));
    messages
}

/// Applies a message to its receiver: posts payments and changes ties.
pub(super) fn apply<'a>(
    world: &World<'a>,
    calls: &'a [Call],
    outcomes: &'a [CallOutcome],
    judgements: &'a [Vec<Judgement>],
) -> impl Fn(Receiver<'_>, Message) + Sync + Send + use<'a> {
    let opinions = CallersOpinions::new(world);
    let CallersOpinions { decay, prior, .. } = opinions;
    move |Receiver { agent, fees, mut ties }, message| match message {
        Message::Referred => agent.post(PaymentKind::Refer, 1),
        Message::Found => fees.post(PaymentKind::Finder, 1),
        Message::Took(i) => {
            fees.post(PaymentKind::Pull, 1);
            agent.post(PaymentKind::Assist, 1);
            ties.renew((calls[i].caller, ANYWHERE), prior, &decay);
        }
        Message::Called(i) => {
            let call = &calls[i];
            if outcomes[i] == CallOutcome::Taken {
                agent.post(PaymentKind::Call, 1);
                fees.post(PaymentKind::FinderPaid, u32::try_from(call.chain.len).expect("chains are short"));
            }
            opinions.change(call, &judgements[i], &mut ties, |_, _| ());
        }
    }
}

/// The rules by which a call changes its caller's ties.
#[derive(Clone, Copy, Debug)]
pub(super) struct CallersOpinions {
    public: bool,
    learning: f32,
    decay: Decay,
    prior: f32,
}

impl CallersOpinions {
    pub(super) fn new(world: &World<'_>) -> Self {
        let (rules, decay) = (world.rules, *world.decay());
        Self { public: rules.public, learning: rules.learning, decay, prior: world.thresholds.prior }
    }

    /// The caller gets a tie to the expert. Under private reputation its judgements change its opinions, which are
    /// told to `judged` as before and after.
    #[inline]
    pub(super) fn change(
        &self,
        call: &Call,
        judgements: &[Judgement],
        ties: &mut TiesMut<'_>,
        mut judged: impl FnMut(AgentId, [f32; 2]),
    ) {
        ties.ensure(call.expert, self.decay.store(call.trust.clamp(-1.0, 1.0)), &self.decay);
        if self.public {
            return;
        }
        for &(actor, verdict) in judgements {
            ties.change((actor, ANYWHERE), self.prior, &self.decay, |trust| {
                let moved = learn(trust, verdict, self.learning);
                judged(actor, [trust, moved]);
                moved
            });
        }
    }
}
