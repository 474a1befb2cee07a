//! `/settings/profile`.

use leptos::prelude::*;

use super::{
    super::frame::{SettingsShell, SettingsTab},
    api::{Profile, get_profile},
    email::EmailCard,
};
use crate::{
    dashboard::{BringBackFirstSteps, first_steps_hidden},
    preferences::Theme,
    routes,
    session::use_session,
    ui::{
        Avatar, Button, Card, Choice, HiddenField, InputKind, PostForm, RadioGroup, TextField,
        Variant, load::load,
    },
};

/// Name, picture and e-mail, and how this browser shows the pages.
#[component]
pub fn ProfilePage() -> AnyView {
    load(async move {
        let profile = get_profile().await?;
        let steps = first_steps_hidden().await?;
        Ok(view! {
            <SettingsShell tab=SettingsTab::Profile>
                <Person profile=profile.clone()/>
                <EmailCard profile/>
                <Appearance/>
                {steps.then(|| view! { <BringBackFirstSteps/> })}
                <SignOut/>
            </SettingsShell>
        })
    })
}

#[component]
fn Person(profile: Profile) -> AnyView {
    let initials = use_session().map(|session| session.initials()).unwrap_or_default();
    view! {
        <Card id="profile" title="You">
            <PostForm action=routes::PROFILE>
                <TextField name="name" label="Name" value=profile.name autocomplete="name" maxlength=80/>
                <div class="flex items-start gap-4">
                    <Avatar initials image=profile.image.clone() large=true/>
                    <div class="min-w-0 flex-1">
                        <TextField
                            name="image"
                            label="Picture"
                            hint="The https address of a picture at Gravatar, GitHub or Google. Without one, your initials are shown."
                            value=profile.image.unwrap_or_default()
                            kind=InputKind::Url
                            autocomplete="photo"
                            maxlength=2048
                            optional=true
                        />
                    </div>
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
