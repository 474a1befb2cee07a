//! The field of a password: never filled in by us, shown on request, rated in words.

use leptos::prelude::*;

use super::field::{Meta, error_view, hint_view, label_view};
use crate::islands::PasswordTools;

/// A password. Pasting and password managers work; there are no rules of composition.
#[component]
pub fn PasswordField(
    /// The name it is posted under; one of `domain::SECRET_FIELDS`.
    name: &'static str,
    /// The label.
    #[prop(into)]
    label: String,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// A sentence under the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The fewest characters of a new password; it then says how strong it is.
    #[prop(optional)]
    least: Option<u32>,
) -> AnyView {
    let meta = Meta::new(name, hint.as_ref(), None);
    let (id, invalid, described) = (meta.id.clone(), meta.invalid(), meta.described_by(None));
    view! {
        <div class="flex flex-col gap-1.5">
            {label_view(meta.id, label, false)}
            {hint_view(meta.hint_id, hint)}
            <PasswordTools least>
                <input
                    id=id
                    name=name
                    type="password"
                    class="control pr-16"
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    aria-invalid=invalid
                    aria-describedby=described
                />
            </PasswordTools>
            {error_view(meta.error_id, meta.error)}
        </div>
    }
    .into_any()
}

/// Whose password the form asks for, unseen: password managers find the right one, or keep the new one, by it.
/// It is not posted.
#[component]
pub fn UsernameField(
    /// The person's address.
    #[prop(into)]
    value: String,
) -> AnyView {
    view! { <input type="email" autocomplete="username" value=value readonly hidden/> }.into_any()
}
