use proptest::prelude::*;
use serde::Deserialize;
use time::format_description::well_known::Rfc3339;

use super::*;

#[derive(Clone, Debug, Deserialize)]
struct Vector {
    name: String,
    secret: String,
    webhook_id: String,
    webhook_timestamp: String,
    body: String,
    webhook_signature: String,
    valid_at: String,
}

#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
}

fn vectors() -> Vec<Vector> {
    let text = include_str!("../../../fixtures/polar/signatures/vectors.json");
    serde_json::from_str::<Vectors>(text).unwrap().vectors
}

impl Vector {
    fn at(&self) -> OffsetDateTime {
        OffsetDateTime::parse(&self.valid_at, &Rfc3339).unwrap()
    }

    fn verify_with(&self, secrets: &[&str], body: &[u8], at: OffsetDateTime) -> Result<(), Forged> {
        let secrets: Vec<SecretString> = secrets.iter().map(|secret| (*secret).into()).collect();
        let headers = Headers {
            id: &self.webhook_id,
            timestamp: &self.webhook_timestamp,
            signature: &self.webhook_signature,
        };
        verify(&secrets, headers, body, at)
    }

    fn verify(&self) -> Result<(), Forged> {
        self.verify_with(&[&self.secret], self.body.as_bytes(), self.at())
    }
}

#[test]
fn every_vector_of_both_conventions_is_believed() {
    let vectors = vectors();
    assert!(vectors.len() >= 8, "{}", vectors.len());
    for vector in vectors {
        assert_eq!(vector.verify(), Ok(()), "{}", vector.name);
    }
}

#[test]
fn while_a_secret_is_replaced_the_old_one_counts_too() {
    let vector = &vectors()[0];
    let at = vector.at();
    let new = "whsec_bmV3IG5ldyBuZXcgbmV3IG5ldyBuZXcgbmV3IG5ldyE=";

    assert_eq!(vector.verify_with(&[new, &vector.secret], vector.body.as_bytes(), at), Ok(()));
    assert_eq!(vector.verify_with(&[new], vector.body.as_bytes(), at), Err(Forged::Signature));
}

#[test]
fn five_minutes_either_way_and_not_a_second_more() {
    let vector = &vectors()[0];
    let off = |seconds| {
        let at = vector.at() + time::Duration::seconds(seconds);
        vector.verify_with(&[&vector.secret], vector.body.as_bytes(), at)
    };

    assert_eq!((off(300), off(-300)), (Ok(()), Ok(())));
    assert_eq!((off(301), off(-301)), (Err(Forged::Stale), Err(Forged::Stale)));
}

#[test]
fn headers_of_another_form_are_refused_before_anything_is_computed() {
    let good = &vectors()[0];
    let with = |change: fn(&mut Vector)| {
        let mut vector = good.clone();
        change(&mut vector);
        vector.verify()
    };

    assert_eq!(with(|v| v.webhook_id = String::new()), Err(Forged::Headers));
    assert_eq!(with(|v| v.webhook_id = "a.b".to_owned()), Err(Forged::Headers));
    assert_eq!(with(|v| v.webhook_id = "x".repeat(101)), Err(Forged::Headers));
    assert_eq!(with(|v| v.webhook_timestamp = "yesterday".to_owned()), Err(Forged::Headers));
    assert_eq!(with(|v| v.webhook_timestamp.insert(0, '-')), Err(Forged::Headers));
    assert_eq!(with(|v| v.webhook_timestamp = "9".repeat(13)), Err(Forged::Headers));
    assert_eq!(with(|v| v.webhook_signature = String::new()), Err(Forged::Signature));
    let asymmetric = with(|v| v.webhook_signature = v.webhook_signature.replace("v1,", "v1a,"));
    assert_eq!(asymmetric, Err(Forged::Signature));
}

#[test]
fn the_right_signature_may_stand_second() {
    let mut vector = vectors()[0].clone();
    vector.webhook_signature = format!("v1,AAAA v1,!! v2,x {}", vector.webhook_signature);

    assert_eq!(vector.verify(), Ok(()));
}

proptest! {
    #[test]
    fn one_flipped_bit_anywhere_is_refused(n in 0_usize..64, bit in 0_u8..8, part in 0_u8..3) {
        for vector in vectors() {
            let mut changed = vector.clone();
            let flip = |text: &mut String| {
                let mut bytes = std::mem::take(text).into_bytes();
                let at = n % bytes.len();
                bytes[at] ^= 1 << bit;
                *text = String::from_utf8_lossy(&bytes).into_owned();
            };
            match part {
                0 => flip(&mut changed.body),
                1 => flip(&mut changed.webhook_id),
                _ => flip(&mut changed.webhook_signature),
            }
            // The last bits of a base64 text may mean nothing: what decodes to the same is the same.
            let given = |vector: &Vector| {
                vector.webhook_signature.strip_prefix("v1,").and_then(|text| BASE64.decode(text).ok())
            };
            if part == 2 && given(&changed) == given(&vector) {
                continue;
            }
            prop_assert!(changed.verify().is_err(), "{}", vector.name);
        }
    }
}
