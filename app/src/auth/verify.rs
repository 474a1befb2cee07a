//! `/verify-email`: waits for a mailed link to be opened; with the link's token, opens it.

use backend::auth::{
    AuthFailure,
    email::{look, verification_life},
};
use leptos::prelude::*;

use super::{
    api::refuse,
    mailed::{Letter, Mailed, use_mailed},
    verify_link::OpenLink,
    waiting::{Email, Mailbox, Resend},
    wanted_page, with_next,
};
use crate::{
    routes,
    server::{Caller, backend},
    session::use_session,
    ui::{
        AuthShell, Button, HiddenField, InputKind, LinkButton, PostForm, TextField, Variant,
        load::load,
        query::{find, page_query},
    },
};

/// The page after a link that no longer works.
pub(super) const SPENT: &str = "/verify-email?error=INVALID_TOKEN";
/// The page after the old address has agreed.
pub(super) const HALF_CHANGED: &str = "/verify-email?done=agreed";
/// The page after a change where nobody is signed in.
pub(super) const CHANGED: &str = "/verify-email?done=changed";

/// The state of the page is its query.
#[component]
pub fn VerifyEmailPage() -> AnyView {
    let query = page_query();
    let next = wanted_page();
    if let Some(token) = find(&query, "token") {
        return open(token.to_owned(), next);
    }
    match (find(&query, "error"), find(&query, "done")) {
        (Some(_), _) => view! { <Spent next/> }.into_any(),
        (_, Some("agreed")) => view! { <HalfChanged/> }.into_any(),
        (_, Some("changed")) => view! { <Changed/> }.into_any(),
        _ => view! { <Waiting next/> }.into_any(),
    }
}

fn open(token: String, next: Option<String>) -> AnyView {
    let caller = use_context::<Caller>().and_then(|caller| caller.0);
    load(async move {
        match look(&backend(), &token, caller.as_ref()).await {
            Ok(link) => Ok(view! { <OpenLink link token next/> }.into_any()),
            Err(AuthFailure::TokenInvalid | AuthFailure::TokenExpired) => {
                Ok(view! { <Spent next/> }.into_any())
            }
            Err(other) => Err(refuse(other)),
        }
    })
}

/// The address to wait for: the signed-in person's own, else the one that this browser had a mail sent to.
fn awaited() -> Option<Mailed> {
    let mailed = use_mailed();
    match use_session() {
        Some(session) => Some(
            mailed
                .filter(|mailed| mailed.email.eq_ignore_ascii_case(&session.email))
                .unwrap_or(Mailed::address(session.email)),
        ),
        None => mailed,
    }
}

#[component]
fn Waiting(#[prop(optional_no_strip)] next: Option<String>) -> AnyView {
    if use_session().is_some_and(|session| session.email_verified) {
        return view! { <Confirmed next/> }.into_any();
    }
    let life = domain::wait::life_in_words(verification_life(&backend()));
    view! {
        <AuthShell page="verify-email" title="Check your mail">
            {match awaited() {
                Some(mailed) => view! {
                    <p class="mb-6 text-ink-2">
                        "We've sent a link to " <Email email=mailed.email.clone()/> {format!(". Open it to confirm that the address is yours. It works for {life}.")}
                    </p>
                    <ResendTo mailed next=next.clone()/>
                }.into_any(),
                None => view! {
                    <p class="mb-6 text-ink-2">"Open the link we've sent you to confirm that the address is yours."</p>
                    <AskAgain next=next.clone()/>
                }.into_any(),
            }}
            <Mailbox/>
            <WaysOut next/>
        </AuthShell>
    }
    .into_any()
}

#[component]
fn ResendTo(mailed: Mailed, next: Option<String>) -> AnyView {
    let page = with_next(routes::VERIFY_EMAIL, next.as_deref());
    view! { <Resend action=routes::RESEND_VERIFICATION page letter=Letter::Verification mailed next/> }.into_any()
}

