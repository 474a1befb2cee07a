//! A password as it was typed, wiped from memory when it is dropped.

use domain::Code;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// More bytes are refused before anything is done with them.
const MAX_BYTES: usize = 1_024;

/// A plain password. It has no `Debug` and cannot be serialised.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl From<String> for Password {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Password {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl Password {
    /// Its length in UTF-16 units, as Better Auth counts: four emoji are eight.
    pub fn utf16_len(&self) -> usize {
        self.0.encode_utf16().count()
    }

    /// Whether it contains U+0000, which key derivation may take for padding.
    pub fn has_nul(&self) -> bool {
        self.0.contains('\0')
    }

    /// The text as it was typed, for rules that look at it.
    pub(in crate::auth) fn expose(&self) -> &str {
        &self.0
    }

    /// The form that is hashed: NFKC, so that the same letters typed on another keyboard are the same password.
    pub(super) fn normalised(&self) -> Result<Zeroizing<String>, Code> {
        if self.0.len() > MAX_BYTES {
            return Err(Code::PasswordTooLong);
        }
        if self.has_nul() {
            return Err(Code::PasswordCharacters);
        }
        // Room for the longest expansion of NFKC, so that no shorter copy stays behind in memory.
        let mut text = Zeroizing::new(String::with_capacity(self.0.len() * 18));
        text.extend(self.0.nfkc());
        Ok(text)
    }
}
