//! Buttons, and links that look like them.

use leptos::{either::Either, prelude::*};

use super::{Glyph, Icon};

/// How much a button weighs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Variant {
    /// The one main action of a region.
    #[default]
    Primary,
    /// Every other action.
    Secondary,
    /// Something that takes away.
    Danger,
    /// An action in a row or a toolbar.
    Ghost,
    /// An action that reads as text.
    Link,
}

impl Variant {
    /// The whole class list of the variant.
    pub fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn bg-accent text-on-accent hover:bg-accent-hover",
            Self::Secondary => "btn border border-line-strong bg-surface text-ink hover:bg-sunken",
            Self::Danger => {
                "btn border border-negative bg-surface text-negative hover:bg-negative-soft"
            }
            Self::Ghost => "btn text-ink-2 hover:bg-sunken hover:text-ink",
            Self::Link => {
                "text-accent underline underline-offset-2 hover:text-accent-hover cursor-pointer"
            }
        }
    }
}

/// A button; submits its form unless `kind` says otherwise. `busy` is its label while the form is on its way.
/// Other attributes go through: `attr:name=… attr:value=…`.
#[component]
pub fn Button(
    /// How much it weighs.
    #[prop(optional)]
    variant: Variant,
    /// `submit`, `button` or `reset`.
    #[prop(default = "submit")]
    kind: &'static str,
    /// The label while the form is on its way: "Creating…".
    #[prop(optional)]
    busy: Option<&'static str>,
    /// An icon before the label.
    #[prop(optional)]
    icon: Option<Glyph>,
    /// Takes the whole width.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <button type=kind class=variant.class() data-wide=wide.then_some("true")>
            {icon.map(|glyph| view! { <Icon glyph/> })}
            {match busy {
                None => Either::Left(children()),
                Some(busy) => Either::Right(view! {
                    <span class="idle">{children()}</span>
                    <span class="busy">{busy}</span>
                }),
            }}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Where it goes.
    #[prop(into)]
    href: String,
    /// How much it weighs.
    #[prop(optional)]
    variant: Variant,
    /// An icon before the label.
    #[prop(optional)]
    icon: Option<Glyph>,
    /// Takes the whole width.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <a href=href class=variant.class() data-wide=wide.then_some("true")>
            {icon.map(|glyph| view! { <Icon glyph/> })}
            {children()}
        </a>
    }
}
