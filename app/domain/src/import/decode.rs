//! From bytes to text: the encodings banks use, and what isn't text at all.

use encoding_rs::{Encoding, WINDOWS_1252};

use super::MAX_BYTES;
use crate::Code;

/// The text of a file: by its byte order mark (UTF-8, UTF-16), else UTF-8, else Windows-1252.
///
/// NUL and other controls mean that it isn't text. The mark itself is dropped.
pub fn decode(bytes: &[u8]) -> Result<String, Code> {
    if bytes.len() > MAX_BYTES {
        return Err(Code::FileTooLarge);
    }
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => {
            let rest = bytes.get(mark..).unwrap_or_default();
            let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
            text.ok_or(Code::FileNotText)?.into_owned()
        }
        None => match str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        },
    };
    // U+001A ended text files on DOS, and some banks still write it.
    let text = text.trim_end_matches(['\u{1A}', '\0']).to_owned();
    if text.contains(is_binary) {
        return Err(Code::FileNotText);
    }
    if text.trim().is_empty() { Err(Code::FileEmpty) } else { Ok(text) }
}

/// A control below U+0020 that no text file has.
fn is_binary(c: char) -> bool {
    c < ' ' && !matches!(c, '\t' | '\n' | '\r' | '\u{C}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        let units = text.encode_utf16();
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn the_encodings_of_banks_are_read() {
        let text = "Datum;Empfänger\n04.05.2026;Café €";

        assert_eq!(decode(text.as_bytes()).as_deref(), Ok(text));
        assert_eq!(decode(format!("\u{FEFF}{text}").as_bytes()).as_deref(), Ok(text));
        assert_eq!(decode(&utf16(&format!("\u{FEFF}{text}"), false)).as_deref(), Ok(text));
        assert_eq!(decode(&utf16(&format!("\u{FEFF}{text}"), true)).as_deref(), Ok(text));
        let (latin, _, _) = WINDOWS_1252.encode(text);
        assert_eq!(decode(&latin).as_deref(), Ok(text));
    }

    #[test]
    fn what_is_not_text_is_refused() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01";
        let zip = b"PK\x03\x04\x14\0\x06\0";
        let half = b"\xFF\xFEa";
        for bytes in [&png[..], &zip[..], &half[..], b"a\0b", b"a,b\n\x07,1"] {
            assert_eq!(decode(bytes), Err(Code::FileNotText), "{bytes:?}");
        }
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        for bytes in [&b""[..], b" \r\n\t\n", b"\xEF\xBB\xBF", b"\x1a"] {
            assert_eq!(decode(bytes), Err(Code::FileEmpty), "{bytes:?}");
        }
        assert_eq!(decode(&vec![b'a'; MAX_BYTES + 1]), Err(Code::FileTooLarge));
    }

    #[test]
    fn the_end_mark_of_dos_is_dropped() {
        assert_eq!(decode(b"a,b\r\n\x1a").as_deref(), Ok("a,b\r\n"));
    }
}
