//! Partners met at mixers, and the length of conversations.

use super::axis::number;
use super::canvas::{Picture, draw as on_canvas};
use super::evidence::Evidence;
use super::frame::{Head, Place};
use super::lines::{Plot, draw_plot, shaded, shape};
use super::theme::{HEIGHT, MARGIN, WIDTH};
use super::tracks::Track;
use super::words::{Verdict, caution, list, name, spread, verdict};

/// Contacts and conversation length at mixers, side by side.
pub(super) fn draw(evidence: &Evidence) -> Option<Picture> {
    let mut panels = [
        ("Partners per guest and mixer", Plot::of(evidence, Track::Contacts, "")),
        ("Length of conversations (slots)", Plot::of(evidence, Track::ConversationSlots, "")),
    ];
    if panels.iter().all(|(_, plot)| plot.curves.is_empty()) {
        return None;
    }
    for (heading, plot) in &mut panels {
        plot.heading = (*heading).to_owned();
    }
    let shape = shape(&panels[0].1.curves);
    let lone = shape == "bar";
    let head = Head {
        title: title(evidence),
        subtitle: format!(
            "Distinct partners per guest, and mean length of the conversations that ended at each mixer; {}{}",
            spread(evidence, shape),
            if lone { "" } else { shaded(evidence) }
        ),
    };
    let top = head.height(WIDTH);
    let n_lines = panels.iter().map(|(_, plot)| plot.curves.len()).max().unwrap_or(0);
    let height = (HEIGHT - 40.0).max(top + 90.0 + 15.0 * n_lines as f64);
    Some(on_canvas(WIDTH, height, |canvas| {
        head.draw(canvas, WIDTH);
        let half = (WIDTH - 2.0 * MARGIN - 16.0) / 2.0;
        for (k, (_, plot)) in panels.iter().enumerate() {
            let left = MARGIN + k as f64 * (half + 16.0);
            draw_plot(
                canvas,
                plot,
                Place { left, top: top + 4.0, right: left + half, bottom: height - 14.0 },
            );
        }
    }))
}

fn title(evidence: &Evidence) -> String {
    let meets = claim(evidence, "contacts", "meets more partners", "meets most partners", "partners");
    let talks = claim(
        evidence,
        "conversation_slots",
        "has longer conversations",
        "has the longest conversations",
        "slots",
    );
    let claims = match (meets, talks) {
        (Some(meets), Some(talks)) => format!("{meets}; {talks}{}", caution(evidence)),
        (Some(one), None) | (None, Some(one)) => format!("{one}{}", caution(evidence)),
        (None, None) => "Partners and conversations at mixers".to_owned(),
    };
    claims.strip_prefix("no ").map_or(claims.clone(), |rest| format!("No {rest}"))
}

/// The clause of the title about one metric.
fn claim(evidence: &Evidence, metric: &str, more: &str, most: &str, matter: &str) -> Option<String> {
    let mean = |s: usize| evidence.mean(metric, s).map_or(f64::NAN, |i| i.mean);
    Some(match verdict(evidence, metric) {
        Verdict::Nothing => return None,
        Verdict::Alone(s) => format!("{} has {} {matter} on average", name(evidence, s), number(mean(s))),
        Verdict::Leads { leader, next, among, .. } => format!(
            "{} {} ({} against {})",
            name(evidence, leader),
            if among > 2 { most } else { more },
            number(mean(leader)),
            number(mean(next))
        ),
        Verdict::Tied { strategies, .. } => {
            format!("no clear difference in {matter} between {}", list(evidence, &strategies))
        }
    })
}
