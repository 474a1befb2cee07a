//! Public keys as authenticators write them: COSE keys (RFC 9052, section 7) of three kinds.

use coset::{
    CborSerializable, CoseKey, KeyType, Label, RegisteredLabelWithPrivate,
    iana::{
        Algorithm, Ec2KeyParameter, EllipticCurve, EnumI64, KeyType as Kty, OkpKeyParameter,
        RsaKeyParameter,
    },
};
use p256::ecdsa::signature::Verifier;
use rsa::{BigUint, RsaPublicKey, pkcs1v15, traits::PublicKeyParts};
use sha2::Sha256;

/// What we ask browsers for, the best first: Ed25519, ECDSA on P-256, RSA PKCS #1 v1.5, with SHA-256 each.
pub(in crate::auth::passkeys) const ALGORITHMS: [i64; 3] =
    [Algorithm::EdDSA as i64, Algorithm::ES256 as i64, Algorithm::RS256 as i64];

/// RSA keys below this many bits are refused.
const LEAST_RSA_BITS: usize = 2_048;
/// Above this many bits a key only costs time.
const MOST_RSA_BITS: usize = 4_096;

/// A key that can check signatures.
#[derive(Debug)]
pub(super) enum PublicKey {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256(p256::ecdsa::VerifyingKey),
    Rsa(pkcs1v15::VerifyingKey<Sha256>),
}

impl PublicKey {
    /// Reads a key; nothing for one of another kind, or that is none.
    pub(super) fn from_cose(bytes: &[u8]) -> Option<Self> {
        let key = CoseKey::from_slice(bytes).ok()?;
        let Some(RegisteredLabelWithPrivate::Assigned(algorithm)) = key.alg else { return None };
        match (algorithm, &key.kty) {
            (Algorithm::EdDSA, KeyType::Assigned(Kty::OKP)) => ed25519(&key),
            (Algorithm::ES256, KeyType::Assigned(Kty::EC2)) => p256(&key),
            (Algorithm::RS256, KeyType::Assigned(Kty::RSA)) => rsa(&key),
            _ => None,
        }
    }

    /// Whether this key signed `message`.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Self::P256(key) => p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Self::Rsa(key) => pkcs1v15::Signature::try_from(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
        }
    }
}

fn ed25519(key: &CoseKey) -> Option<PublicKey> {
    is_on(key, OkpKeyParameter::Crv.to_i64(), EllipticCurve::Ed25519)?;
    let x = coordinate(key, OkpKeyParameter::X.to_i64())?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(&x).ok()?;
    (!key.is_weak()).then_some(PublicKey::Ed25519(key))
}

fn p256(key: &CoseKey) -> Option<PublicKey> {
    is_on(key, Ec2KeyParameter::Crv.to_i64(), EllipticCurve::P_256)?;
    let x = coordinate(key, Ec2KeyParameter::X.to_i64())?;
    let y = coordinate(key, Ec2KeyParameter::Y.to_i64())?;
    // Points that are not on the curve are refused.
    let point = p256::EncodedPoint::from_affine_coordinates(&x.into(), &y.into(), false);
    p256::ecdsa::VerifyingKey::from_encoded_point(&point).ok().map(PublicKey::P256)
}

fn rsa(key: &CoseKey) -> Option<PublicKey> {
    let number = |label: RsaKeyParameter| {
        Some(BigUint::from_bytes_be(parameter(key, label.to_i64())?.as_bytes()?))
    };
    let (n, e) = (number(RsaKeyParameter::N)?, number(RsaKeyParameter::E)?);
    if !(LEAST_RSA_BITS..=MOST_RSA_BITS).contains(&n.bits()) {
        return None;
    }
    let key = RsaPublicKey::new(n, e).ok()?;
    (key.size() > 0).then(|| PublicKey::Rsa(pkcs1v15::VerifyingKey::new(key)))
}

fn is_on(key: &CoseKey, label: i64, curve: EllipticCurve) -> Option<()> {
    let named = parameter(key, label)?.as_integer()?;
    (i128::from(named) == i128::from(curve.to_i64())).then_some(())
}

fn coordinate(key: &CoseKey, label: i64) -> Option<[u8; 32]> {
    parameter(key, label)?.as_bytes()?.as_slice().try_into().ok()
}

fn parameter(key: &CoseKey, label: i64) -> Option<&coset::cbor::Value> {
    key.params.iter().find(|(known, _)| *known == Label::Int(label)).map(|(_, value)| value)
}
