//! A book that holds the rows of a few agents, who come and go.

use super::{Mark, TieBook, Ties, TiesMut};

/// A row's number, as the book counts agents.
fn number(row: usize) -> u32 {
    u32::try_from(row).expect("a book has a row per agent at most")
}

impl TieBook {
    /// An empty book with rows as long as this one's.
    pub(in super::super) fn empty_like(&self) -> Self {
        Self::new(0, self.per_agent)
    }

    /// Adds a row at the end.
    pub(in super::super) fn push(&mut self, ties: Ties<'_>) {
        self.lens.push(u16::try_from(ties.len()).expect("ties are counted in 16 bits"));
        let end = self.lens.len() * self.per_agent;
        self.contacts.extend_from_slice(ties.contacts);
        self.contacts.resize(end, 0);
        self.marks.extend_from_slice(ties.marks);
        self.marks.resize(end, Mark::default());
    }

    /// Removes a row; the last one takes its place.
    pub(in super::super) fn swap_remove(&mut self, row: usize) {
        let last = self.lens.len() - 1;
        let (from, to, n) = (last * self.per_agent, row * self.per_agent, usize::from(self.lens[last]));
        self.contacts.copy_within(from..from + n, to);
        self.marks.copy_within(from..from + n, to);
        self.contacts.truncate(from);
        self.marks.truncate(from);
        self.lens.swap_remove(row);
    }

    /// The ties in a row, to be read.
    #[inline]
    pub(in super::super) fn nth(&self, row: usize) -> Ties<'_> {
        self.of(number(row))
    }

    /// The ties in a row, to be changed.
    #[inline]
    pub(in super::super) fn nth_mut(&mut self, row: usize) -> TiesMut<'_> {
        self.of_mut(number(row))
    }

    /// The ties in two different rows, to be changed.
    ///
    /// # Panics
    /// If both are the same row.
    pub(in super::super) fn two_mut(&mut self, one: usize, other: usize) -> [TiesMut<'_>; 2] {
        let n = self.per_agent;
        let rows = [one * n..(one + 1) * n, other * n..(other + 1) * n];
        let rows = if n == 0 { [0..0, 0..0] } else { rows };
        let different = "two different rows";
        let lens = self.lens.get_disjoint_mut([one, other]).expect(different);
        let contacts = self.contacts.get_disjoint_mut(rows.clone()).expect(different);
        let marks = self.marks.get_disjoint_mut(rows).expect(different);
        let rows = lens.into_iter().zip(contacts).zip(marks);
        let mut rows = rows.map(|((len, contacts), marks)| TiesMut { contacts, marks, len });
        [rows.next(), rows.next()].map(|row| row.expect("two rows"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::ties::Fading;
    use super::*;

    #[test]
    fn the_last_row_takes_the_place_of_one_that_goes() {
        let now = Fading { table: &[1.0], now: 0 };
        let mut all = TieBook::new(3, 4);
        for (agent, contacts) in [(0, &[7, 8, 9][..]), (1, &[5]), (2, &[6, 4])] {
            contacts.iter().for_each(|&contact| all.of_mut(agent).meet(contact, 0.5, now));
        }
        let mut few = all.empty_like();
        (0..3).for_each(|agent| few.push(all.of(agent)));
        assert!((0..3).all(|row| few.nth(row) == all.nth(row)));
        let [mut last, mut first] = few.two_mut(2, 0);
        last.meet(1, 0.5, now);
        first.meet(2, 0.5, now);
        few.swap_remove(0);
        assert_eq!([0, 1].map(|row| few.nth(row).contacts.to_vec()), [vec![6, 4, 1], vec![5]]);
        few.push(all.of(0));
        assert_eq!(few.nth(2), all.of(0));
    }
}
