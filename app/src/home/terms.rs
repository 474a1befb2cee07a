//! `/terms`: what people agree to when they make an account.

use leptos::prelude::*;

use super::topic;
use crate::{routes, server::backend, ui::PublicShell};

/// Plain terms, true of every installation. Whoever runs one puts their own in this place.
#[component]
pub fn TermsPage() -> AnyView {
    let sells_plans = backend().settings.billing.is_some();
    view! {
        <PublicShell page="terms" title="Terms">
            <div class="mx-auto max-w-2xl px-4 py-12 md:py-16">
                <h1 class="text-2xl font-semibold">"Terms"</h1>
                <p class="mt-4 text-ink-2">
                    "Coffer is software that people run themselves. Your agreement is with whoever runs this installation and gave you its address, not with the people who wrote the program."
                </p>
                {topic("What you get", view! {
                    <p>
                        "A place to look at your own money: accounts, transactions and budgets that you add or import. Coffer pays nothing, moves nothing and gives no advice. Its figures are only as complete as what you put in; your bank's statement counts."
                    </p>
                })}
                {topic("What is asked of you", view! {
                    <ul class="list-disc pl-5">
                        <li>"Use an address of your own, and keep your password and recovery codes to yourself."</li>
                        <li>"Add only accounts that are yours, or that you may look after."</li>
                        <li>"Don't try to reach what belongs to others, and don't keep the service from working."</li>
                    </ul>
                })}
                {sells_plans.then(|| topic("Plans", view! {
                    <p>
                        "Prices and limits stand on the " <a class="link" href=routes::PRICING>"plans page"</a>
                        ". A subscription renews until you cancel it, which you can do at any time; you keep what you paid for until its end. Polar sells it and sends the invoices, and its terms hold for the payment."
                    </p>
                }))}
                {topic("The end", view! {
                    <p>
                        "You can take everything along as a file and delete your account whenever you like, in the "
                        <a class="link" href=routes::DANGER>"settings"</a>
                        ". That is done at once and can't be taken back. Whoever runs this installation may close an account that breaks these terms, and may stop running it."
                    </p>
                })}
                {topic("No warranty", view! {
                    <p>
                        "The program is free software under the MIT licence. It comes as it is, without warranty of any kind, as far as the law where you live allows that."
                    </p>
                })}
            </div>
        </PublicShell>
    }
    .into_any()
}
