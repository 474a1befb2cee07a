//! Messages: the flash after a redirect, and notices inside a page.

use leptos::prelude::*;

use super::{Button, Glyph, Icon, Tone, Variant};
use crate::{
    flash::{self, Flash, FlashButton, use_flash},
    islands::{Dismiss, keys::UNDO},
};

/// The message of the last action, under the header; with script a toast at the lower left.
#[component]
pub fn FlashMessage() -> impl IntoView {
    use_flash().map(|flash| {
        let (role, class, glyph) = looks(flash.tone);
        let seconds = seconds(&flash);
        let button = flash.button.clone().map(button);
        view! {
            <div class="flash-region">
                <div id="flash" class=class role=role data-testid="flash">
                    <span class="mt-0.5 shrink-0"><Icon glyph/></span>
                    <p class="min-w-0 flex-1">{text(flash)}</p>
                    {button}
                    <Dismiss target="flash".to_owned() seconds/>
                </div>
            </div>
        }
    })
}

/// How long a message stays. What went wrong stays until it was read.
fn seconds(flash: &Flash) -> Option<u32> {
    match (flash.tone, &flash.button) {
        (flash::Tone::Failed, _) => None,
        (_, Some(_)) => Some(10),
        (_, None) => Some(6),
    }
}

fn looks(tone: flash::Tone) -> (&'static str, &'static str, Glyph) {
    match tone {
        flash::Tone::Done => {
            ("status", "notice flash border-positive bg-positive-soft", Glyph::CircleCheck)
        }
        flash::Tone::Failed => {
            ("alert", "notice flash border-negative bg-negative-soft", Glyph::CircleAlert)
        }
        flash::Tone::Note => ("status", "notice flash border-line-strong bg-surface", Glyph::Info),
    }
}

fn text(flash: Flash) -> impl IntoView {
    let link = flash.link.map(|(label, href)| {
        view! { " " <a href=href class="link">{label}</a> }
    });
    view! { {flash.text} {link} }
}

fn button(button: FlashButton) -> impl IntoView {
    let FlashButton { label, action, fields } = button;
    let is_undo = (label == "Undo").then_some(UNDO);
    let fields = fields.into_iter().map(|(name, value)| {
        view! { <input type="hidden" name=name value=value/> }
    });
    view! {
        <form method="post" action=action class="-my-1.5 shrink-0">
            {fields.collect_view()}
            <Button variant=Variant::Ghost attr:data-testid="flash-button" attr:data-key=is_undo>{label}</Button>
        </form>
    }
}

/// A box with a sentence inside a page.
#[component]
pub fn Notice(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    children: Children,
) -> AnyView {
    let (class, glyph) = match tone {
        Tone::Neutral => ("notice border-line bg-sunken", Glyph::Info),
        Tone::Accent => ("notice border-accent bg-accent-soft", Glyph::Info),
        Tone::Positive => ("notice border-positive bg-positive-soft", Glyph::CircleCheck),
        Tone::Warning => ("notice border-warning bg-warning-soft", Glyph::TriangleAlert),
        Tone::Negative => ("notice border-negative bg-negative-soft", Glyph::CircleAlert),
    };
    view! {
        <div class=class>
            <span class="mt-0.5 shrink-0"><Icon glyph/></span>
            <div class="min-w-0 flex-1">{children()}</div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_of_undo_press_the_button_that_says_so_and_no_other() {
        let html = |label: &str| {
            let fields = vec![("id".to_owned(), "7".to_owned())];
            let one = FlashButton { label: label.to_owned(), action: "/undo".to_owned(), fields };
            Owner::new().with(|| button(one).to_html())
        };

        assert!(html("Undo").contains(r#"data-key="Ctrl+Z""#), "{}", html("Undo"));
        assert!(!html("Try again").contains("data-key"), "{}", html("Try again"));
    }
}
