//! Bodies of the routes.

use backend::auth::Password;

use crate::auth::{body::Schema, schema::Fields};

/// Set up a second factor.
pub(in crate::auth) struct Enable {
    pub(super) password: Password,
    pub(super) by_mail: bool,
    pub(super) issuer: Option<String>,
}

impl Schema for Enable {
    fn read(fields: &mut Fields<'_>) -> Self {
        let password = fields.string("password").into();
        let by_mail = fields.one_of("method", &["totp", "otp"]) == "otp";
        Self { password, by_mail, issuer: fields.optional_string("issuer") }
    }
}

/// Prove it by the password. `code` is ours: the hardened profile takes a code along.
pub(in crate::auth) struct Proof {
    pub(super) password: Password,
    pub(super) code: Option<String>,
}

impl Schema for Proof {
    fn read(fields: &mut Fields<'_>) -> Self {
        let password = fields.string("password").into();
        let code = fields.value("code").and_then(|code| code.as_str()).map(str::to_owned);
        Self { password, code }
    }
}

/// A code.
pub(in crate::auth) struct Code {
    pub(super) code: String,
    pub(super) trust_device: bool,
}

impl Schema for Code {
    fn read(fields: &mut Fields<'_>) -> Self {
        let code = fields.string("code");
        Self { code, trust_device: fields.optional_bool("trustDevice").unwrap_or(false) }
    }
}

/// A backup code.
pub(in crate::auth) struct BackupCode {
    pub(super) code: String,
    pub(super) without_session: bool,
    pub(super) trust_device: bool,
}

impl Schema for BackupCode {
    fn read(fields: &mut Fields<'_>) -> Self {
        let code = fields.string("code");
        let without_session = fields.optional_bool("disableSession").unwrap_or(false);
        let trust_device = fields.optional_bool("trustDevice").unwrap_or(false);
        Self { code, without_session, trust_device }
    }
}

/// Nothing that changes what happens.
pub(in crate::auth) struct SendOtp;

impl Schema for SendOtp {
    const OPTIONAL: bool = true;

    fn read(fields: &mut Fields<'_>) -> Self {
        fields.optional_bool("trustDevice");
        Self
    }
}
