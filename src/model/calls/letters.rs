//! What reaches people by the phone, and what it does to them.

use std::ops::Range;

use super::call::{Call, Fate, Judgement, Searches, in_parts};
use crate::model::judging::learn;
use crate::model::mail::Receiver;
use crate::model::payment::Post;
use crate::model::population::{PART, World};
use crate::model::ties::{ANYWHERE, AgentId};
use crate::parallel::Team;

/// What reaches an agent by the phone.
#[derive(Clone, Copy, Debug)]
pub(super) enum Letter {
    /// It named or passed on.
    Referred,
    /// Its own call, by position.
    Called(usize),
    /// It took the call at this position.
    Took(usize),
    /// It was on the chain of a call taken.
    Found,
}

/// Everything that reaches anybody, in the order in which it is to be opened, piece by piece.
pub(super) fn write_letters(
    searches: &Searches,
    fates: &[Fate],
    team: Team<'_>,
) -> Vec<Vec<(AgentId, Letter)>> {
    let calls = &searches.calls;
    let taken = |part: Range<usize>| part.filter(|&i| fates[i] == Fate::Taken);
    let mut letters = team.map(searches.payers.chunks(PART).collect(), |payers| {
        payers.iter().map(|&(payer, _)| (payer, Letter::Referred)).collect()
    });
    letters.extend(
        team.map(in_parts(calls.len()), |part| part.map(|i| (calls[i].caller, Letter::Called(i))).collect()),
    );
    letters.extend(team.map(in_parts(calls.len()), |part| {
        taken(part).map(|i| (calls[i].expert, Letter::Took(i))).collect()
    }));
    letters.extend(team.map(in_parts(calls.len()), |part| {
        let links = taken(part).flat_map(|i| calls[i].chain.links());
        links.map(|&link| (link, Letter::Found)).collect()
    }));
    letters
}

/// Posts payments, and changes ties and trust, on the receiver's side of a letter.
pub(super) fn open<'a>(
    world: &World<'a>,
    calls: &'a [Call],
    fates: &'a [Fate],
    judgements: &'a [Vec<Judgement>],
) -> impl Fn(Receiver<'_>, Letter) + Sync + Send + use<'a> {
    let (rules, decay, prior) = (world.rules, *world.decay(), world.thresholds.prior);
    move |Receiver { agent, fees, mut ties }, letter| match letter {
        Letter::Referred => agent.post(Post::Refer, 1),
        Letter::Found => fees.post(Post::Finder, 1),
        Letter::Took(i) => {
            fees.post(Post::Pull, 1);
            agent.post(Post::Assist, 1);
            ties.part((calls[i].caller, ANYWHERE), prior, &decay);
        }
        Letter::Called(i) => {
            let call = &calls[i];
            ties.meet(call.expert, decay.store(call.trust.clamp(-1.0, 1.0)), &decay);
            if fates[i] == Fate::Taken {
                agent.close_need();
                agent.post(Post::Call, 1);
                fees.post(Post::FinderPaid, u32::try_from(call.chain.len).expect("chains are short"));
            }
            if !rules.public {
                for &(actor, verdict) in &judgements[i] {
                    ties.change((actor, ANYWHERE), prior, &decay, |trust| {
                        learn(trust, verdict, rules.learning)
                    });
                }
            }
        }
    }
}
