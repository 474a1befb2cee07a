//! What the landing page says of the product. Each sentence is true of this code and can be checked in it.

use leptos::prelude::*;

use crate::ui::{Glyph, Icon};

/// An icon, a heading and a sentence.
type Fact = (Glyph, &'static str, &'static str);

const PROOFS: [Fact; 3] = [
    (
        Glyph::FileText,
        "Look before anything is saved",
        "An import shows which rows are new, which you already have and which can't be read. One button undoes it.",
    ),
    (
        Glyph::ListFilter,
        "Figures you can trace",
        "A balance or a month's total opens the transactions behind it, with the filters in the address.",
    ),
    (
        Glyph::Database,
        "Yours to run",
        "One program and one file on your own machine. Postgres when many people use it.",
    ),
];

const SECURITY: [Fact; 4] = [
    (
        Glyph::KeyRound,
        "Passwords",
        "Hashed with Argon2id. Nobody can read them back, including us.",
    ),
    (
        Glyph::Lock,
        "Account numbers",
        "Encrypted with AES-256-GCM on our server before they are stored. You see the last four digits, never the number again.",
    ),
    (
        Glyph::ShieldCheck,
        "Sessions",
        "The database holds only a hash of each session's token, and signing out ends the session at once.",
    ),
    (
        Glyph::Users,
        "Your rows are yours",
        "Every statement names its owner. On Postgres, row-level security enforces it a second time.",
    ),
];

const QUESTIONS: [(&str, &str); 4] = [
    (
        "Can Coffer move my money?",
        "No. It shows what you import or type in. There is no function that pays or transfers.",
    ),
    (
        "Which files can I import?",
        "CSV files as banks export them, up to 10 MB. Coffer finds the columns, the date format and the decimal sign, and asks you when a file can be read in two ways.",
    ),
    (
        "What if I import the same file twice?",
        "Rows you already have are recognised and left out. Two equal purchases on one day are both kept.",
    ),
    (
        "Does this site track me?",
        "No. It loads nothing from other sites, and its cookies are for signing in, for your choice of theme, sidebar and keys, and for your time zone.",
    ),
];

/// Three things it does.
#[component]
pub fn Proofs() -> AnyView {
    view! {
        <section aria-label="What Coffer does" class="border-t border-line">
            <ul class="mx-auto grid max-w-6xl gap-8 px-4 py-14 md:grid-cols-3 md:px-6">
                {PROOFS.map(fact).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

/// How data is protected.
#[component]
pub fn Security() -> AnyView {
    view! {
        <section aria-labelledby="security-title" class="border-t border-line bg-surface">
            <div class="mx-auto max-w-6xl px-4 py-14 md:px-6">
                <h2 id="security-title" class="text-2xl font-semibold">"How your data is kept"</h2>
                <ul class="mt-8 grid gap-8 sm:grid-cols-2">{SECURITY.map(fact).collect_view()}</ul>
            </div>
        </section>
    }
    .into_any()
}

/// Questions and answers.
#[component]
pub fn Questions() -> AnyView {
    let answers = QUESTIONS
        .map(|(question, answer)| {
            view! {
                <details class="question">
                    <summary>{question}</summary>
                    <p class="max-w-prose pb-4 text-ink-2">{answer}</p>
                </details>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="questions-title" class="border-t border-line">
            <div class="mx-auto max-w-6xl px-4 py-14 md:px-6">
                <h2 id="questions-title" class="text-2xl font-semibold">"Questions"</h2>
                <div class="mt-6">{answers}</div>
            </div>
        </section>
    }
    .into_any()
}

fn fact((glyph, title, text): Fact) -> impl IntoView {
    view! {
        <li class="flex flex-col items-start gap-2">
            <span class="mb-1 flex size-10 items-center justify-center rounded-lg bg-accent-soft text-accent">
                <Icon glyph large=true/>
            </span>
            <h3 class="font-semibold">{title}</h3>
            <p class="max-w-prose text-ink-2">{text}</p>
        </li>
    }
}
