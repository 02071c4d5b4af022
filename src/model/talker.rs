//! How somebody talks to strangers, as whole numbers to compare words with.

use super::judging::{Act, Actor, Eye};
use super::precision::single;
use crate::draws::odds;
use crate::scenario::{Region, Scenario, Strategy};

/// A manner at an event, of somebody from a region, at home or abroad. Chances are
/// [`odds`](crate::draws::odds).
#[derive(Clone, Copy, Debug)]
pub(super) struct Talker {
    pub ask: i32,
    pub serve: i32,
    pub comply: i32,
    /// Complying, and failing at it.
    pub comply_fails: i32,
    /// Failing at help that nobody asked for.
    pub fails: i32,
    pub linger: i32,
    /// What others see of its acts and read in them, and what they get wrong of what they read and of
    /// what they do not.
    pub seen: i32,
    pub read: i32,
    pub misread: i32,
    pub misjudged: i32,
    /// Least standing of those whom it helps.
    pub min_opinion: f32,
    /// What its motive is worth to those who read it.
    pub motive: f32,
    /// The norm's verdict, by act and by whether the recipient is good.
    pub by_norm: [[f32; 2]; Act::ALL.len()],
}

impl Talker {
    /// How somebody with these traits from this region talks; abroad its polish counts less.
    fn new(s: &Scenario, traits: &Strategy, home: &Region, abroad: bool) -> Self {
        let error = s.help.execution_error;
        let actor = Actor::new(traits, if abroad { home.polish_abroad } else { 1.0 });
        let eye = Eye { rules: &s.reputation, manners: home, observe: s.reputation.observe };
        let sight = eye.sight(actor);
        Self {
            ask: odds(traits.ask),
            serve: odds(traits.serve),
            comply: odds(traits.comply),
            comply_fails: odds(traits.comply * error),
            fails: odds(error),
            linger: odds(traits.linger),
            seen: odds(sight.seen),
            read: odds(sight.read),
            misread: odds(sight.misread),
            misjudged: odds(sight.misjudged),
            min_opinion: single(traits.min_opinion),
            motive: actor.motive,
            by_norm: Act::ALL.map(|act| [false, true].map(|good| eye.by_norm(act, good))),
        }
    }

    /// Every manner, from each region, at home and abroad; see [`position`].
    pub(super) fn all(s: &Scenario, manners: &[Strategy]) -> Vec<Self> {
        let from = |traits| {
            s.regions
                .iter()
                .flat_map(move |home| [false, true].map(|abroad| Self::new(s, traits, home, abroad)))
        };
        manners.iter().flat_map(from).collect()
    }
}

/// Where a manner from a region stands among all.
#[inline]
pub(super) fn position(manner: u16, region: u16, n_regions: u32, abroad: bool) -> u32 {
    (u32::from(manner) * n_regions + u32::from(region)) * 2 + u32::from(abroad)
}
