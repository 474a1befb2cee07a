//! `/settings/security/second-step`: a secret for the app, then codes for when the app is gone.

use backend::auth::two_factor::qr_code;
use leptos::prelude::*;

use super::{
    api::SAVED,
    card::AppCodeField,
    waiting::{Waiting, use_waiting},
};
use crate::{
    AppError,
    islands::KeepText,
    routes,
    server::{reject, signed_in},
    ui::{AppShell, Button, LinkButton, Notice, PostForm, Section, Tone, Variant, load::load},
};

/// Whatever waits to be taken down.
#[component]
pub fn SecondStepPage() -> AnyView {
    load(async move {
        signed_in()?;
        Ok(match use_waiting() {
            Some(Waiting { uri: Some(uri), .. }) => scan(&uri)?,
            Some(Waiting { codes, .. }) => view! { <Codes codes/> }.into_any(),
            None => view! { <Nothing/> }.into_any(),
        })
    })
}

#[component]
fn Frame(page: &'static str, title: &'static str, children: Children) -> AnyView {
    view! {
        <AppShell page title section=Section::Settings back=("Security", routes::SECURITY)>
            <div class="flex max-w-xl flex-col gap-6">{children()}</div>
        </AppShell>
    }
    .into_any()
}

/// The picture, the key, and the first code.
fn scan(uri: &str) -> Result<AnyView, AppError> {
    let code = qr_code(uri).map_err(reject)?;
    let (key, side) = (key_of(uri), code.size);
    let plain = key.replace(' ', "");
    Ok(view! {
        <Frame page="second-step" title="Turn on the second step">
            <ol class="flex list-decimal flex-col gap-6 pl-5">
                <li>
                    <p>"Open an authenticator app on your phone and scan this picture."</p>
                    <svg
                        class="mt-3 size-48 rounded"
                        viewBox=format!("0 0 {side} {side}")
                        shape-rendering="crispEdges"
                        role="img"
                        aria-label="QR code with the key for your authenticator app"
                        data-testid="second-step-qr"
                    >
                        <path fill="#fff" d=format!("M0 0h{side}v{side}h-{side}z")></path>
                        <path fill="#000" d=code.path></path>
                    </svg>
                    <p class="mt-4 text-ink-2">"Can't scan it? Type this key into the app:"</p>
                    <p class="mt-1 mb-3 font-mono wrap-break-word" data-testid="second-step-key">{key}</p>
                    <KeepText text=plain label="Copy the key".to_owned() print=false/>
                </li>
                <li>
                    <PostForm action=routes::SECOND_STEP>
                        <AppCodeField/>
                        <div class="flex flex-wrap gap-3">
                            <Button busy="Checking…">"Turn on"</Button>
                            <LinkButton href=routes::SECURITY variant=Variant::Ghost>"Not now"</LinkButton>
                        </div>
                    </PostForm>
                </li>
            </ol>
        </Frame>
    }
    .into_any())
}

/// The key in the address, in groups of four.
fn key_of(uri: &str) -> String {
    let mut pairs = uri.split_once('?').map_or("", |(_, query)| query).split('&');
    let key = pairs.find_map(|pair| pair.strip_prefix("secret=")).unwrap_or_default();
    let letters: Vec<char> = key.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[component]
fn Codes(codes: Vec<String>) -> AnyView {
    let text = codes.join("\n");
    let items = codes
        .into_iter()
        .map(|code| view! { <li data-testid="recovery-code">{code}</li> })
        .collect::<Vec<_>>();
    view! {
        <Frame page="recovery-codes" title="Save your recovery codes">
            <p>
                "Each of these codes lets you in once when your phone isn't at hand. Keep them where you keep other papers that matter."
            </p>
            <Notice tone=Tone::Warning>
                <p>"This is the only time we show them."</p>
            </Notice>
            <ol class="grid max-w-sm grid-cols-2 gap-x-6 gap-y-2 rounded border border-line bg-surface p-4 font-mono">
                {items}
            </ol>
            <KeepText text label="Copy the codes".to_owned() print=true/>
            <PostForm action=SAVED page=routes::SECOND_STEP class="print:hidden">
                <Button busy="One moment…">"I saved them"</Button>
            </PostForm>
        </Frame>
    }
    .into_any()
}

#[component]
fn Nothing() -> AnyView {
    view! {
        <Frame page="second-step-nothing" title="Nothing to set up">
            <p class="text-ink-2">"What was here has been saved, or its time is over."</p>
            <div><LinkButton href=routes::SECURITY>"Security settings"</LinkButton></div>
        </Frame>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_stands_in_groups_as_people_type_it() {
        let uri = "otpauth://totp/Coffer:a%40b.c?secret=MFRGGZDFMY&issuer=Coffer&digits=6";

        assert_eq!(key_of(uri), "MFRG GZDF MY");
    }
}
