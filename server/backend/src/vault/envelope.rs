//! One encrypted text: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce, and its stored form.

use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead, Payload},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::UserId;
use zeroize::Zeroizing;

use crate::{Error, Result};

/// The version of the stored form, in front of each text.
const VERSION: &str = "cfr1";
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// The place of a value: a text that is found anywhere else cannot be read.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The id of the row, made before the insert.
    pub row: &'a str,
    /// The owner of the row.
    pub user: &'a UserId,
}

impl Field<'_> {
    /// The associated data of the encryption. [`Error::Corrupt`] for an id that would blur its parts.
    pub(super) fn bound(&self) -> Result<String> {
        let Self { table, column, row, user } = self;
        if row.contains('|') || user.as_str().contains('|') {
            return Err(Error::Corrupt("id of an encrypted field"));
        }
        Ok(format!("coffer:v1|{table}|{column}|{row}|{user}"))
    }
}

/// The parts of a stored text.
pub(super) struct Sealed {
    pub kid: String,
    pub nonce: [u8; NONCE_BYTES],
    /// The ciphertext with its tag behind it.
    pub body: Vec<u8>,
}

impl Sealed {
    /// `cfr1.<kid>.<nonce>.<ciphertext and tag>`, the last two in base64url without padding.
    pub fn encode(&self) -> String {
        format!(
            "{VERSION}.{}.{}.{}",
            self.kid,
            URL_SAFE_NO_PAD.encode(self.nonce),
            URL_SAFE_NO_PAD.encode(&self.body)
        )
    }

    /// Reads what [`Sealed::encode`] wrote; nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (version, kid) = (parts.next()?, parts.next()?);
        let (nonce, body) = (parts.next()?, parts.next()?);
        if version != VERSION || kid.is_empty() || parts.next().is_some() {
            return None;
        }
        let nonce = URL_SAFE_NO_PAD.decode(nonce).ok()?.try_into().ok()?;
        let body = URL_SAFE_NO_PAD.decode(body).ok()?;
        (body.len() >= TAG_BYTES).then(|| Self { kid: kid.to_owned(), nonce, body })
    }
}

/// Encrypts. The nonce must be new for each text under one key.
pub(super) fn seal(
    cipher: &Aes256Gcm,
    kid: &str,
    nonce: [u8; NONCE_BYTES],
    bound: &str,
    plain: &[u8],
) -> Sealed {
    let body = cipher
        .encrypt(Nonce::from_slice(&nonce), Payload { msg: plain, aad: bound.as_bytes() })
        .expect("AES-GCM encrypts up to 64 GiB");
    Sealed { kid: kid.to_owned(), nonce, body }
}

/// Decrypts; nothing when a bit of anything is not as it was.
pub(super) fn open(cipher: &Aes256Gcm, sealed: &Sealed, bound: &str) -> Option<Zeroizing<Vec<u8>>> {
    let payload = Payload { msg: &sealed.body, aad: bound.as_bytes() };
    cipher.decrypt(Nonce::from_slice(&sealed.nonce), payload).ok().map(Zeroizing::new)
}
