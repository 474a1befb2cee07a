//! Which kind of file it is, by what stands in it. Names of files say nothing.

use super::decode;
use crate::Code;

words! {
    /// A kind of file that can be read.
    pub enum FileFormat (Code::OptionUnknown) {
        Csv = "csv", "CSV";
        /// SGML: elements without ends.
        Ofx1 = "ofx1", "OFX 1";
        /// XML.
        Ofx2 = "ofx2", "OFX 2";
        /// OFX of either version, as written for Quicken.
        Qfx = "qfx", "QFX";
        Qif = "qif", "QIF";
        /// ISO 20022.
        Camt053 = "camt053", "CAMT.053";
    }
}

/// How far into a file its kind must show, in bytes.
const HEAD: usize = 64 * 1024;

impl FileFormat {
    /// The kind of these bytes; what is no text, or no file of a bank, is refused as such.
    pub fn sniff(bytes: &[u8]) -> Result<Self, Code> {
        Self::of_text(&decode(bytes)?)
    }

    /// The kind of a text. Markup of another kind is refused; anything else is taken for a table.
    pub(super) fn of_text(text: &str) -> Result<Self, Code> {
        let text = text.trim_start();
        let head = text.get(..text.floor_char_boundary(HEAD)).unwrap_or(text).to_ascii_uppercase();
        let is_markup = head.strip_prefix('<').is_some_and(|rest| {
            rest.starts_with(|c: char| matches!(c, '?' | '!') || c.is_ascii_alphabetic())
        });
        if head.starts_with("OFXHEADER:") || (is_markup && head.contains("<OFX>")) {
            return Ok(Self::of_ofx(&head));
        }
        if is_markup && head.contains("BKTOCSTMRSTMT") {
            return Ok(Self::Camt053);
        }
        if is_markup {
            return Err(Code::FileFormatUnknown);
        }
        let is_qif = ["!TYPE:", "!ACCOUNT", "!OPTION:", "!CLEAR:"];
        Ok(if is_qif.iter().any(|start| head.starts_with(start)) { Self::Qif } else { Self::Csv })
    }

    fn of_ofx(head: &str) -> Self {
        if head.contains("<INTU.BID>") {
            Self::Qfx
        } else if head.starts_with("<?") || head.contains("<?OFX") {
            Self::Ofx2
        } else {
            Self::Ofx1
        }
    }

    /// The word for where rows of such a file come from: ids are unique within an account and a source.
    pub const fn source(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ofx1 | Self::Ofx2 | Self::Qfx => "ofx",
            Self::Qif => "qif",
            Self::Camt053 => "camt053",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_shows_in_the_bytes() {
        let cases: &[(&[u8], FileFormat)] = &[
            (include_bytes!("samples/bank.ofx"), FileFormat::Ofx1),
            (include_bytes!("samples/card.xml"), FileFormat::Ofx2),
            (include_bytes!("samples/two.qfx"), FileFormat::Qfx),
            (include_bytes!("samples/quicken.qif"), FileFormat::Qif),
            (include_bytes!("samples/statement.camt.xml"), FileFormat::Camt053),
            (b"Date,Description,Amount\n2026-05-04,!Type:Bank,-4.50", FileFormat::Csv),
            (b"Date,Description,Amount\n2026-05-04,<OFX>,-4.50", FileFormat::Csv),
            (b"<3,x,1", FileFormat::Csv),
            (b"\xEF\xBB\xBF\r\n!type:bank\nD1/2/26\nT1\n^", FileFormat::Qif),
            (b"\r\n<OFX></OFX>", FileFormat::Ofx1),
            (b"OFXHEADER:100DATA:OFXSGML<OFX>", FileFormat::Ofx1),
            (b"<?xml version=\"1.0\"?><!-- x --><OFX>", FileFormat::Ofx2),
        ];
        for (bytes, format) in cases {
            assert_eq!(FileFormat::sniff(bytes), Ok(*format), "{format}");
        }
    }

    #[test]
    fn markup_of_another_kind_is_refused() {
        for text in [
            "<html><body>Sign in</body></html>",
            "<!DOCTYPE html><title>Bank</title>",
            "<?xml version=\"1.0\"?><Document><BkToCstmrAcctRpt/></Document>",
        ] {
            assert_eq!(FileFormat::sniff(text.as_bytes()), Err(Code::FileFormatUnknown), "{text}");
        }
        assert_eq!(FileFormat::sniff(b"\x89PNG\r\n\x1a\n\0"), Err(Code::FileNotText));
        assert_eq!(FileFormat::sniff(b" "), Err(Code::FileEmpty));
    }
}
