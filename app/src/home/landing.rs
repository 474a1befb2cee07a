//! `/`.

use leptos::prelude::*;

use super::{
    facts::{Proofs, Questions, Security},
    sample::SampleDashboard,
};
use crate::{
    routes,
    session::use_session,
    ui::{Badge, LinkButton, PublicShell, Tone, Variant},
};

/// What Coffer is, a look at it, and what is true of it. No script at all.
#[component]
pub fn LandingPage() -> AnyView {
    view! {
        <PublicShell page="landing" title="Coffer">
            <Hero/>
            <section aria-labelledby="sample-title" class="mx-auto max-w-6xl px-4 pb-16 md:px-6">
                <div class="mb-4 flex flex-wrap items-center gap-3">
                    <h2 id="sample-title" class="text-xl font-semibold">"A look inside"</h2>
                    <Badge tone=Tone::Warning>"Sample with made-up figures"</Badge>
                </div>
                <SampleDashboard/>
            </section>
            <Proofs/>
            <Security/>
            <Questions/>
            <Closing/>
        </PublicShell>
    }
    .into_any()
}

#[component]
fn Hero() -> AnyView {
    view! {
        <section class="mx-auto max-w-6xl px-4 pt-14 pb-14 md:px-6 md:pt-24 md:pb-20">
            <h1 class="max-w-4xl text-3xl font-semibold tracking-tight md:text-5xl">
                "See where your money is, and where each figure comes from."
            </h1>
            <p class="mt-5 max-w-2xl text-lg text-ink-2">
                "Coffer puts your accounts, transactions and monthly totals in one calm place. Every total leads to the rows behind it."
            </p>
            <div class="mt-8 flex flex-wrap gap-3">
                <Start/>
                <LinkButton href="#sample-title" variant=Variant::Secondary>"Look inside"</LinkButton>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Closing() -> AnyView {
    view! {
        <section class="border-t border-line bg-sunken">
            <div class="mx-auto flex max-w-6xl flex-col items-start gap-5 px-4 py-14 md:px-6">
                <h2 class="text-2xl font-semibold">"Start with one file from your bank"</h2>
                <p class="max-w-prose text-ink-2">
                    "Create an account, add a bank account, and import its CSV file. You see every row before it is saved."
                </p>
                <Start/>
            </div>
        </section>
    }
    .into_any()
}

/// The main action: sign up, or the dashboard for who is signed in.
#[component]
fn Start() -> AnyView {
    let (href, label) = if use_session().is_some() {
        (routes::DASHBOARD, "Open dashboard")
    } else {
        (routes::SIGN_UP, "Get started")
    };
    view! { <LinkButton href>{label}</LinkButton> }.into_any()
}
