//! `/accounts/link/window`: the one step that needs script, and the only page with a script of somebody else. Plaid's
//! window opens over it; what it brings is posted as a form.

use backend::{Error, banks::LinkStart, connections};
use domain::query::{Pairs, encode};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::redirect;

use super::{
    api::{LAPSED, return_url},
    returned::Failed,
    steps::{Step, Steps},
};
use crate::{
    AppError, routes,
    server::{reject, signed_in},
    ui::{
        AppShell, HiddenField, LinkButton, Notice, PostForm, Section, Tone, Variant,
        load::load,
        query::{find, page_query},
    },
};

/// Plaid's own script. It may stand nowhere else, and in no bundle.
const SCRIPT: &str = "https://cdn.plaid.com/link/v2/stable/link-initialize.js";
/// Opens the window, and posts what it brings.
const OPENER: &str = include_str!("plaid.js");

/// The window of one attempt.
#[component]
pub fn WindowPage() -> AnyView {
    let query = page_query();
    load(async move {
        let (backend, caller) = signed_in()?;
        let state = find(&query, "state").unwrap_or_default().to_owned();
        match connections::resume_link(&backend, &caller, &state).await {
            Ok(LinkStart::Redirect { url }) => {
                redirect(&url);
                Ok(().into_any())
            }
            Ok(start) => {
                let received = received(return_url(&backend)?.as_str(), &query);
                let token = start.script_token().unwrap_or_default().to_owned();
                Ok(view! { <Window state token received/> }.into_any())
            }
            Err(Error::Expired(_)) => Ok(view! { <Failed sentence=LAPSED/> }.into_any()),
            Err(error) => Err::<_, AppError>(reject(error)),
        }
    })
}

/// The address that a bank with a page of its own came back to: Plaid goes on from it.
fn received(return_url: &str, query: &Pairs) -> Option<String> {
    let oauth_state = find(query, routes::OAUTH_STATE)?;
    Some(format!("{return_url}?{}", encode(&[(routes::OAUTH_STATE, oauth_state)])))
}

#[component]
fn Window(state: String, token: String, received: Option<String>) -> AnyView {
    let numbers = format!("{}?how=numbers", routes::ADD_ACCOUNT);
    view! {
        <AppShell page="link-window" title="Sign in at your bank" section=Section::Accounts back=("Link account", routes::ADD_ACCOUNT)>
            <div class="card flex max-w-2xl flex-col gap-5 p-4 md:p-6">
                <Steps step=Step::SignIn/>
                <p>
                    "The window of Plaid, which connects banks for us, opens over this page. It asks for your bank and
                    for your sign-in there. Coffer never sees your password and cannot move money."
                </p>
                <noscript>
                    <Notice tone=Tone::Warning>
                        <p data-testid="link-no-script">
                            "This bank's sign-in needs JavaScript, in this one step. Switch it on and open this page
                            again, or use account numbers instead."
                        </p>
                    </Notice>
                </noscript>
                <div
                    id="plaid"
                    data-token=token
                    data-received=received
                    data-left="Nothing was linked."
                    data-failed="Plaid's window did not open, or ended early. Try again, or use account numbers instead."
                    data-done="Your bank has answered. One moment…"
                >
                    <PostForm action=routes::FINISH_LINK>
                        <HiddenField name="state" value=state/>
                        <HiddenField name="public_token" value=""/>
                        <HiddenField name="institution" value=""/>
                        <HiddenField name="accounts" value=""/>
                    </PostForm>
                </div>
                <p id="plaid-told" role="status" class="min-h-6 text-ink-2" data-testid="link-told"></p>
                <div class="flex flex-wrap gap-3">
                    <button id="plaid-open" type="button" hidden class=Variant::Primary.class() data-testid="link-open">
                        "Open Plaid"
                    </button>
                    <LinkButton href=numbers variant=Variant::Secondary>"Use account numbers instead"</LinkButton>
                    <LinkButton href=routes::ADD_ACCOUNT variant=Variant::Ghost>"Cancel"</LinkButton>
                </div>
            </div>
            <Scripts/>
        </AppShell>
    }
    .into_any()
}

/// Theirs, and then ours: both wait for the page, in this order.
#[component]
fn Scripts() -> AnyView {
    let call = format!("({})();", OPENER.trim_end());
    view! {
        <script src=SCRIPT defer></script>
        <script type="module" nonce=use_nonce()>{call}</script>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use leptos::nonce::Nonce;

    use super::*;

    #[test]
    fn a_bank_that_comes_back_is_told_by_the_address_it_came_to() {
        let back = |query: &str| {
            received("https://bank.example/accounts/link/return", &domain::query::parse(query))
        };

        assert_eq!(back("state=s"), None);
        assert_eq!(
            back("state=s&oauth_state_id=a%26b").as_deref(),
            Some("https://bank.example/accounts/link/return?oauth_state_id=a%26b")
        );
    }

    #[test]
    fn our_script_has_the_nonce_and_theirs_its_address_alone() {
        let html = Owner::new().with(|| {
            provide_context(Nonce::from_value("n0nce"));
            view! { <Scripts/> }.to_html()
        });

        assert_eq!(html.matches("n0nce").count(), 1, "{html}");
        assert!(
            html.contains(
                r#"<script src="https://cdn.plaid.com/link/v2/stable/link-initialize.js" defer>"#
            ),
            "{html}"
        );
        assert!(
            html.contains("=> {") && html.contains("&& {") && html.contains("})();</script>"),
            "{html}"
        );
    }
}
