//! The first steps, on the dashboard until they are done or put away.

use backend::{
    auth::UserView,
    checklist::{self, Checklist, LOOKED_OVER},
    preferences,
};
use leptos::prelude::*;
use leptos_axum::redirect;

use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{own_row, reject, signed_in},
    ui::{Button, Card, Glyph, HiddenField, Icon, PostForm, Variant},
};

/// What has to be done, and whether it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    is_done: bool,
    text: String,
    href: &'static str,
}

/// The caller's first steps; none when all are done or they were put away.
pub(super) async fn first_steps() -> Result<Option<Vec<Step>>, AppError> {
    let (backend, caller) = signed_in()?;
    let found = checklist::get(&backend, &caller).await.map_err(reject)?;
    let steps = steps(&found, &own_row()?);
    let is_shown = !found.is_hidden && steps.iter().any(|step| !step.is_done);
    Ok(is_shown.then_some(steps))
}

/// Whether the caller put the first steps away.
pub(crate) async fn first_steps_hidden() -> Result<bool, AppError> {
    let (backend, caller) = signed_in()?;
    Ok(preferences::get(&backend, &caller).await.map_err(reject)?.checklist_hidden)
}

/// `POST /dashboard/checklist`: puts the first steps away, or with another `hidden` than `true` brings them back.
#[server(prefix = "", endpoint = "dashboard/checklist")]
pub async fn hide_checklist(#[server(default)] hidden: String) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let hidden = hidden == "true";
    checklist::hide(&backend, &caller, hidden).await.map_err(reject)?;
    if hidden {
        let said = Flash::done("The first steps are put away.");
        flash::set(&said.with_button("Undo", routes::CHECKLIST, [("hidden", "false")]));
    }
    redirect(routes::DASHBOARD);
    Ok(())
}

fn steps(found: &Checklist, person: &UserView) -> Vec<Step> {
    let step = |is_done: bool, text: &str, href| Step { is_done, text: text.to_owned(), href };
    let left = LOOKED_OVER.saturating_sub(found.looked_over);
    let look_over = match found.looked_over {
        1.. if left > 0 => format!("Look over {LOOKED_OVER} categories: {left} to go"),
        _ => format!("Look over {LOOKED_OVER} categories"),
    };
    vec![
        step(person.email_verified, "Confirm your e-mail", routes::VERIFY_EMAIL),
        step(found.has_account, "Add an account", routes::ADD_ACCOUNT),
        step(left <= 0, &look_over, routes::REVIEW),
        step(found.has_budget, "Set one budget", routes::NEW_BUDGET),
        step(person.two_factor_enabled, "Turn on two-step sign-in", routes::SECURITY),
    ]
}

/// The steps with their links, how many are done, and the way to be rid of them.
#[component]
pub(super) fn FirstSteps(steps: Vec<Step>) -> AnyView {
    let done = steps.iter().filter(|step| step.is_done).count();
    let all = steps.len();
    let rows = steps.into_iter().map(row).collect_view();
    view! {
        <Card id="onboarding" title="First steps">
            <div data-testid="onboarding">
                <p class="mb-2 text-sm text-ink-2">{format!("{done} of {all} done")}</p>
                <ol class="grid gap-x-6 sm:grid-cols-2 lg:grid-cols-3">{rows}</ol>
                <PostForm action=routes::CHECKLIST page=routes::DASHBOARD class="mt-3">
                    <HiddenField name="hidden" value="true"/>
                    <Button variant=Variant::Secondary attr:data-testid="onboarding-dismiss">"Put away"</Button>
                </PostForm>
            </div>
        </Card>
    }
    .into_any()
}

fn row(step: Step) -> AnyView {
    let (glyph, tone) = if step.is_done {
        (Glyph::CircleCheck, "text-positive")
    } else {
        (Glyph::CircleDashed, "text-ink-3")
    };
    let text = if step.is_done {
        view! { <span class="text-ink-2">{step.text} <span class="sr-only">": done"</span></span> }
            .into_any()
    } else {
        view! { <a class="link inline-flex min-h-6 items-center" href=step.href>{step.text}</a> }
            .into_any()
    };
    view! {
        <li class="flex min-h-9 items-center gap-2 text-sm">
            <span class=tone><Icon glyph/></span>
            {text}
        </li>
    }
    .into_any()
}

/// Brings the first steps back, in the settings.
#[component]
pub(crate) fn BringBackFirstSteps() -> AnyView {
    view! {
        <Card id="first-steps" title="First steps">
            <p class="mb-4 text-sm text-ink-2">"You put them away. They can stand on the dashboard again."</p>
            <PostForm action=routes::CHECKLIST>
                <HiddenField name="hidden" value="false"/>
                <Button variant=Variant::Secondary attr:data-testid="onboarding-back">"Show the first steps"</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}
