//! The ties of a network file, whatever its format.

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::diagnostics::Fault;
use super::super::wording::shorten;
use super::labels::Labels;
use super::report::Reporter;

/// A tie, or two, between people who are numbered as in [`Edges::ends`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) from: u32,
    pub(super) to: u32,
    /// Trust; none where the file has no trust.
    pub(super) trust: Option<f32>,
    /// Whether both know each other.
    pub(super) both: bool,
    /// Where the edge is in the file: files are smaller than 4 GB.
    at: u32,
    len: u32,
}

impl Edge {
    /// Where it is in the file.
    pub(super) fn span(&self) -> Range<usize> {
        self.at as usize..self.at as usize + self.len as usize
    }
}

/// The ties of a network file.
#[derive(Debug, Default)]
pub(super) struct Edges {
    /// The people whom ties join, by name.
    pub(super) ends: Labels,
    pub(super) list: Vec<Edge>,
    /// What the file holds, in words.
    pub(super) about: String,
    /// The round of the ties, and where it stands, if the file has rounds.
    round: Option<String>,
}

impl Edges {
    /// Adds an edge between two people.
    pub(super) fn add(
        &mut self,
        [from, to]: [&str; 2],
        trust: Option<f32>,
        both: bool,
        spans: [&dyn Fn() -> Range<usize>; 2],
        whole: Range<usize>,
    ) {
        let from = self.ends.number(from, spans[0]);
        let to = self.ends.number(to, spans[1]);
        let small = |number: usize| u32::try_from(number).expect("files are smaller than 4 GB");
        let (at, len) = (small(whole.start), small(whole.len()));
        self.list.push(Edge { from, to, trust, both, at, len });
    }

    /// Takes note of the round of a tie; ties of a second round are a fault.
    pub(super) fn in_round(&mut self, round: &str, span: Range<usize>, reporter: &mut Reporter) {
        match &self.round {
            None => self.round = Some(round.to_owned()),
            Some(first) if first == round => {}
            Some(first) if reporter.is_clean() => {
                let message = format!(
                    "the file has ties of several rounds, {} and {} among them",
                    shorten(first),
                    shorten(round)
                );
                let help =
                    "keep the ties of one round; mingle run --network 52 writes those of round 52 alone";
                reporter.add(span, "another round", message, help);
            }
            Some(_) => {}
        }
    }

    /// Reports ties to oneself and ties that are there twice.
    pub(super) fn check(&self, reporter: &mut Reporter) {
        let name = |end: u32| shorten(&self.ends.names[end as usize]);
        for edge in self.list.iter().filter(|edge| edge.from == edge.to) {
            let message = format!("`{}` has a tie to itself", name(edge.from));
            reporter.add(
                edge.span(),
                "from and to are the same",
                message,
                "leave it out; nobody is a contact of its own",
            );
        }
        let mut pairs: Vec<(u32, u32, usize)> = Vec::with_capacity(self.list.len());
        for (place, edge) in self.list.iter().enumerate().filter(|(_, edge)| edge.from != edge.to) {
            pairs.push((edge.from, edge.to, place));
            if edge.both {
                pairs.push((edge.to, edge.from, place));
            }
        }
        pairs.sort_unstable();
        let mut reported = BTreeSet::new();
        for pair in pairs.windows(2) {
            let [(from, to, first), (other_from, other_to, again)] = [pair[0], pair[1]];
            // Both directions of an edge can be double; it is reported once.
            if (from, to) != (other_from, other_to) || !reported.insert(again) {
                continue;
            }
            let message = format!("the tie from `{}` to `{}` is there twice", name(from), name(to));
            let help = if self.list[first].both || self.list[again].both {
                "leave out one of the two; an undirected edge is a tie in both directions"
            } else {
                "leave out one of the two"
            };
            let [first, again] = [first, again].map(|place| reporter.place(self.list[place].span()));
            reporter.push(Fault::new(message, help).at(&again, "again").at(&first, "first here"));
        }
    }

    /// Number of ties.
    pub(super) fn n_ties(&self) -> usize {
        self.list.iter().map(|edge| if edge.both { 2 } else { 1 }).sum()
    }

    /// Reports edges without trust, if others have it.
    pub(super) fn check_trust(&self, reporter: &mut Reporter) {
        if self.list.iter().all(|edge| edge.trust.is_none()) {
            return;
        }
        for edge in self.list.iter().filter(|edge| edge.trust.is_none()) {
            let message = "an edge has no trust, but others have";
            reporter.add(edge.span(), "", message, "give all edges a trust from -1 to 1, or none");
        }
    }
}

/// The trust that a text says; or what is wrong with it, and advice.
pub(super) fn trust(text: &str) -> Result<f32, (String, String)> {
    let message = || format!("trust must be a number from -1 to 1, but is `{}`", shorten(text));
    match text.parse::<f32>() {
        // Minus zero is zero.
        Ok(trust) if (-1.0..=1.0).contains(&trust) => Ok(trust + 0.0),
        Ok(_) => Err((message(), "scale trust to -1 to 1; 0 is neither good nor bad".to_owned())),
        Err(_) => {
            let point = text.replacen(',', ".", 1);
            let fix = match point.parse::<f32>() {
                Ok(number) if point != text && number.is_finite() => {
                    format!("write a decimal point: {point}")
                }
                _ if text.is_empty() => "fill it in, or leave out trust for all ties".to_owned(),
                _ => "write a number such as 0.3".to_owned(),
            };
            Err((message(), fix))
        }
    }
}
