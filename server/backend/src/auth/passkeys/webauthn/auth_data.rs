//! What the authenticator says (`WebAuthn` Level 3, section 6.1).

use coset::cbor::Value as Cbor;

/// Bits of the flags byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flags(u8);

impl Flags {
    pub(super) fn user_present(self) -> bool {
        self.has(0)
    }

    pub(super) fn user_verified(self) -> bool {
        self.has(2)
    }

    pub(super) fn backup_eligible(self) -> bool {
        self.has(3)
    }

    pub(super) fn backed_up(self) -> bool {
        self.has(4)
    }

    fn has_credential(self) -> bool {
        self.has(6)
    }

    fn has_extensions(self) -> bool {
        self.has(7)
    }

    fn has(self, bit: u8) -> bool {
        self.0 & (1 << bit) != 0
    }
}

/// Authenticator data.
#[derive(Debug)]
pub(super) struct AuthData {
    pub(super) rp_id_hash: [u8; 32],
    pub(super) flags: Flags,
    pub(super) counter: u32,
    pub(super) credential: Option<Credential>,
}

/// Attested credential data (section 6.5.2).
#[derive(Debug)]
pub(super) struct Credential {
    pub(super) aaguid: [u8; 16],
    pub(super) id: Vec<u8>,
    pub(super) public_key: Vec<u8>,
}

impl AuthData {
    /// Reads all of it; nothing may be left over.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>()?;
        let (&flags, rest) = rest.split_first()?;
        let (counter, mut rest) = rest.split_first_chunk::<4>()?;
        let flags = Flags(flags);
        let credential =
            if flags.has_credential() { Some(Credential::parse(&mut rest)?) } else { None };
        if flags.has_extensions() {
            take_cbor(&mut rest)?;
        }
        rest.is_empty().then_some(Self {
            rp_id_hash: *rp_id_hash,
            flags,
            counter: u32::from_be_bytes(*counter),
            credential,
        })
    }
}

impl Credential {
    fn parse(bytes: &mut &[u8]) -> Option<Self> {
        let (aaguid, rest) = bytes.split_first_chunk::<16>()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (id, mut rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
        let public_key = take_cbor(&mut rest)?.to_vec();
        *bytes = rest;
        Some(Self { aaguid: *aaguid, id: id.to_vec(), public_key })
    }
}

/// The bytes of the one CBOR value in front.
fn take_cbor<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let all = *bytes;
    let mut rest = all;
    let _: Cbor = coset::cbor::de::from_reader(&mut rest).ok()?;
    let (value, rest) = all.split_at(all.len() - rest.len());
    *bytes = rest;
    Some(value)
}
