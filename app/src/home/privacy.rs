//! `/privacy`: what is kept about people. Each sentence is true of this code.

use ::backend::banks::ProviderKind;
use leptos::prelude::*;

use super::topic;
use crate::{
    routes,
    server::{backend, site},
    ui::PublicShell,
};

/// What is kept, for how long, and who else gets any of it here.
#[component]
pub fn PrivacyPage() -> AnyView {
    view! {
        <PublicShell page="privacy" title="Privacy">
            <div class="mx-auto max-w-2xl px-4 py-12 md:py-16">
                <h1 class="text-2xl font-semibold">"Privacy"</h1>
                <p class="mt-4 text-ink-2">
                    "Whoever runs this installation is responsible for what it keeps, and can read the database and its backups. Ask them who they are and where it stands. This page says what the program does."
                </p>
                {topic("What is kept", view! {
                    <ul class="list-disc pl-5">
                        <li>"your name and e-mail, and a picture if you give the address of one"</li>
                        <li>"your password as a hash that can't be turned back, passkeys as public keys, the secret of an authenticator app encrypted"</li>
                        <li>"what you add or import: accounts, transactions, budgets. Account numbers are encrypted with AES-256-GCM"</li>
                        <li>"each session with its network address and browser, until it ends"</li>
                        <li>"security events of your account with the network they came from, for 400 days: you see them under "<a class="link" href=routes::ACTIVITY>"Activity"</a></li>
                    </ul>
                    <p>"Logs name requests, the account and the network they came from, and not what is in them: no amounts, no e-mail addresses, no passwords."</p>
                })}
                {topic("Cookies", view! {
                    <p>
                        "One for your session, one that tells whether this browser has signed in before, one for the way you last signed in, and for some minutes those of a sign-in that is under way; your choice of theme, sidebar, keys and hidden amounts; the time zone and the first day of a week that your browser names; and messages that a page shows once. Nothing is loaded from other sites and nothing tracks you, so there is no banner."
                    </p>
                })}
                {topic("Who else gets something", view! { <Others/> })}
                {topic("What you can do", view! {
                    <p>
                        "See and change your name and e-mail, end sessions, disconnect providers, download everything as one file, and delete the account with everything in it, all in the "
                        <a class="link" href=routes::PROFILE>"settings"</a>
                        ". A deletion happens at once; backups made before are kept as long as whoever runs this installation keeps theirs."
                    </p>
                })}
            </div>
        </PublicShell>
    }
    .into_any()
}

/// Depends on what is set up here.
#[component]
fn Others() -> AnyView {
    let settings = backend().settings;
    let plaid = backend().banks.provider(ProviderKind::Plaid).is_some();
    let providers: Vec<String> = site().providers.into_iter().map(|one| one.label).collect();
    view! {
        <ul class="list-disc pl-5">
            <li>"the mail server of this installation: your e-mail and the letters to you, which have no amounts in them"</li>
            {(!providers.is_empty()).then(|| view! {
                <li>{format!("{}, if you sign in with them: that you do", providers.join(", "))}</li>
            })}
            {settings.billing.is_some().then(|| view! {
                <li>"Polar, which sells the plans: your name, e-mail and what you pay. What the law asks it to keep stays there when you delete your account"</li>
            })}
            {plaid.then(|| view! {
                <li>"Plaid, if you link a bank through it: an id that stands for you here, and what your bank shows it. Disconnecting the bank ends its access"</li>
            })}
            {settings.auth.breached_passwords.is_some().then(|| view! {
                <li>"Have I Been Pwned, when you choose a password: five digits of a hash of it, which fit hundreds of others"</li>
            })}
        </ul>
        <p>"Nobody else. Nothing is sold, and nothing is sent to the people who wrote the program."</p>
    }
    .into_any()
}
