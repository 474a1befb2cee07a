//! Bodies of the routes.

use serde_json::Value;

use crate::auth::{body::Schema, schema::Fields};

/// What the browser answered to the making of a credential.
pub(in crate::auth) struct Registration {
    pub(super) response: Value,
    pub(super) name: Option<String>,
    pub(super) create_session: bool,
}

impl Schema for Registration {
    fn read(fields: &mut Fields<'_>) -> Self {
        let response = fields.value("response").cloned().unwrap_or_default();
        let name = fields.optional_string("name").map(|name| name.trim().to_owned());
        let create_session = fields.optional_bool("createSession").unwrap_or(false);
        Self { response, name, create_session }
    }
}

/// What the browser answered to the use of one. `trustDevice` is ours: it counts where a second factor is owed.
pub(in crate::auth) struct Authentication {
    pub(super) response: Value,
    pub(super) trust_device: bool,
}

impl Schema for Authentication {
    fn read(fields: &mut Fields<'_>) -> Self {
        let response = fields.record("response");
        let trust_device = fields.value("trustDevice").and_then(Value::as_bool).unwrap_or(false);
        Self { response, trust_device }
    }
}

/// Which passkey.
pub(in crate::auth) struct Named {
    pub(super) id: String,
}

impl Schema for Named {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self { id: fields.string("id") }
    }
}

/// Another name for a passkey.
pub(in crate::auth) struct Renamed {
    pub(super) id: String,
    pub(super) name: String,
}

impl Schema for Renamed {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self { id: fields.string("id"), name: fields.filled_string("name") }
    }
}
