//! The islands: the only components that reach the browser as WASM. Each improves HTML that works without it.

mod busy;
mod chart_cursor;
mod confirm;
mod dismiss;
mod file_look;
mod forget_query;
mod js;
mod keep;
pub mod keys;
mod live;
mod passkey;
mod password;
mod repeat;
mod resend;
mod row_keys;
mod session_ends;
mod signed_out;
mod split_sum;

pub use busy::BusyForms;
pub use chart_cursor::{ChartCursor, CursorPoint};
pub use confirm::{ConfirmPayment, TAKES_LONG};
pub use dismiss::Dismiss;
pub use file_look::{FileLook, LookAccount};
pub use forget_query::ForgetQuery;
pub use keep::KeepText;
pub use keys::PageKeys;
pub use live::{LiveField, Rule};
pub use passkey::{PAGE_HEADER, PASSKEY_NAME, PasskeyAutofill, PasskeyButton, PasskeyUse};
pub use password::PasswordTools;
pub use repeat::Repeat;
pub use resend::ResendTimer;
#[cfg(feature = "ssr")]
pub(crate) use resend::again_in;
pub use row_keys::RowKeys;
pub use session_ends::SessionEnds;
pub use signed_out::SignedOut;
pub use split_sum::SplitSum;

/// Whether the focus goes from a field to a button. A message that appears now would move the button away from
/// under the pointer, and the click would be lost; the server answers in a moment anyway.
fn goes_to_button(event: &web_sys::FocusEvent) -> bool {
    use leptos::wasm_bindgen::JsCast;
    event
        .related_target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| element.tag_name().eq_ignore_ascii_case("button"))
}
