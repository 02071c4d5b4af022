//! Messages: a JSON document and a list of numbers.

use serde_json::{Value, json};

/// A request or a reply.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message {
    /// The document.
    pub document: Value,
    /// The numbers.
    pub numbers: Vec<f64>,
}

/// The length field takes 4 bytes, and numbers start at a multiple of 8.
fn padded(length: usize) -> usize {
    (length + 4).next_multiple_of(8) - 4
}

impl Message {
    /// A reply without numbers.
    pub(crate) fn ok(answer: Value) -> Self {
        Self { document: json!({ "ok": answer }), numbers: Vec::new() }
    }

    /// A reply that says why there is no answer.
    pub(crate) fn error(text: &str) -> Self {
        Self { document: json!({ "error": text }), numbers: Vec::new() }
    }

    /// The message in these bytes. Bytes that are no message are read as a document without content.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let Some((head, rest)) = bytes.split_first_chunk::<4>() else { return Self::default() };
        let length = u32::from_le_bytes(*head) as usize;
        let Some((document, numbers)) = rest.split_at_checked(length) else { return Self::default() };
        Self {
            document: serde_json::from_slice(document).unwrap_or_default(),
            numbers: numbers.as_chunks().0.iter().map(|eight| f64::from_le_bytes(*eight)).collect(),
        }
    }

    /// The bytes of the message.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut document = self.document.to_string().into_bytes();
        document.resize(padded(document.len()), b' ');
        let length = u32::try_from(document.len()).expect("a document is smaller than the memory");
        let mut bytes = length.to_le_bytes().to_vec();
        bytes.extend(document);
        self.numbers.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reads_back_as_it_was_written() {
        for text in ["", "é", "12345"] {
            let message = Message { document: json!({ "text": text }), numbers: vec![0.1, -0.0, 1e300] };
            let bytes = message.write();
            assert_eq!(bytes.len() % 8, 0);
            assert_eq!(Message::read(&bytes), message);
        }
    }

    #[test]
    fn bytes_that_are_no_message_are_no_fault() {
        for bytes in [&b""[..], b"\x01", b"\xff\xff\xff\xff{}", b"\x02\0\0\0{]"] {
            assert_eq!(Message::read(bytes), Message::default());
        }
    }
}
