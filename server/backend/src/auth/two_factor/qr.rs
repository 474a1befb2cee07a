//! The picture that an authenticator app scans, as the geometry of one SVG path: no style, no script, no image
//! from elsewhere.

use std::fmt::Write as _;

use fast_qr::{ECL, QRBuilder};

use crate::{Error, Result};

/// Light modules around the code (ISO/IEC 18004).
const QUIET: usize = 4;

/// A QR code: draw `path` filled with the darkest colour on white, in a `viewBox` of `0 0 size size`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrCode {
    /// Modules a side, the light border included.
    pub size: usize,
    /// The `d` attribute: one rectangle for each run of dark modules.
    pub path: String,
}

/// The QR code of `text`.
///
/// # Errors
/// [`Error::Corrupt`] for more text than a QR code holds, about 2,300 bytes.
pub fn qr_code(text: &str) -> Result<QrCode> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().map_err(|_| Error::Corrupt("QR code"))?;
    let mut path = String::new();
    for row in 0..code.size {
        let is_dark = |column: usize| column < code.size && code[row][column].value();
        let mut column = 0;
        while column < code.size {
            if !is_dark(column) {
                column += 1;
                continue;
            }
            let start = column;
            while is_dark(column) {
                column += 1;
            }
            let width = column - start;
            let _ = write!(path, "M{} {}h{width}v1h-{width}z", start + QUIET, row + QUIET);
        }
    }
    Ok(QrCode { size: code.size + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules that a path draws.
    fn drawn(code: &QrCode) -> Vec<Vec<bool>> {
        let mut modules = vec![vec![false; code.size]; code.size];
        for part in code.path.split('M').skip(1) {
            let numbers: Vec<usize> = part
                .split(|c: char| !c.is_ascii_digit())
                .filter(|text| !text.is_empty())
                .map(|text| text.parse().unwrap())
                .collect();
            for column in 0..numbers[2] {
                modules[numbers[1]][numbers[0] + column] = true;
            }
        }
        modules
    }

    #[test]
    fn the_path_draws_the_finder_patterns_inside_a_light_border() {
        let code =
            qr_code("otpauth://totp/Coffer:ada%40example.com?secret=MFRGG&issuer=Coffer").unwrap();
        let modules = drawn(&code);

        for (index, row) in modules.iter().enumerate() {
            let edge = index < QUIET || index >= code.size - QUIET;
            assert!(!edge || row.iter().all(|dark| !dark));
            assert!(!row[QUIET - 1] && !row[code.size - QUIET]);
        }
        for (top, left) in [(4, 4), (4, code.size - 11), (code.size - 11, 4)] {
            for row in 0..7 {
                for column in 0..7 {
                    let ring = row == 0 || row == 6 || column == 0 || column == 6;
                    let centre = (2..5).contains(&row) && (2..5).contains(&column);
                    assert_eq!(modules[top + row][left + column], ring || centre, "{row} {column}");
                }
            }
        }
    }

    #[test]
    fn too_much_text_is_refused() {
        assert!(qr_code(&"x".repeat(5_000)).is_err());
    }
}
