//! Passkeys: added by the browser, named and removed by forms.

use backend::auth::passkeys::{self, Passkey, PasskeyFailure};
use domain::{Code, FieldError};
use leptos::prelude::*;
use leptos_axum::redirect;
use time::OffsetDateTime;

use super::super::connections::list_ways_in;
use crate::{
    AppError, flash,
    flash::Flash,
    form::use_form_for,
    islands::{PASSKEY_NAME, PasskeyButton, PasskeyUse},
    routes,
    server::{fresh, reject, signed_in},
    ui::{Ago, Button, Card, Choice, Day, LinkButton, PostForm, SelectField, TextField, Variant},
};

/// Where the form that gives a passkey another name posts to.
const RENAME: &str = "/settings/security/passkeys/rename";
/// Where the form that removes a passkey posts to.
const REMOVE: &str = "/settings/security/passkeys/remove";
/// Most characters of a name.
const NAME_MAX: u32 = 60;

/// `POST /settings/security/passkeys/rename`: gives a passkey another name.
#[server(prefix = "", endpoint = "settings/security/passkeys/rename")]
pub async fn rename_passkey(
    #[server(default)] id: String,
    #[server(default)] name: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    if name.trim().is_empty() {
        return Err(AppError::Invalid(vec![FieldError::new("name", Code::TextRequired)]));
    }
    passkeys::rename(&backend, &caller, &id, &name).await.map_err(refuse)?;
    flash::set(&Flash::done("Passkey renamed."));
    redirect(routes::SECURITY);
    Ok(())
}

/// `POST /settings/security/passkeys/remove`: a passkey lets nobody in any longer. The last way in stays.
#[server(prefix = "", endpoint = "settings/security/passkeys/remove")]
pub async fn remove_passkey(#[server(default)] id: String) -> Result<(), AppError> {
    let (backend, caller) = fresh()?;
    let all = passkeys::passkeys(&backend, &caller).await.map_err(reject)?;
    if is_last_way_in(&all, list_ways_in().await?.len()) {
        return Err(AppError::message(
            409,
            "This is your only way to sign in. Set a password or add another passkey first.",
        ));
    }
    passkeys::remove(&backend, &caller, &id).await.map_err(refuse)?;
    flash::set(&Flash::done("Passkey removed. You can delete it on your device as well."));
    redirect(routes::SECURITY);
    Ok(())
}

fn is_last_way_in(passkeys: &[Passkey], others: usize) -> bool {
    passkeys.len() == 1 && others == 0
}

fn refuse(failure: PasskeyFailure) -> AppError {
    match failure {
        PasskeyFailure::NameInvalid => {
            AppError::Invalid(vec![FieldError::new("name", Code::TextLength(NAME_MAX))])
        }
        PasskeyFailure::Other(error) => reject(error),
        _ => AppError::NotFound,
    }
}

/// What a passkey is called.
fn name_of(passkey: &Passkey) -> String {
    passkey.name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| "Passkey".to_owned())
}

/// The caller's passkeys.
#[component]
pub fn PasskeysCard(
    /// The oldest first.
    passkeys: Vec<Passkey>,
    /// Passwords and providers that let the person in as well.
    other_ways: usize,
    /// Whether the sign-in is young enough to add one.
    is_fresh: bool,
    /// The current time.
    now: OffsetDateTime,
) -> AnyView {
    let last = is_last_way_in(&passkeys, other_ways);
    let choices: Vec<_> =
        passkeys.iter().map(|passkey| Choice::new(&passkey.id, name_of(passkey))).collect();
    let none = passkeys.is_empty();
    let rows =
        passkeys.into_iter().map(|passkey| view! { <Row passkey last now/> }).collect::<Vec<_>>();
    view! {
        <Card id="passkeys" title="Passkeys">
            <div class="flex flex-col gap-4">
                <p class="text-ink-2">
                    "Sign in with your fingerprint, your face or a security key. Nobody can find a passkey out or make you type it into the wrong page."
                </p>
                {(!none).then(|| view! {
                    <PostForm action=REMOVE page=routes::SECURITY>
                        <ul class="flex flex-col divide-y divide-line">{rows}</ul>
                    </PostForm>
                    <Rename choices/>
                })}
                {if is_fresh {
                    view! { <Add/> }.into_any()
                } else {
                    view! {
                        <div class="flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4">
                            <p class="text-sm text-ink-2">"To add a passkey, confirm that it's you."</p>
                            <LinkButton href=routes::confirm(routes::SECURITY) variant=Variant::Secondary>"Confirm it's you"</LinkButton>
                        </div>
                    }
                    .into_any()
                }}
            </div>
        </Card>
    }
    .into_any()
}

#[component]
fn Row(passkey: Passkey, last: bool, now: OffsetDateTime) -> AnyView {
    let name = name_of(&passkey);
    let Passkey { id, created_at, last_used_at, .. } = passkey;
    let (key, label) = (id.clone(), format!("Remove {name}"));
    view! {
        <li class="flex flex-wrap items-center justify-between gap-3 py-3 first:pt-0 last:pb-0" data-testid="passkey-row" data-id=id>
            <div class="min-w-0">
                <p class="font-medium wrap-break-word">{name}</p>
                <p class="text-sm text-ink-2">
                    {created_at.map(|at| view! { "Added on " <Day date=at.date()/> ", " })}
                    {match last_used_at {
                        Some(at) => view! { "last used " <Ago at now/> }.into_any(),
                        None => "not used yet".into_any(),
                    }}
                </p>
            </div>
            {if last {
                view! {
                    <p class="max-w-xs text-sm text-ink-2">
                        "Your only way to sign in. Set a password before you remove it."
                    </p>
                }
                .into_any()
            } else {
                view! {
                    <Button variant=Variant::Secondary attr:name="id" attr:value=key attr:aria-label=label>"Remove"</Button>
                }
                .into_any()
            }}
        </li>
    }
    .into_any()
}

#[component]
fn Rename(choices: Vec<Choice>) -> AnyView {
    let open = use_form_for(RENAME).was_posted();
    view! {
        <details class="disclosure" open=open>
            <summary>"Rename a passkey"</summary>
            <PostForm action=RENAME page=routes::SECURITY prefix="passkey-" class="mt-4 flex flex-col gap-5">
                <SelectField name="id" label="Passkey" choices/>
                <TextField name="name" label="New name" maxlength=NAME_MAX/>
                <div><Button variant=Variant::Secondary busy="Saving…">"Rename passkey"</Button></div>
            </PostForm>
        </details>
    }
    .into_any()
}

/// The one thing here that a form cannot do.
#[component]
fn Add() -> AnyView {
    view! {
        <div class="flex flex-col gap-4 border-t border-line pt-4">
            <div class="needs-script">
                <TextField
                    name=PASSKEY_NAME
                    label="Name of a new passkey"
                    hint="Where you keep it: “Laptop”, “Phone”."
                    maxlength=NAME_MAX
                    optional=true
                />
            </div>
            <PasskeyButton purpose=PasskeyUse::Add label="Add a passkey".to_owned() next=routes::SECURITY.to_owned()/>
            <noscript>
                <p class="text-sm text-ink-2">"Passkeys need JavaScript in your browser."</p>
            </noscript>
        </div>
    }
    .into_any()
}
