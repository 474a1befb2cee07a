//! Keys of the page: each presses a button that is there anyway, of the thing that has the focus, else of the first. They
//! can be turned off, as somebody who speaks to their computer must.

use leptos::{nonce::use_nonce, prelude::*};

use crate::{
    preferences::Keys,
    routes,
    ui::{Button, HiddenField, PostForm, Variant},
};

const SCRIPT: &str = include_str!("keys.js");

/// What each key does, for people.
const LIST: [(&str, &str); 5] = [
    ("1–9", "choose the category, or the row that stays"),
    ("y", "yes: the first category, one row, a transfer, seen"),
    ("n", "no: two rows, not a transfer"),
    ("s", "skip"),
    ("u", "undo the last answer"),
];

/// The sign of a key on its button; nothing when keys are off. It is no part of the button's name.
pub(super) fn hint(key: impl Into<String>) -> Option<AnyView> {
    let key = key.into();
    let sign = view! { <kbd class="key" aria-hidden="true">{key}</kbd> };
    (Keys::current() == Keys::On).then(|| sign.into_any())
}

/// A link past one thing, to those that follow it.
pub(super) fn skip(href: String, about: &str) -> AnyView {
    let about = about.to_owned();
    view! {
        <a href=href class="link inline-flex min-h-6 items-center text-sm" data-keys="s" data-testid="review-skip">
            "Skip" <span class="sr-only">{about}</span> {hint("s")}
        </a>
    }
    .into_any()
}

/// The keys, and what each does; or the way to turn them on.
#[component]
pub(super) fn ReviewKeys(
    /// This page.
    here: String,
) -> AnyView {
    let keys = Keys::current();
    let label = if keys == Keys::On { "Turn keys off" } else { "Turn keys on" };
    let turn = view! {
        <PostForm action=routes::KEYS class="flex">
            <HiddenField name="page" value=here/>
            <Button variant=Variant::Ghost attr:name="keys" attr:value=keys.toggled().as_str() attr:data-testid="review-keys-toggle">
                {label}
            </Button>
        </PostForm>
    };
    if keys == Keys::Off {
        return view! { <div class="needs-script">{turn}</div> }.into_any();
    }
    let rows = LIST.map(|(key, what)| {
        view! {
            <dt><kbd class="key key-shown">{key}</kbd></dt>
            <dd class="text-ink-2">{what}</dd>
        }
    });
    let call = format!("({})();", SCRIPT.trim_end());
    view! {
        <details class="needs-script text-sm" data-testid="review-keys">
            <summary class="inline-flex min-h-6 cursor-pointer items-center text-ink-2">"Keys on this page"</summary>
            <dl class="my-3 grid grid-cols-[auto_1fr] items-baseline gap-x-3 gap-y-1">{rows.into_view()}</dl>
            {turn}
        </details>
        <script type="module" nonce=use_nonce()>{call}</script>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use leptos::nonce::Nonce;

    use super::*;

    fn render(keys: Keys) -> String {
        Owner::new().with(|| {
            provide_context(keys);
            provide_context(Nonce::from_value("n0nce"));
            view! { <ReviewKeys here="/review".to_owned()/> {hint("1")} }.to_html()
        })
    }

    #[test]
    fn the_script_has_the_nonce_and_is_written_as_it_is() {
        let html = render(Keys::On);

        assert_eq!(html.matches("n0nce").count(), 1, "{html}");
        assert!(html.contains("=> {") && html.contains("})();</script>"), "{html}");
        assert!(html.contains("Turn keys off") && html.contains(r#"value="off""#), "{html}");
        assert_eq!(html.matches("<kbd").count(), LIST.len() + 1, "{html}");
    }

    #[test]
    fn turned_off_there_is_no_script_and_no_sign_of_a_key() {
        let html = render(Keys::Off);

        assert!(!html.contains("<script") && !html.contains("<kbd"), "{html}");
        assert!(html.contains("Turn keys on") && html.contains(r#"value="on""#), "{html}");
    }
}