/// Where no address is known.
#[component]
fn AskAgain(next: Option<String>) -> AnyView {
    let page = with_next(routes::VERIFY_EMAIL, next.as_deref());
    view! {
        <PostForm action=routes::RESEND_VERIFICATION page>
            {next.map(|next| view! { <HiddenField name="next" value=next/> })}
            <TextField name="email" label="E-mail" kind=InputKind::Email autocomplete="username" maxlength=254/>
            <Button variant=Variant::Secondary wide=true busy="Sending…" attr:data-testid="resend">"Send the link again"</Button>
        </PostForm>
    }
    .into_any()
}

/// Another address, or another account.
#[component]
fn WaysOut(next: Option<String>) -> AnyView {
    if use_session().is_some() {
        return view! {
            <div class="mt-6 flex flex-wrap items-baseline justify-center gap-x-5 gap-y-2 text-sm">
                <a href=routes::PROFILE class="link">"Change address"</a>
                <form method="post" action=routes::SIGN_OUT>
                    <button class="link cursor-pointer">"Sign out"</button>
                </form>
            </div>
        }
        .into_any();
    }
    let (sign_in, sign_up) =
        (with_next(routes::SIGN_IN, next.as_deref()), with_next(routes::SIGN_UP, next.as_deref()));
    view! {
        <p class="mt-6 text-center text-sm text-ink-2">
            "Not your address? " <a href=sign_up class="link">"Use another one"</a>
        </p>
        <p class="mt-2 text-center text-sm text-ink-2">
            "Confirmed it already? " <a href=sign_in class="link">"Sign in"</a>
        </p>
    }
    .into_any()
}

/// Somebody who has nothing left to prove.
#[component]
fn Confirmed(next: Option<String>) -> AnyView {
    let email = use_session().map(|session| session.email).unwrap_or_default();
    view! {
        <AuthShell page="verify-email" title="Your address is confirmed">
            <p class="mb-6 text-ink-2"><Email email/> " is yours. There's nothing left to do here."</p>
            <LinkButton href=next.unwrap_or_else(|| routes::DASHBOARD.to_owned()) wide=true>"Go on"</LinkButton>
        </AuthShell>
    }
    .into_any()
}

#[component]
fn Spent(next: Option<String>) -> AnyView {
    let is_confirmed = use_session().is_some_and(|session| session.email_verified);
    view! {
        <AuthShell page="verify-email" title="This link doesn't work any more">
            <p class="mb-6 text-ink-2">"It's too old, was used already, or a newer one was sent."</p>
            {match awaited() {
                _ if is_confirmed => view! {
                    <LinkButton href=routes::PROFILE wide=true>"Open settings"</LinkButton>
                }.into_any(),
                Some(mailed) => view! { <ResendTo mailed next=next.clone()/> <WaysOut next/> }.into_any(),
                None => view! { <AskAgain next=next.clone()/> <WaysOut next/> }.into_any(),
            }}
        </AuthShell>
    }
    .into_any()
}

#[component]
fn HalfChanged() -> AnyView {
    view! {
        <AuthShell page="verify-email" title="One more link">
            <p class="text-ink-2">
                "Now open the link we've sent to the new address. It works for 60 minutes. Until then everything stays as it is."
            </p>
            <CloseTab/>
            <Mailbox/>
        </AuthShell>
    }
    .into_any()
}

#[component]
fn Changed() -> AnyView {
    view! {
        <AuthShell page="verify-email" title="Your address is changed">
            <p class="text-ink-2">"Sign in with the new address from now on. You're signed out everywhere."</p>
            <CloseTab/>
            <div class="mt-6"><LinkButton href=routes::SIGN_IN wide=true>"Sign in"</LinkButton></div>
        </AuthShell>
    }
    .into_any()
}

/// For links that were opened in another browser than the one where everything else happens.
#[component]
fn CloseTab() -> impl IntoView {
    use_session().is_none().then(|| {
        view! { <p class="mt-3 text-ink-2">"You can close this tab."</p> }
    })
}
