//! `/two-factor`: after the password, a code. One way at a time, the others are links.

use backend::auth::two_factor::{FactorMethod, PendingChallenge};
use leptos::prelude::*;

use super::{
    api::{owed, with_method},
    path_to,
};
use crate::{
    auth::{wanted_page, with_next},
    islands::{PasskeyButton, PasskeyUse},
    routes,
    ui::{
        AuthShell, Button, Checkbox, HiddenField, InputKind, LinkButton, PostForm, TextField,
        Variant,
        load::load,
        query::{find, page_query},
    },
};

/// A way to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    App,
    Mail,
    Recovery,
}

impl Way {
    /// The one in the address, if it is open to this person; else the best one.
    fn choose(asked: Option<&str>, pending: &PendingChallenge) -> Self {
        match asked {
            Some("recovery") if pending.has_backup_codes => Self::Recovery,
            Some("email") => Self::Mail,
            _ if pending.methods.contains(&FactorMethod::Totp) => Self::App,
            _ => Self::Mail,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Mail => "email",
            Self::Recovery => "recovery",
        }
    }
}

/// The second step of a sign-in.
#[component]
pub fn TwoFactorPage() -> AnyView {
    let next = wanted_page();
    let asked = find(&page_query(), "method").map(str::to_owned);
    load(async move {
        Ok(match owed().await? {
            Some(pending) => {
                let way = Way::choose(asked.as_deref(), &pending);
                view! { <Ask pending way next/> }.into_any()
            }
            None => view! { <Nothing next/> }.into_any(),
        })
    })
}

#[component]
fn Ask(pending: PendingChallenge, way: Way, next: Option<String>) -> AnyView {
    let here = with_method(&path_to(next.as_deref()), way.name());
    let (email, kept) = (pending.email.clone(), next.clone());
    view! {
        <AuthShell page="two-factor" title="One more step">
            <PostForm action=routes::TWO_FACTOR page=here>
                {kept.map(|next| view! { <HiddenField name="next" value=next/> })}
                <HiddenField name="method" value=way.name()/>
                {match way {
                    Way::App => view! {
                        <TextField
                            name="code"
                            label="6-digit code"
                            hint="Open your authenticator app and type the code for Coffer."
                            kind=InputKind::Digits
                            autocomplete="one-time-code"
                            maxlength=12
                        />
                    }.into_any(),
                    Way::Mail => view! {
                        <TextField
                            name="code"
                            label="6-digit code"
                            hint=format!("From the mail we sent to {email}.")
                            kind=InputKind::Digits
                            autocomplete="one-time-code"
                            maxlength=12
                        />
                    }.into_any(),
                    Way::Recovery => view! {
                        <TextField
                            name="code"
                            label="Recovery code"
                            hint="One of the ten codes you saved. Each works once."
                            autocomplete="off"
                            maxlength=24
                        />
                    }.into_any(),
                }}
                <Checkbox name="trustDevice" label="Trust this device for 30 days"/>
                <Button wide=true busy="Checking…" attr:data-testid="two-factor-submit">"Continue"</Button>
            </PostForm>
            <OtherWays pending way next/>
        </AuthShell>
    }
    .into_any()
}

/// Links to the ways that are not shown, and the form that mails a code.
#[component]
fn OtherWays(pending: PendingChallenge, way: Way, next: Option<String>) -> impl IntoView {
    let path = path_to(next.as_deref());
    let app = (way != Way::App && pending.methods.contains(&FactorMethod::Totp)).then(|| {
        let href = with_method(&path, "app");
        view! { <LinkButton href variant=Variant::Secondary wide=true>"Use your authenticator app"</LinkButton> }
    });
    let recovery = (way != Way::Recovery && pending.has_backup_codes).then(|| {
        let href = with_method(&path, "recovery");
        view! { <LinkButton href variant=Variant::Secondary wide=true>"Use a recovery code"</LinkButton> }
    });
    let send = if way == Way::Mail { "Send a new code" } else { "Mail me a code" };
    let after = next.clone().unwrap_or_else(|| routes::DASHBOARD.to_owned());
    let passkey = pending.has_passkeys.then(|| {
        view! {
            <PasskeyButton purpose=PasskeyUse::SignIn label="Use a passkey".to_owned() next=after/>
            <noscript>
                <p class="text-sm text-ink-2">"Passkeys need JavaScript in your browser."</p>
            </noscript>
        }
    });
    let here = with_method(&path, way.name());
    let start_over = with_next(routes::SIGN_IN, next.as_deref());
    view! {
        <div class="mt-6 flex flex-col gap-3">
            {passkey}
            {app}
            <PostForm action=routes::TWO_FACTOR_SEND page=here prefix="send-" class="flex flex-col gap-3">
                {next.map(|next| view! { <HiddenField name="next" value=next/> })}
                <Button variant=Variant::Secondary wide=true busy="Sending…" attr:data-testid="two-factor-send">{send}</Button>
            </PostForm>
            {recovery}
            <p class="text-center text-sm text-ink-2">
                <a href=start_over class="link">"Sign in as somebody else"</a>
            </p>
        </div>
    }
}

#[component]
fn Nothing(next: Option<String>) -> impl IntoView {
    let href = with_next(routes::SIGN_IN, next.as_deref());
    view! {
        <AuthShell page="two-factor" title="Nothing to confirm">
            <p class="mb-6 text-ink-2">"The second step comes after your password. Sign in first."</p>
            <LinkButton href wide=true>"Sign in"</LinkButton>
        </AuthShell>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(methods: &[FactorMethod], has_backup_codes: bool) -> PendingChallenge {
        PendingChallenge {
            email: "ada@example.com".into(),
            methods: methods.to_vec(),
            has_backup_codes,
            has_passkeys: false,
        }
    }

    #[test]
    fn the_best_way_that_is_open_comes_first() {
        let both = pending(&[FactorMethod::Totp, FactorMethod::Otp], true);
        let mail = pending(&[FactorMethod::Otp], false);

        assert_eq!(Way::choose(None, &both), Way::App);
        assert_eq!(Way::choose(Some("recovery"), &both), Way::Recovery);
        assert_eq!(Way::choose(Some("email"), &both), Way::Mail);
        assert_eq!(Way::choose(Some("app"), &mail), Way::Mail);
        assert_eq!(Way::choose(Some("recovery"), &mail), Way::Mail);
    }
}
