//! Switches that make things go wrong.

use serde::{Deserialize, Serialize};

/// One switch: what goes wrong, for what, and how often.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fault {
    #[serde(flatten)]
    pub switch: Switch,
    #[serde(default, rename = "match")]
    pub only: Only,
    /// So many times; without it until it is switched off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

/// What a switch is limited to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Only {
    /// An event's type, with `*` for anything.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The id of the object, of its customer or of its subscription, or the customer's external id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_id: Option<String>,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    // Deliveries
    Duplicate(u32),
    DelayMs(u64),
    Reorder {
        window: usize,
        seed: u64,
    },
    Drop(bool),
    WrongSignature(bool),
    WrongSecret(bool),
    OtherScheme(bool),
    StaleTimestamp(bool),
    FutureTimestamp(bool),
    BadTimestamp(bool),
    NoSignature(bool),
    NoId(bool),
    TamperBody(bool),
    ReformatBody(bool),
    TwoSignatures(bool),
    LostAnswer(bool),
    SlowReaderMs(u64),
    /// The application is to refuse so many deliveries, if it asks.
    #[serde(rename = "app_5xx")]
    App5xx(u32),
    // Events
    UnknownType(bool),
    ExtraKeys(bool),
    OmitOptionalKeys(bool),
    NullOptionalKeys(bool),
    OldEnvelope(bool),
    // The API
    ApiDelayMs(u64),
    ApiStatus {
        route: String,
        status: u16,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        times: Option<u32>,
    },
    #[serde(rename = "api_429")]
    Api429(u32),
    ApiReset(bool),
    // Money
    Charge(Charge),
    LateDecline(bool),
    RefundPending(bool),
}

/// How the next charge ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charge {
    Ok,
    Decline,
    Insufficient,
    Hopeless,
    #[serde(rename = "3ds")]
    NeedsApproval,
}

impl Switch {
    /// It is turned on: `false` says that it is not.
    const fn is_on(&self) -> bool {
        !matches!(
            self,
            Self::Drop(false)
                | Self::WrongSignature(false)
                | Self::WrongSecret(false)
                | Self::OtherScheme(false)
                | Self::StaleTimestamp(false)
                | Self::FutureTimestamp(false)
                | Self::BadTimestamp(false)
                | Self::NoSignature(false)
                | Self::NoId(false)
                | Self::TamperBody(false)
                | Self::ReformatBody(false)
                | Self::TwoSignatures(false)
                | Self::LostAnswer(false)
                | Self::UnknownType(false)
                | Self::ExtraKeys(false)
                | Self::OmitOptionalKeys(false)
                | Self::NullOptionalKeys(false)
                | Self::OldEnvelope(false)
                | Self::ApiReset(false)
                | Self::LateDecline(false)
                | Self::RefundPending(false)
        )
    }

    /// It changes one attempt to send.
    pub const fn is_of_attempts(&self) -> bool {
        matches!(
            self,
            Self::Duplicate(_)
                | Self::WrongSignature(_)
                | Self::WrongSecret(_)
                | Self::OtherScheme(_)
                | Self::StaleTimestamp(_)
                | Self::FutureTimestamp(_)
                | Self::BadTimestamp(_)
                | Self::NoSignature(_)
                | Self::NoId(_)
                | Self::TamperBody(_)
                | Self::ReformatBody(_)
                | Self::TwoSignatures(_)
                | Self::LostAnswer(_)
                | Self::SlowReaderMs(_)
                | Self::App5xx(_)
        )
    }

    /// It changes what an event says, once, for every attempt.
    pub const fn is_of_events(&self) -> bool {
        matches!(
            self,
            Self::Drop(_)
                | Self::UnknownType(_)
                | Self::ExtraKeys(_)
                | Self::OmitOptionalKeys(_)
                | Self::NullOptionalKeys(_)
                | Self::OldEnvelope(_)
        )
    }
}

