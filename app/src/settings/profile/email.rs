//! The address: whether it is proven, and the way to another one.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::api::Profile;
use crate::{
    routes,
    server::site,
    ui::{Badge, Button, Card, InputKind, Notice, PostForm, TextField, Tone, Variant},
};

/// Where the form that asks for another address posts to.
const CHANGE: &str = "/settings/profile/email";

/// The address of a person and the form that changes it.
#[component]
pub fn EmailCard(profile: Profile) -> AnyView {
    let asked = use_query_map().read_untracked().get("email").as_deref() == Some("asked");
    let Profile { email, email_verified, email_can_change, .. } = profile;
    let (tone, state) = if email_verified {
        (Tone::Positive, "Confirmed")
    } else {
        (Tone::Warning, "Not confirmed")
    };
    view! {
        <Card id="email" title="E-mail">
            <div class="flex flex-col gap-5">
                <p class="flex flex-wrap items-center gap-x-3 gap-y-1">
                    <span class="font-medium break-all" data-testid="settings-profile-email">{email.clone()}</span>
                    <Badge tone>{state}</Badge>
                    {(!email_verified).then(|| view! {
                        <a class="link inline-flex min-h-6 items-center text-sm" href=routes::VERIFY_EMAIL>"Confirm it"</a>
                    })}
                </p>
                {asked.then(|| view! { <Asked email=email.clone() email_verified/> })}
                {email_can_change.then(|| view! { <ChangeForm email_verified/> })}
            </div>
        </Card>
    }
    .into_any()
}

/// What happens next, after another address was asked for.
#[component]
fn Asked(email: String, email_verified: bool) -> AnyView {
    let steps = if email_verified {
        view! {
            <p class="font-medium">"Confirm the change in your mail"</p>
            <ol class="mt-1 list-decimal pl-5">
                <li>"Open the link we've sent to " <span class="break-all">{email}</span> "."</li>
                <li>"Then open the link we send to the new address."</li>
            </ol>
            <p class="mt-1">"Until then nothing changes. If no mail comes, that address can't be used here."</p>
        }
        .into_any()
    } else {
        view! {
            <p class="font-medium">"Confirm the change in your mail"</p>
            <p class="mt-1">
                "Open the link we've sent to the new address. Until then nothing changes. If no mail comes, that address can't be used here."
            </p>
        }
        .into_any()
    };
    view! {
        <Notice tone=Tone::Accent>
            <div data-testid="settings-profile-email-asked">
                {steps}
                {site().dev_mail.then(|| view! {
                    <p class="mt-2"><a class="link" href=routes::DEV_MAIL>"Open the mailbox (development)"</a></p>
                })}
            </div>
        </Notice>
    }
    .into_any()
}

#[component]
fn ChangeForm(email_verified: bool) -> AnyView {
    let hint = if email_verified {
        "We mail both addresses: the old one agrees, the new one proves that it's yours."
    } else {
        "We mail the new address, so that you can prove it's yours."
    };
    view! {
        <PostForm action=CHANGE page=routes::PROFILE>
            <TextField
                name="newEmail"
                label="New e-mail"
                hint
                kind=InputKind::Email
                autocomplete="email"
                maxlength=254
            />
            <div class="flex flex-wrap gap-3">
                <Button variant=Variant::Secondary busy="Sending…">"Change e-mail"</Button>
            </div>
        </PostForm>
    }
    .into_any()
}
