//! `/settings/profile`.

use leptos::prelude::*;

use crate::{
    preferences::Theme,
    routes,
    session::{Session, use_session},
    ui::{
        AppShell, Button, Card, Choice, HiddenField, PostForm, RadioGroup, Section, TextField,
        Variant,
    },
};

/// Name and e-mail, and how this browser shows the pages.
#[component]
pub fn ProfilePage() -> AnyView {
    view! {
        <AppShell page="settings-profile" title="Settings" section=Section::Settings>
            <div class="flex max-w-2xl flex-col gap-6">
                {use_session().map(|session| view! { <Profile session/> })}
                <Appearance/>
                <SignOut/>
            </div>
        </AppShell>
    }
    .into_any()
}

#[component]
fn Profile(session: Session) -> AnyView {
    view! {
        <Card id="profile" title="Profile">
            <PostForm action=routes::PROFILE>
                <TextField name="name" label="Name" value=session.name autocomplete="name" maxlength=80/>
                <div class="flex flex-col gap-1.5">
                    <p class="text-sm font-medium">"E-mail"</p>
                    <p class="break-all" data-testid="settings-profile-email">{session.email}</p>
                </div>
                <div><Button busy="Saving…" attr:data-testid="settings-profile-save">"Save profile"</Button></div>
            </PostForm>
        </Card>
    }
    .into_any()
}

#[component]
fn Appearance() -> AnyView {
    let choices = Theme::ALL
        .map(|theme| {
            let choice = Choice::new(theme.as_str(), theme.label());
            if theme == Theme::System {
                choice.with_hint("Follows the setting of your device.")
            } else {
                choice
            }
        })
        .to_vec();
    view! {
        <Card id="appearance" title="Appearance">
            <PostForm action=routes::THEME>
                <HiddenField name="page" value=routes::PROFILE/>
                <RadioGroup name="theme" legend="Theme" choices value=Theme::current().as_str()/>
                <div><Button variant=Variant::Secondary>"Save theme"</Button></div>
            </PostForm>
        </Card>
    }
    .into_any()
}

#[component]
fn SignOut() -> AnyView {
    view! {
        <Card id="sign-out" title="Sign out">
            <p class="mb-4 text-sm text-ink-2">"Ends the session in this browser. Your data stays where it is."</p>
            <form method="post" action=routes::SIGN_OUT>
                <Button variant=Variant::Secondary busy="Signing out…">"Sign out"</Button>
            </form>
        </Card>
    }
    .into_any()
}
