//! Why Plaid did not do what it was asked. Codes and ids of requests, never what was sent and never Plaid's sentences.

use std::time::Duration;

use domain::provider::{PAGES_CHANGED, Trouble as Known, TroubleKind as Kind, plaid_trouble};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    banks::{Trouble, TroubleKind},
    outgoing::{Hope, OutgoingError, Response, retry_after},
};

/// What "too many" means where Plaid does not say for how long: its limits are counted by the minute.
const USUAL_WAIT: Duration = Duration::from_mins(1);
/// Most characters of a code or an id of a request.
const WORD_MAX: usize = 64;
/// What stands for a code that is none.
const UNKNOWN: &str = "UNKNOWN";

/// A call that did not work, and whether the same one may work in a moment.
#[derive(Debug)]
pub(super) struct Failed {
    pub trouble: Trouble,
    pub hope: Hope,
    /// Plaid may have done what it was asked: its answer did not arrive, or cannot be read.
    pub may_be_done: bool,
}

/// The body of an error. Items and webhooks carry the same.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ErrorBody {
    error_type: Option<String>,
    error_code: Option<String>,
    request_id: Option<String>,
}

impl ErrorBody {
    /// What it means, whatever the status was.
    pub fn trouble(&self) -> Trouble {
        let kind = match self.code() {
            PAGES_CHANGED => TroubleKind::Changed,
            code if plaid_trouble(self.error_type(), code) == Known::none_shared() => {
                TroubleKind::NoneShared
            }
            code => match plaid_trouble(self.error_type(), code).kind {
                Kind::NeedsLogin => TroubleKind::NeedsLogin,
                Kind::NeedsConsent => TroubleKind::NeedsConsent,
                Kind::NotReady => TroubleKind::NotReady,
                Kind::InstitutionDown => TroubleKind::InstitutionDown,
                Kind::RateLimited => TroubleKind::RateLimited(seconds(USUAL_WAIT)),
                Kind::Gone => TroubleKind::Gone,
                // Plaid itself fails: neither we nor the bank can mend it.
                Kind::BadRequest if self.error_type() == "API_ERROR" => {
                    TroubleKind::InstitutionDown
                }
                Kind::BadRequest => TroubleKind::BadRequest,
            },
        };
        trouble(kind, code_word(self.code()), self.request_id.as_deref())
    }

    fn error_type(&self) -> &str {
        self.error_type.as_deref().unwrap_or_default()
    }

    fn code(&self) -> &str {
        self.error_code.as_deref().unwrap_or_default()
    }
}

impl Failed {
    /// What an answer other than success means.
    pub fn of(response: &Response) -> Self {
        let status = response.status();
        let body: ErrorBody = serde_json::from_slice(response.body()).unwrap_or_default();
        let mut trouble = body.trouble();
        if body.code().is_empty() {
            trouble.code = format!("HTTP_{}", status.as_u16());
        }
        if status == StatusCode::TOO_MANY_REQUESTS
            || matches!(trouble.kind, TroubleKind::RateLimited(_))
        {
            let wait = retry_after(response.headers()).unwrap_or(USUAL_WAIT);
            trouble.kind = TroubleKind::RateLimited(seconds(wait));
            return Self { trouble, hope: Hope::After(wait), may_be_done: false };
        }
        if status.is_server_error() {
            if trouble.kind == TroubleKind::BadRequest {
                trouble.kind = TroubleKind::InstitutionDown;
            }
            return Self { trouble, hope: Hope::Soon, may_be_done: true };
        }
        Self { trouble, hope: Hope::None, may_be_done: false }
    }

    /// One that ends the same however often it is sent.
    pub fn bad(code: &str) -> Self {
        let trouble = trouble(TroubleKind::BadRequest, code, None);
        Self { trouble, hope: Hope::None, may_be_done: false }
    }

    /// An answer that came, and says nothing.
    pub fn unreadable() -> Self {
        Self { trouble: unreadable(None), hope: Hope::None, may_be_done: true }
    }
}

impl From<OutgoingError> for Failed {
    fn from(error: OutgoingError) -> Self {
        let (kind, code) = match &error {
            OutgoingError::Unreachable(..) => (TroubleKind::InstitutionDown, "UNREACHABLE"),
            OutgoingError::LeftAlone(_) => (TroubleKind::InstitutionDown, "LEFT_ALONE"),
            OutgoingError::TooLarge(_) => (TroubleKind::BadRequest, "TOO_LARGE"),
            OutgoingError::Refused(_) | OutgoingError::Tls(_) => {
                (TroubleKind::BadRequest, "UNSENDABLE")
            }
        };
        let hope = if error.is_passing() { Hope::Soon } else { Hope::None };
        let may_be_done = match &error {
            OutgoingError::Unreachable(_, reason) => !reason.is_connect(),
            OutgoingError::TooLarge(_) => true,
            _ => false,
        };
        Self { trouble: trouble(kind, code, None), hope, may_be_done }
    }
}

impl From<Failed> for Trouble {
    fn from(failed: Failed) -> Self {
        failed.trouble
    }
}

/// Trouble under a code of ours or one that went through [`code_word`].
pub(super) fn trouble(kind: TroubleKind, code: &str, request_id: Option<&str>) -> Trouble {
    let is_id = |id: &&str| is_word(id, |byte| byte.is_ascii_alphanumeric());
    let request_id = request_id.filter(is_id).unwrap_or("-");
    Trouble { kind, code: code.to_owned(), request_id: request_id.to_owned() }
}

/// An answer without what we need of it.
pub(super) fn unreadable(request_id: Option<&str>) -> Trouble {
    trouble(TroubleKind::BadRequest, "UNREADABLE", request_id)
}

/// A code as Plaid has them: anything else might be something that we sent.
pub(super) fn code_word(code: &str) -> &str {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    if is_word(code, plain) { code } else { UNKNOWN }
}

fn is_word(text: &str, plain: impl Fn(u8) -> bool) -> bool {
    (1..=WORD_MAX).contains(&text.len()) && text.bytes().all(plain)
}

fn seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_secs()).unwrap_or(u32::MAX)
}
