//! The second step in the security settings.

use backend::auth::two_factor::FactorStatus;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    TrustedDevices,
    api::{BEGIN, CHANGE, MAIL},
};
use crate::{
    form::use_form_for,
    routes,
    ui::{
        Badge, Button, Card, InputKind, Notice, PasswordField, PostForm, TextField, Tone,
        UsernameField, Variant, count::count,
    },
};

/// With this many recovery codes left it is time to make new ones.
const FEW_CODES: usize = 2;
/// Stands before the ids of fields: other forms of the page ask for the same.
const PREFIX: &str = "second-step-";

/// Whether a password alone lets the person in, and what can be done about it.
#[component]
pub fn SecondStepCard(
    /// The caller's second factor.
    status: FactorStatus,
    /// Whose it is, for password managers.
    email: String,
    /// Whether there is a password to ask for.
    has_password: bool,
    /// The current time.
    now: OffsetDateTime,
) -> AnyView {
    let state = if status.enabled { "on" } else { "off" };
    let body = if status.enabled {
        view! { <On status email has_password now/> }.into_any()
    } else {
        view! { <Off email has_password/> }.into_any()
    };
    view! {
        <Card id="second-step" title="Second step">
            <div data-testid="second-step" data-state=state>{body}</div>
        </Card>
    }
    .into_any()
}

#[component]
fn Off(email: String, has_password: bool) -> AnyView {
    view! {
        <PostForm action=BEGIN page=routes::SECURITY prefix=PREFIX>
            <p class="text-ink-2">
                "After your password, Coffer asks for a code from an app on your phone. Your password alone then lets nobody in."
            </p>
            {has_password.then(|| view! { <Password email/> })}
            <div><Button busy="Preparing…">"Turn on"</Button></div>
        </PostForm>
    }
    .into_any()
}

#[component]
fn On(status: FactorStatus, email: String, has_password: bool, now: OffsetDateTime) -> AnyView {
    let FactorStatus { totp, backup_codes_left: left, recently_proved, .. } = status;
    let source =
        if totp { "Codes come from your authenticator app." } else { "Codes come by mail." };
    view! {
        <div class="flex flex-col gap-4">
            <p class="flex flex-wrap items-center gap-x-2 gap-y-1">
                <Badge tone=Tone::Positive>"On"</Badge>
                <span class="text-ink-2">{source}</span>
            </p>
            <Codes left/>
            {(!totp).then(|| view! { <ByMail recently_proved/> })}
            <Change email has_password asks=!recently_proved totp/>
            <TrustedDevices devices=status.trusted_devices now/>
        </div>
    }
    .into_any()
}

#[component]
fn Codes(left: usize) -> AnyView {
    let text = match left {
        0 => "You have no recovery codes left.".to_owned(),
        left => {
            let codes = count(i64::try_from(left).unwrap_or(i64::MAX), "recovery code");
            format!("{codes} left for when your phone isn't at hand.")
        }
    };
    if left > FEW_CODES {
        return view! { <p data-testid="recovery-codes-left">{text}</p> }.into_any();
    }
    view! {
        <Notice tone=Tone::Warning>
            <p data-testid="recovery-codes-left">{text} " Make new ones below."</p>
        </Notice>
    }
    .into_any()
}

/// A code has to be sent before it can be typed.
#[component]
fn ByMail(recently_proved: bool) -> AnyView {
    let ask = (!recently_proved).then(|| {
        view! {
            <PostForm action=MAIL page=routes::SECURITY prefix="second-step-mail-">
                <div><Button variant=Variant::Secondary busy="Sending…">"Mail me a code"</Button></div>
            </PostForm>
        }
    });
    ask.into_any()
}

#[component]
fn Change(
    email: String,
    has_password: bool,
    /// Whether a code has to be given as well.
    asks: bool,
    totp: bool,
) -> AnyView {
    let open = use_form_for(CHANGE).was_posted();
    let source = if totp { "From your authenticator app" } else { "From the mail" };
    view! {
        <details class="disclosure" open=open>
            <summary>"Make new recovery codes or turn it off"</summary>
            <PostForm action=CHANGE page=routes::SECURITY prefix=PREFIX class="mt-4 flex flex-col gap-5">
                {has_password.then(|| view! { <Password email/> })}
                {asks.then(|| view! {
                    <TextField
                        name="code"
                        label="Code"
                        hint=format!("{source}, or one of your recovery codes.")
                        autocomplete="one-time-code"
                        maxlength=24
                    />
                })}
                <div class="flex flex-wrap gap-3">
                    <Button variant=Variant::Secondary busy="Making…" attr:name="act" attr:value="codes">
                        "Make new recovery codes"
                    </Button>
                    <Button variant=Variant::Danger busy="Turning off…" attr:name="act" attr:value="off">
                        "Turn off the second step"
                    </Button>
                </div>
                <p class="text-sm text-ink-2">
                    "New codes replace the old ones. When it is off, your password alone lets you in and no device is trusted any longer."
                </p>
            </PostForm>
        </details>
    }
    .into_any()
}

#[component]
fn Password(email: String) -> AnyView {
    view! {
        <UsernameField value=email/>
        <PasswordField name="currentPassword" label="Your password" autocomplete="current-password"/>
    }
    .into_any()
}

/// A six-digit field of an authenticator app.
#[component]
pub(super) fn AppCodeField() -> AnyView {
    view! {
        <TextField
            name="code"
            label="6-digit code"
            hint="The one your app shows for Coffer now."
            kind=InputKind::Digits
            autocomplete="one-time-code"
            maxlength=12
        />
    }
    .into_any()
}
