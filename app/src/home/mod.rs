//! Pages for everybody: the landing page, help, and what people agree to.

mod facts;
mod help;
mod landing;
mod privacy;
mod sample;
mod terms;

pub use help::HelpPage;
pub use landing::LandingPage;
pub use privacy::PrivacyPage;
pub use terms::TermsPage;

use leptos::prelude::*;

/// A part of a page that is read from top to bottom.
fn topic(title: &'static str, text: impl IntoView) -> impl IntoView {
    view! {
        <section class="mt-10 flex flex-col gap-3 text-ink-2">
            <h2 class="text-lg font-semibold text-ink">{title}</h2>
            {text}
        </section>
    }
}
