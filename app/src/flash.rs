//! One short message that survives a redirect: "Account added." It travels in a signed cookie and is shown once.

use std::sync::Arc;

use http::{HeaderValue, header::SET_COOKIE};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use serde::{Deserialize, Serialize};

/// The name of the cookie that carries the message. `server` signs, checks and clears it.
pub const COOKIE: &str = "coffer.flash";

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Tone {
    /// Something was done.
    Done,
    /// Something did not work.
    Failed,
    /// Something to know.
    Note,
}

/// A message with an optional next step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// How it is meant.
    pub tone: Tone,
    /// The sentence, plain text.
    pub text: String,
    /// A label and a local path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<(String, String)>,
    /// A form of one button.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<FlashButton>,
}

/// A button in a message: "Undo".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlashButton {
    /// What it says.
    pub label: String,
    /// The local path that it posts to.
    pub action: String,
    /// What it posts.
    pub fields: Vec<(String, String)>,
}

impl Flash {
    /// "Account added."
    pub fn done(text: impl Into<String>) -> Self {
        Self { tone: Tone::Done, text: text.into(), link: None, button: None }
    }

    /// "Checkout didn't start. You haven't been charged."
    pub fn failed(text: impl Into<String>) -> Self {
        Self { tone: Tone::Failed, text: text.into(), link: None, button: None }
    }

    /// "You're signed out."
    pub fn note(text: impl Into<String>) -> Self {
        Self { tone: Tone::Note, text: text.into(), link: None, button: None }
    }

    /// Adds a button that posts these fields to a local path.
    #[must_use]
    pub fn with_button<const N: usize>(
        mut self,
        label: impl Into<String>,
        action: impl Into<String>,
        fields: [(&str, &str); N],
    ) -> Self {
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        self.button = Some(FlashButton { label: label.into(), action: action.into(), fields });
        self
    }

    /// Adds a next step: a label and a local path.
    #[must_use]
    pub fn with_link(mut self, label: impl Into<String>, path: impl Into<String>) -> Self {
        self.link = Some((label.into(), path.into()));
        self
    }
}

/// Makes the signed cookie of a message. `server` provides it, because the key lives there.
#[derive(Clone)]
pub struct FlashCookie(Arc<dyn Fn(&Flash) -> HeaderValue + Send + Sync>);

impl FlashCookie {
    /// Wraps the function that signs.
    pub fn new(sign: impl Fn(&Flash) -> HeaderValue + Send + Sync + 'static) -> Self {
        Self(Arc::new(sign))
    }
}

/// Shows `flash` on the next page of this browser.
pub fn set(flash: &Flash) {
    if let (Some(cookie), Some(response)) =
        (use_context::<FlashCookie>(), use_context::<ResponseOptions>())
    {
        response.append_header(SET_COOKIE, (cookie.0)(flash));
    }
}

/// The message that arrived with this request, if any.
pub fn use_flash() -> Option<Flash> {
    use_context::<Option<Flash>>().flatten()
}