/// What a switch is asked about: an event's type and the ids that it concerns.
#[derive(Clone, Copy, Default)]
pub struct About<'a> {
    pub kind: &'a str,
    pub ids: &'a [String],
}

impl Only {
    fn fits(&self, about: About<'_>) -> bool {
        self.kind.as_ref().is_none_or(|pattern| glob(pattern, about.kind))
            && self.object_id.as_ref().is_none_or(|id| about.ids.contains(id))
    }
}

/// Uses up one time of every switch that fits, and tells them.
pub fn take(
    faults: &mut Vec<Fault>,
    about: About<'_>,
    wanted: impl Fn(&Switch) -> bool,
) -> Vec<Switch> {
    let fits = |fault: &&mut Fault| fault.fits(about, &wanted);
    let taken = faults.iter_mut().filter(fits).map(Fault::spend).collect();
    faults.retain(|fault| fault.times != Some(0));
    taken
}

/// Uses up one time of the first switch that fits.
pub fn take_first(
    faults: &mut Vec<Fault>,
    about: About<'_>,
    wanted: impl Fn(&Switch) -> bool,
) -> Option<Switch> {
    let taken = faults.iter_mut().find(|fault| fault.fits(about, &wanted)).map(Fault::spend);
    faults.retain(|fault| fault.times != Some(0));
    taken
}

impl Fault {
    fn fits(&self, about: About<'_>, wanted: impl Fn(&Switch) -> bool) -> bool {
        let left = self.times.is_none_or(|times| times > 0);
        left && self.switch.is_on() && wanted(&self.switch) && self.only.fits(about)
    }

    fn spend(&mut self) -> Switch {
        self.times = self.times.map(|times| times - 1);
        self.switch.clone()
    }
}

/// `*` stands for anything.
pub fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            (0..=rest.len()).any(|at| rest.get(at..).is_some_and(|rest| glob(tail, rest)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Fault> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_switch_is_used_up_by_what_fits_it() {
        let mut faults = read(
            r#"[{"wrong_signature":true,"times":2,"match":{"type":"order.*"}},
                {"duplicate":3},{"drop":false}]"#,
        );
        let about = |kind| About { kind, ids: &[] };

        assert_eq!(take(&mut faults, about("order.paid"), |_| true).len(), 2);
        assert_eq!(take(&mut faults, about("customer.created"), |_| true), [Switch::Duplicate(3)]);
        assert_eq!(take(&mut faults, about("order.created"), Switch::is_of_attempts).len(), 2);
        assert_eq!(take(&mut faults, about("order.paid"), |_| true), [Switch::Duplicate(3)]);
        assert_eq!(faults.len(), 2);
    }

    #[test]
    fn a_switch_can_be_of_one_object() {
        let mut faults = read(r#"[{"charge":"decline","match":{"object_id":"a"}}]"#);
        let (ids, others) = (["a".to_owned()], ["b".to_owned()]);

        assert!(take(&mut faults, About { kind: "", ids: &others }, |_| true).is_empty());
        assert_eq!(
            take(&mut faults, About { kind: "", ids: &ids }, |_| true),
            [Switch::Charge(Charge::Decline)]
        );
    }

    #[test]
    fn what_is_no_switch_is_refused() {
        for wrong in [r#"[{"explode":1}]"#, r#"[{"drop":true,"match":{"color":"red"}}]"#, "[{}]"] {
            assert!(serde_json::from_str::<Vec<Fault>>(wrong).is_err(), "{wrong}");
        }
        let written = serde_json::to_string(&read(r#"[{"api_429":7,"times":1}]"#)).unwrap();
        assert_eq!(written, r#"[{"api_429":7,"match":{},"times":1}]"#);
    }

    #[test]
    fn a_star_stands_for_anything() {
        assert!(glob("*", "") && glob("order.*", "order.paid") && glob("*.paid", "order.paid"));
        assert!(glob("/v1/*/state", "/v1/customers/x/state") && !glob("order.*", "orders"));
        assert!(!glob("", "a") && glob("ß*", "ßä"));
    }
}
