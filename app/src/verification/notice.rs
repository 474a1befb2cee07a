//! What an account that is not proven yet asks of its owner, on the page of the account.

use domain::{
    states::verification::VerificationState,
    verification::{NextStep, VerificationView},
};
use leptos::prelude::*;

use crate::{
    routes,
    ui::{LinkButton, Notice, Tone, Variant},
};

/// Nothing for an account that needs no proof, or can't be proven here.
#[component]
pub fn VerificationNotice(
    /// How its proof stands.
    view: VerificationView,
) -> AnyView {
    if !view.state.is_open() && !view.can_start && view.message.is_none() {
        return ().into_any();
    }
    let (tone, state) = (tone(view.state), view.state.as_str());
    let link = view.next_step.map(|step| {
        let href = href(&view, step);
        view! { <LinkButton href variant=Variant::Secondary>{step.label()}</LinkButton> }
    });
    let instruction = view.round.and_then(|round| round.instruction);
    let text = view.message.or(instruction);
    let text =
        text.unwrap_or_else(|| "Small deposits prove that this account is yours.".to_owned());
    view! {
        <Notice tone>
            <div class="flex flex-wrap items-center justify-between gap-3" data-testid="verification-notice" data-state=state>
                <p class="min-w-0 flex-1 basis-60">{text}</p>
                {link}
            </div>
        </Notice>
    }
    .into_any()
}

fn tone(state: VerificationState) -> Tone {
    match state {
        VerificationState::Failed | VerificationState::Locked => Tone::Negative,
        VerificationState::Expired => Tone::Warning,
        VerificationState::Posted => Tone::Accent,
        _ => Tone::Neutral,
    }
}

/// Where the one thing to do next is done.
fn href(view: &VerificationView, step: NextStep) -> String {
    match step {
        NextStep::SendDeposits | NextStep::ConfirmDeposits | NextStep::SendNewDeposits => {
            routes::verify(&view.account)
        }
        NextStep::AddAccount | NextStep::LinkAgain => routes::ADD_ACCOUNT.to_owned(),
        NextStep::ContactSupport => routes::HELP.to_owned(),
    }
}
