//! `/accounts/link/return`: where the bank sends its customer back to. What it brought is spent here, once, and the
//! next page is another address: reloading or going back spends nothing.

use backend::{Error, banks::ProviderKind, connections};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::api::{LAPSED, spend};
use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{reject, signed_in},
    ui::{
        AppShell, LinkButton, Notice, Section, Tone, Variant,
        load::load,
        query::{find, page_query},
    },
};

/// Goes on to the accounts, to the repaired connection, to the provider's window, or says why not.
#[component]
pub fn ReturnedPage() -> AnyView {
    let query = page_query();
    load(async move {
        let (state, token) = (find(&query, "state"), find(&query, "public_token"));
        if let (Some(state), Some(token)) = (state, token) {
            return match spend(state, token, None).await? {
                Ok(next) => {
                    redirect(&next);
                    Ok(().into_any())
                }
                Err(sentence) => Ok(view! { <Failed sentence/> }.into_any()),
            };
        }
        if let Some(oauth_state) = find(&query, routes::OAUTH_STATE) {
            return go_on(oauth_state).await;
        }
        signed_in()?;
        flash::set(&Flash::note("Nothing was linked."));
        redirect(routes::ADD_ACCOUNT);
        Ok(().into_any())
    })
}

/// From a bank with a page of its own, in the middle of a provider's window: it goes on where it was.
async fn go_on(oauth_state: &str) -> Result<AnyView, AppError> {
    let (backend, caller) = signed_in()?;
    match connections::resume_latest(&backend, &caller, ProviderKind::Plaid).await {
        Ok(begun) => redirect(&routes::link_window_again(&begun.state, oauth_state)),
        Err(Error::Expired(_)) => return Ok(view! { <Failed sentence=LAPSED/> }.into_any()),
        Err(error) => return Err(reject(error)),
    }
    Ok(().into_any())
}

/// Nothing came of an attempt.
#[component]
pub(super) fn Failed(
    /// Why.
    #[prop(into)]
    sentence: String,
) -> AnyView {
    let numbers = format!("{}?how=numbers", routes::ADD_ACCOUNT);
    view! {
        <AppShell page="link-failed" title="Nothing was linked" section=Section::Accounts back=("Accounts", routes::ACCOUNTS)>
            <div class="flex max-w-2xl flex-col gap-5">
                <Notice tone=Tone::Warning><p>{sentence}</p></Notice>
                <div class="flex flex-wrap gap-3">
                    <LinkButton href=routes::ADD_ACCOUNT>"Try again"</LinkButton>
                    <LinkButton href=numbers variant=Variant::Secondary>"Use account numbers instead"</LinkButton>
                    <LinkButton href=routes::ACCOUNTS variant=Variant::Ghost>"Go to accounts"</LinkButton>
                </div>
            </div>
        </AppShell>
    }
    .into_any()
}
