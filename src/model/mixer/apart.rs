//! Mixers in variants: which events are, but for the states of guests, those of the base, and the
//! others, which are held here on their own.

use super::{Hall, MixerOutcome, close};
use crate::model::event::Event;
use crate::model::population::World;
use crate::model::roll::{EventPlan, Roll};
use crate::model::ties::AgentId;
use crate::model::variant::Variant;
use crate::parallel::Team;

/// Holds, in a variant, the events that are not as in the base, which has not yet held its own.
/// Returns the units of the others, which the variant can follow: the same guests are there, nobody
/// acts in another manner, and what a pair does is up to the pair.
pub(super) fn hold_apart(
    world: &mut World<'_>,
    variant: &mut Variant,
    round: u32,
    base: &Roll,
    team: Team<'_>,
) -> Vec<u64> {
    variant.partners.clear();
    variant.referred.clear();
    let own = own_roll(world, variant, round, team);
    let roll = own.as_ref().unwrap_or(base);
    let (mut follows, mut apart) = (Vec::with_capacity(roll.events.len()), Vec::new());
    let mut others = base.events.iter().peekable();
    for plan in &roll.events {
        while others.next_if(|other| other.unit() < plan.unit()).is_some() {}
        let same = others.next_if(|other| other.unit() == plan.unit());
        let same = same.is_some_and(|other| own.is_none() || base.guests(other).eq(roll.guests(plan)));
        if same && !acts_apart(world, variant, round, roll.guests(plan)) {
            follows.push(plan.unit());
        } else {
            apart.push(plan);
        }
    }
    // Whoever sits elsewhere or stays at home here, and does not in the base, differs.
    let disturbed = base.events.iter().filter(|plan| follows.binary_search(&plan.unit()).is_err());
    disturbed.flat_map(|plan| base.guests(plan)).for_each(|id| variant.take(id, world));
    let mut hall = Hall::new(world, round, roll);
    hall.setting.role = variant.role;
    apart.into_iter().for_each(|plan| hold(&hall, variant, plan));
    follows
}

/// Who is where in a variant, if that may not be as in the base: its role brings somebody.
fn own_roll(world: &mut World<'_>, variant: &Variant, round: u32, team: Team<'_>) -> Option<Roll> {
    let summons = variant.role.is_some_and(|role| role.summoned == round);
    summons.then(|| {
        let role = std::mem::replace(&mut world.role, variant.role);
        let roll = Roll::call(world, round, team);
        world.role = role;
        roll
    })
}

/// Whether an event with these guests is to be held on its own: for the manner of one, or because
/// who talks to whom, or what others see, may change with any of the guests.
fn acts_apart(
    world: &World<'_>,
    variant: &Variant,
    round: u32,
    mut guests: impl Iterator<Item = AgentId>,
) -> bool {
    let s = &world.rules.scenario;
    let pairs_decide = s.mixer.familiarity <= 1.0 && s.reputation.observe <= 0.0;
    let plays = |id| {
        let role = variant.role.filter(|role| role.agent == id);
        role.and_then(|role| role.manner_in(round)).is_some_and(|m| m != world.agents[id as usize].strategy)
    };
    guests.any(|id| plays(id) || !pairs_decide && variant.has(id))
}

/// Holds an event in a variant.
fn hold(hall: &Hall<'_>, variant: &mut Variant, plan: &EventPlan) {
    let mut seat_of: Vec<(AgentId, usize)> = hall.roll.guests(plan).zip(0..).collect();
    seat_of.iter().for_each(|&(id, _)| variant.take(id, hall.world));
    seat_of.sort_unstable();
    let mut seats: Vec<_> = seat_of.iter().map(|_| None).collect();
    for (id, agent, ties) in variant.rows_mut() {
        if let Ok(i) = seat_of.binary_search_by_key(&id, |(id, _)| *id) {
            seats[seat_of[i].1] = Some(hall.welcome(id, agent, ties, plan));
        }
    }
    let guests = seats.into_iter().map(|guest| guest.expect("every guest is kept")).collect();
    let mut event = Event::new(hall.setting, guests, hall.world.luck, plan.unit());
    let mut outcome = MixerOutcome::new(hall.setting.rules);
    for slot in 0..hall.setting.rules.scenario.mixer.slots {
        event.hold_slot(slot, &mut outcome.tally, &mut []);
    }
    close(event, &mut outcome, &mut []);
    let MixerOutcome { referrals, partners, .. } = outcome;
    let referral = |id| referrals.iter().find(|(helped, _)| *helped == id).map(|(_, referral)| *referral);
    variant.referred.extend(seat_of.iter().map(|&(id, _)| (id, referral(id))));
    variant.partners.extend(partners);
}
