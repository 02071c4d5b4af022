//! Checks of the values of needs together.

use super::cross::{TOLERANCE, point};
use super::diagnostics::Fault;
use super::resolve::{Resolution, Resolved};
use super::settings::NeedRules;
use super::table::{Section, Value};
use super::wording::{counted, real};

/// Adds the faults of needs.
pub(super) fn check(resolution: &Resolution<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(needs) = resolution.one(&NeedRules::SPEC) else { return };
    faults.extend(each_size_has_a_share(needs));
}

/// Every size must have a share, and the shares must sum to 1.
fn each_size_has_a_share(needs: &Resolved<'_, '_>) -> Option<Fault> {
    let (sizes, shares) = (needs.wholes("sizes")?, needs.reals("size_shares")?);
    let sum: f64 = shares.iter().sum();
    let (message, help) = if sizes.len() != shares.len() {
        let (sizes, shares) = (counted(sizes.len(), "size"), counted(shares.len(), "share"));
        let message = format!(
            "needs.size_shares must have one share for each of needs.sizes, but there are {sizes} and {shares}"
        );
        (message, "write the shares in the order of the sizes; they sum to 1".to_owned())
    } else if (sum - 1.0).abs() > TOLERANCE {
        let off = if sum < 1.0 {
            format!("{} is missing", real(1.0 - sum))
        } else {
            format!("{} is too much", real(sum - 1.0))
        };
        (format!("needs.size_shares must sum to 1, but sum to {}", real(sum)), off)
    } else {
        return None;
    };
    let text = |value: Value| value.to_toml();
    let marks = [
        (needs, "size_shares", text(Value::Reals(shares.to_vec().into()))),
        (needs, "sizes", text(Value::Wholes(sizes.to_vec().into()))),
    ];
    Some(point(Fault::new(message, help), &marks))
}

#[cfg(test)]
mod tests {
    use super::super::Scenario;

    /// The messages for these overrides.
    fn reported(sets: &[&str]) -> Vec<String> {
        match Scenario::parse("", sets) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.faults().iter().map(|fault| fault.message().to_owned()).collect(),
        }
    }

    #[test]
    fn every_size_has_a_share_and_they_sum_to_one() {
        assert_eq!(reported(&["needs.sizes=[1, 3, 10]", "needs.size_shares=[0.7, 0.25, 0.05]"]), [""; 0]);
        assert_eq!(reported(&["needs.sizes=[4]"]), [""; 0], "all needs are larger");
        assert_eq!(
            reported(&["needs.sizes=[1, 3]"]),
            [
                "needs.size_shares must have one share for each of needs.sizes, but there are 2 sizes and 1 share"
            ]
        );
        assert_eq!(
            reported(&["needs.sizes=[1, 3]", "needs.size_shares=[0.5, 0.4]"]),
            ["needs.size_shares must sum to 1, but sum to 0.9"]
        );
    }

    #[test]
    fn sizes_and_shares_stay_in_their_ranges() {
        for (set, label) in [
            ("needs.sizes=[0, 2]", "a list of 1 to 20 whole numbers from 1 to 1,000"),
            ("needs.sizes=[2, 1001]", "a list of 1 to 20 whole numbers from 1 to 1,000"),
            ("needs.sizes=[2, 2]", "a list of 1 to 20 whole numbers from 1 to 1,000"),
            ("needs.sizes=2", "a list of 1 to 20 whole numbers from 1 to 1,000"),
            ("needs.sizes=[]", "a list of 1 to 20 whole numbers from 1 to 1,000"),
            ("needs.size_shares=[1.5, -0.5]", "a list of 1 to 20 numbers from 0 to 1"),
            ("needs.size_shares=[nan]", "a list of 1 to 20 numbers from 0 to 1"),
            ("needs.size_shares=1", "a list of 1 to 20 numbers from 0 to 1"),
        ] {
            let told = reported(&[set]);
            assert!(matches!(&told[..], [one] if one.contains(label)), "{set}: {told:?}");
        }
    }
}
