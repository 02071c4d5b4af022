//! The precision of the state.

/// Rounds to single precision, in which opinions, standings and verdicts are stored.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn single(x: f64) -> f32 {
    x as f32
}
