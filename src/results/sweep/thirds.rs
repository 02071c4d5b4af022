//! How a factor's lowest and highest thirds differ, for designs without lines of points.

/// A factor, and how often the second has more where it is low and where it is high.
#[derive(Debug)]
pub(super) struct Ends {
    pub(super) name: String,
    /// Number of its values, for the designs that go by levels.
    pub(super) levels: u32,
    /// The ends of its range; none for names, or where it does not vary.
    pub(super) range: Option<[f64; 2]>,
    pub(super) log: bool,
    /// In the lowest and in the highest third: points, those where the second has the higher mean, and those where it
    /// is clearly ahead.
    pub(super) thirds: [[u64; 3]; 2],
}

impl Ends {
    /// Adds a value; whether the second has the higher mean there, and whether it is clearly ahead.
    pub(super) fn add(&mut self, value: &str, of_second: [bool; 2]) {
        let (Some([low, high]), Ok(value)) = (self.range, value.parse::<f64>()) else { return };
        let scaled = |v: f64| if self.log { libm::log(v) } else { v };
        let share = (scaled(value) - scaled(low)) / (scaled(high) - scaled(low));
        let third = if share <= 1.0 / 3.0 {
            0
        } else if share >= 2.0 / 3.0 {
            1
        } else {
            return;
        };
        let counts = [true, of_second[0], of_second[1]];
        self.thirds[third].iter_mut().zip(counts).for_each(|(sum, yes)| *sum += u64::from(yes));
    }

    /// How often the second has the higher mean where the factor is low, and where it is high; likewise how often it is
    /// clearly ahead, if sides are `told`.
    pub(super) fn reported(&self, second: &str, told: bool) -> Option<String> {
        if self.thirds.iter().any(|third| third[0] == 0) {
            return None;
        }
        let [low, high] = self.thirds.map(|[points, means, clear]| {
            [means, clear].map(|n| format!("{:.0}%", 100.0 * n as f64 / points as f64))
        });
        let name = &self.name;
        let clearly =
            if told { format!("; it is clearly ahead at {} and {}", low[1], high[1]) } else { String::new() };
        Some(format!(
            "{name}: by the means alone {second} does better at {} of the points in its lowest third and {} in \
             its highest{clearly}",
            low[0], high[0]
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a factor with the values 1 to 60, if the second has more where `has_more` says so.
    fn reported(range: [f64; 2], log: bool, has_more: fn(u32) -> [bool; 2]) -> Option<String> {
        let mut ends = Ends { name: "x".into(), levels: 2, range: Some(range), log, thirds: [[0; 3]; 2] };
        (1..=60).for_each(|value| ends.add(&value.to_string(), has_more(value)));
        ends.reported("b", true)
    }

    #[test]
    fn thirds_are_those_of_the_range_on_its_scale() {
        let text = |low: &str, high: &str| {
            format!(
                "x: by the means alone b does better at {low} of the points in its lowest third and {high} in its \
                 highest; it is clearly ahead at 0% and {high}"
            )
        };
        // From 1 to 20 and from 41 to 60.
        let linear = reported([1.0, 60.0], false, |value| [value > 10, value > 50]);
        assert_eq!(linear, Some(text("50%", "100%").replace("0% and 100%", "0% and 50%")));
        // From 1 to 3 and from 16 to 60.
        let log = reported([1.0, 60.0], true, |value| [value > 2, value > 15]);
        assert_eq!(log, Some(text("33%", "100%")));
        let between = reported([1.0, 60.0], true, |value| [(4..16).contains(&value); 2]);
        assert_eq!(between, Some(text("0%", "0%")));
    }

    #[test]
    fn without_points_in_either_third_nothing_is_said() {
        assert_eq!(reported([64.0, 128.0], false, |_| [true; 2]), None);
        assert_eq!(reported([-128.0, 1.0], false, |_| [true; 2]), None);
    }
}
