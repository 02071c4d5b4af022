//! Records as lists of numbers: what a worker computes, another one collects. Every value is exact: counts and seeds
//! are below 2^53, amounts are split into parts of 32 bits.

use mingle::Amount;

/// Writes numbers one after the other.
#[derive(Debug, Default)]
pub(crate) struct Writer(pub(crate) Vec<f64>);

impl Writer {
    /// A whole number below 2^53.
    pub(crate) fn count(&mut self, count: u64) {
        assert!(count < 1 << 53, "{count} is not exact as a float");
        self.0.push(count as f64);
    }

    /// A number.
    pub(crate) fn real(&mut self, number: f64) {
        self.0.push(number);
    }

    /// An amount.
    pub(crate) fn amount(&mut self, amount: Amount) {
        let bits = amount.billionths() as u128;
        for part in 0..4 {
            self.count((bits >> (32 * part)) as u64 & u64::from(u32::MAX));
        }
    }

    /// A list: its length, then its items.
    pub(crate) fn list<T>(&mut self, items: &[T], mut item: impl FnMut(&mut Self, &T)) {
        self.count(items.len() as u64);
        items.iter().for_each(|it| item(self, it));
    }
}

/// Reads what a [`Writer`] has written.
#[derive(Debug)]
pub(crate) struct Reader<'a>(pub(crate) &'a [f64]);

impl Reader<'_> {
    /// A number; NaN after the end.
    pub(crate) fn real(&mut self) -> f64 {
        let Some((first, rest)) = self.0.split_first() else { return f64::NAN };
        self.0 = rest;
        *first
    }

    /// A whole number.
    pub(crate) fn count(&mut self) -> u64 {
        self.real() as u64
    }

    /// A whole number that fits in `T`, or else the default.
    pub(crate) fn narrow<T: TryFrom<u64> + Default>(&mut self) -> T {
        T::try_from(self.count()).unwrap_or_default()
    }

    /// An amount.
    pub(crate) fn amount(&mut self) -> Amount {
        let bits = (0..4).fold(0_u128, |bits, part| bits | u128::from(self.count()) << (32 * part));
        Amount::from_billionths(bits as i128)
    }

    /// A list.
    pub(crate) fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let length = self.count();
        // A list that claims more items than there are numbers ends with them.
        let length = usize::try_from(length).unwrap_or(0).min(self.0.len());
        (0..length).map(|_| item(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        let amounts = [0, 1, -1, i128::from(i64::MAX), i128::MIN, i128::MAX].map(Amount::from_billionths);
        let mut writer = Writer::default();
        writer.list(&amounts, |w, amount| w.amount(*amount));
        assert_eq!(Reader(&writer.0).list(Reader::amount), amounts);
    }

    #[test]
    fn a_list_that_is_cut_off_ends() {
        assert_eq!(Reader(&[5.0, 1.0]).list(Reader::count), [1]);
        assert_eq!(Reader(&[]).list(Reader::count), [0; 0]);
    }
}
