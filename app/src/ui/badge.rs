//! Badges: a state as a word. The colour only repeats it.

use leptos::prelude::*;

/// What a badge or a notice means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad.
    #[default]
    Neutral,
    /// Chosen, or of the product.
    Accent,
    /// As it should be.
    Positive,
    /// Needs a look.
    Warning,
    /// Went wrong.
    Negative,
}

impl Tone {
    fn badge_class(self) -> &'static str {
        match self {
            Self::Neutral => "badge border border-line bg-sunken text-ink-2",
            Self::Accent => "badge bg-accent-soft text-accent",
            Self::Positive => "badge bg-positive-soft text-positive",
            Self::Warning => "badge bg-warning-soft text-warning",
            Self::Negative => "badge bg-negative-soft text-negative",
        }
    }
}

/// A state as a word. Its raw value goes into `attr:data-state`.
#[component]
pub fn Badge(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    children: Children,
) -> impl IntoView {
    view! { <span class=tone.badge_class()>{children()}</span> }
}

/// "Test bank", beside what is invented; nothing beside anything else.
#[component]
pub fn TestBadge(
    /// Whether the test bank made it up.
    invented: bool,
) -> AnyView {
    invented.then(|| view! { " " <Badge tone=Tone::Warning>"Test bank"</Badge> }).into_any()
}
