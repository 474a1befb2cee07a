//! Other people's sign-in pages: the buttons that lead there, their forms, and what went wrong on the way back.

use backend::{
    Error,
    auth::oauth::{self, LinkTo, Start},
};
use leptos::prelude::*;
use leptos_axum::redirect;
use leptos_router::hooks::use_query_map;

use super::with_next;
use crate::{
    AppError,
    islands::{PasskeyButton, PasskeyUse},
    routes,
    server::{
        CookieChange, LastWayIn, PASSKEY_WAY, SignInCookies, backend, fresh, own_row, reject, site,
    },
    ui::{Button, HiddenField, Variant},
};

/// Sign in with an account elsewhere: form only.
pub const SIGN_IN_WITH: &str = "/sign-in/with";
/// Connect an account elsewhere: form only.
pub const LINK_PROVIDER: &str = "/settings/connections/link";

/// `POST /sign-in/with`: sends the browser to the provider's own page.
#[server(prefix = "", endpoint = "sign-in/with")]
pub async fn sign_in_with(
    #[server(default)] provider: String,
    #[server(default)] next: String,
    #[server(default)]
    #[server(rename = "signUp")]
    sign_up: String,
) -> Result<(), AppError> {
    let safe = domain::redirect::safe_next(&next);
    let start = Start {
        provider: provider.clone(),
        callback_url: domain::redirect::next_or(&next, routes::DASHBOARD),
        error_url: Some(with_next(routes::SIGN_IN, safe.as_deref())),
        request_sign_up: !sign_up.is_empty(),
        ..Start::default()
    };
    send_off(&start).await?;
    SignInCookies::set(CookieChange::SetsOutFor(&provider));
    Ok(())
}

/// `POST /settings/connections/link`: the same for somebody who connects the account to their own.
#[server(prefix = "", endpoint = "settings/connections/link")]
pub async fn link_provider(#[server(default)] provider: String) -> Result<(), AppError> {
    let (_, caller) = fresh()?;
    let email = own_row()?.email;
    let start = Start {
        provider,
        callback_url: routes::CONNECTIONS.to_owned(),
        error_url: Some(routes::CONNECTIONS.to_owned()),
        link: Some(LinkTo { caller, email, token: None }),
        ..Start::default()
    };
    send_off(&start).await
}

async fn send_off(start: &Start) -> Result<(), AppError> {
    let started = match oauth::start(&backend(), start).await {
        Ok(started) => started,
        Err(Error::Upstream { .. }) => {
            let sentence = "We can't reach the other sign-in page right now. Try again in a minute, or use your password.";
            return Err(AppError::message(503, sentence));
        }
        Err(error) => return Err(reject(error)),
    };
    SignInCookies::set(CookieChange::Flow { state: &started.state });
    redirect(started.url.as_str());
    Ok(())
}

/// The ways in without an e-mail address, above the form: "Continue with Google" and the others, and, for somebody who
/// has been here before, a passkey. Nothing where there is none.
#[component]
pub fn ProviderButtons(
    /// The page to go to afterwards.
    next: Option<String>,
    /// The page of the buttons, shown again when something is wrong.
    page: &'static str,
    /// Whether a new account is what the person is here for.
    #[prop(optional)]
    sign_up: bool,
) -> AnyView {
    let providers = site().providers;
    if providers.is_empty() && sign_up {
        return ().into_any();
    }
    let last = use_context::<LastWayIn>().filter(|_| !sign_up).unwrap_or_default();
    let by_passkey = last.is(PASSKEY_WAY);
    let passkey = (!sign_up).then(|| next.clone().unwrap_or_else(|| routes::DASHBOARD.to_owned()));
    let buttons = providers
        .into_iter()
        .map(|provider| {
            let (next, testid) = (next.clone(), format!("continue-with-{}", provider.id));
            let used = last.is(&provider.id);
            view! {
                <form method="post" action=SIGN_IN_WITH>
                    <HiddenField name="page" value=page/>
                    <HiddenField name="provider" value=provider.id/>
                    {next.map(|next| view! { <HiddenField name="next" value=next/> })}
                    {sign_up.then(|| view! { <HiddenField name="signUp" value="true"/> })}
                    <Button variant=Variant::Secondary wide=true attr:data-testid=testid>
                        {format!("Continue with {}", provider.label)}
                    </Button>
                    {used.then(|| view! { <LastUsed/> })}
                </form>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <div class="flex flex-col gap-3">
            {buttons}
            {passkey.map(|next| view! { <WithPasskey next used=by_passkey/> })}
        </div>
        <p class="my-5 text-center text-sm text-ink-2">"or with your e-mail"</p>
    }
    .into_any()
}

/// Stands under the way in that was used last.
#[component]
pub(super) fn LastUsed() -> AnyView {
    view! { <p class="mt-1 text-center text-sm text-ink-2" data-testid="last-used">"Last used"</p> }
        .into_any()
}

#[component]
fn WithPasskey(next: String, used: bool) -> AnyView {
    view! {
        <PasskeyButton purpose=PasskeyUse::SignIn label="Sign in with a passkey".to_owned() next/>
        <noscript>
            <p class="text-center text-sm text-ink-2">"Passkeys need JavaScript in your browser."</p>
        </noscript>
        {used.then(|| view! { <LastUsed/> })}
    }
    .into_any()
}

/// What went wrong at the provider or on the way back, from the address of the page.
#[component]
pub fn ProviderRefusal() -> AnyView {
    let code = use_query_map().read_untracked().get("error");
    let refusal = code.map(|code| {
        view! {
            <div class="notice mb-5 border-negative bg-negative-soft" role="alert" data-testid="provider-refusal">
                <p>{words(&code)}</p>
            </div>
        }
    });
    refusal.into_any()
}

/// The sentence of a code of the callback.
pub fn words(code: &str) -> &'static str {
    match code {
        "account_not_linked" => {
            "You already have a Coffer password for this e-mail. Sign in with it once to connect the other account."
        }
        "access_denied" => "You didn't agree on the other page, so nothing was changed.",
        "signup_disabled" => {
            "There is no account for this yet, and new ones can't be made this way."
        }
        "email_not_found" => {
            "The other account gave us no e-mail address. Use your e-mail here instead."
        }
        "email_not_verified" => {
            "The other account's e-mail isn't confirmed. Confirm it there, then try again."
        }
        "email_does_not_match" => {
            "The other account has a different e-mail. Only accounts with your own address can be connected."
        }
        "account_already_linked_to_different_user" => {
            "The other account is connected to somebody else here."
        }
        "unable_to_link_account" => "The other account couldn't be connected. Try again.",
        "state_mismatch" | "state_not_found" => {
            "That took too long, or began in another browser. Try again."
        }
        _ => "Signing in with the other account didn't work. Try again, or use your e-mail.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_sentence_and_none_repeats_what_stands_in_the_address() {
        for code in ["account_not_linked", "access_denied", "invalid_code", "<script>"] {
            assert!(words(code).ends_with('.') && !words(code).contains(code), "{code}");
        }
    }
}
