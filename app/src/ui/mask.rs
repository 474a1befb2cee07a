//! The last digits of an account's number.

use domain::{mask_label, mask_spoken};
use leptos::prelude::*;

/// `•••• 6789`, read aloud digit by digit. Prints nothing when no digit may be shown.
#[component]
pub fn Mask(
    /// The digits.
    mask: Option<String>,
) -> impl IntoView {
    mask_spoken(mask.as_deref()).map(|spoken| {
        view! {
            <span class="whitespace-nowrap tabular-nums">
                <span aria-hidden="true">{mask_label(mask.as_deref())}</span>
                <span class="sr-only">{spoken}</span>
            </span>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_is_read_digit_by_digit() {
        let html = Owner::new().with(|| view! { <Mask mask=Some("6789".to_owned())/> }.to_html());

        assert!(html.contains("•••• 6789") && html.contains("ending in 6 7 8 9"), "{html}");
    }

    #[test]
    fn a_number_too_short_for_a_mask_shows_nothing() {
        let html = Owner::new().with(|| view! { <Mask mask=None/> }.to_html());

        assert!(!html.contains("<span"), "{html}");
    }
}
