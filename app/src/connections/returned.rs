//! `/accounts/link/return`: where the bank sends its customer back to. What it brought is spent here, once, and the
//! next page is another address: reloading or going back spends nothing.

use backend::{
    Error,
    connections::{self, FinishAsk, Finished},
};
use leptos::prelude::*;
use leptos_axum::redirect;

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

/// Goes on to the accounts, to the repaired connection, or says why not.
#[component]
pub fn ReturnedPage() -> AnyView {
    let query = page_query();
    load(async move {
        let (state, token) = (find(&query, "state"), find(&query, "public_token"));
        if let (Some(state), Some(token)) = (state, token) {
            return finish(state, token).await;
        }
        signed_in()?;
        flash::set(&Flash::note("Nothing was linked."));
        redirect(routes::ADD_ACCOUNT);
        Ok(().into_any())
    })
}

async fn finish(state: &str, token: &str) -> Result<AnyView, AppError> {
    let (backend, caller) = signed_in()?;
    let ask = FinishAsk { state, public_token: &token.to_owned().into(), hint: None };
    let next = match connections::finish_link(&backend, &caller, &ask).await {
        Ok(Finished::Linked { connection }) => routes::connection_accounts(&connection),
        Ok(Finished::Repaired { connection }) => {
            flash::set(&Flash::done("You're signed in again. The bank is being read."));
            routes::connection(&connection)
        }
        Ok(Finished::AlreadyLinked { connection, institution_name }) => {
            flash::set(&Flash::note(format!(
                "You linked these accounts of {institution_name} before. This is that connection; nothing was added."
            )));
            routes::connection(&connection)
        }
        Err(Error::Expired(_)) => {
            return Ok(view! { <Failed sentence="This sign-in was used already, or took longer than 30 minutes. What it linked is under Accounts."/> }.into_any());
        }
        Err(Error::Bank { problem, bank }) => {
            return Ok(view! { <Failed sentence=problem.sentence(&bank)/> }.into_any());
        }
        Err(error) => return Err(reject(error)),
    };
    redirect(&next);
    Ok(().into_any())
}

#[component]
fn Failed(#[prop(into)] sentence: String) -> AnyView {
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
