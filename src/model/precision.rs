//! The precision of the state.

/// A number as opinions, standings and verdicts have it; the model documentation says so.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn single(x: f64) -> f32 {
    x as f32
}
