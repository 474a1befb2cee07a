//! `/help`: the same place in the header and the foot of every page.

use leptos::prelude::*;

use super::topic;
use crate::{routes, ui::PublicShell};

/// How the main things work.
#[component]
pub fn HelpPage() -> AnyView {
    view! {
        <PublicShell page="help" title="Help">
            <div class="mx-auto max-w-2xl px-4 py-12 md:py-16">
                <h1 class="text-2xl font-semibold">"Help"</h1>
                {topic("Add an account", view! {
                    <p>
                        "Go to " <a class="link" href=routes::ADD_ACCOUNT>"Link account"</a>
                        ". Where your bank is in the list, you sign in on its own page and choose the accounts that come in; they are kept up to date from then on. Otherwise a checking or savings account takes the routing number and the account number, which stand at the foot of a check. The number is encrypted and never shown again; you recognise the account by its last four digits."
                    </p>
                    <p>"Cash, a card or a loan can be added by hand, without numbers."</p>
                })}
                {topic("Import a file from your bank", view! {
                    <p>
                        "Download a CSV file on your bank's site, then go to " <a class="link" href=routes::IMPORT>"Import"</a>
                        ". Choose the file and the account it belongs to. You see the rows first; nothing is saved until you say so."
                    </p>
                    <p>"When dates or decimals can be read in two ways, Coffer asks. An import can be undone later from the same page."</p>
                })}
                {topic("Find a transaction", view! {
                    <p>
                        "On " <a class="link" href=routes::TRANSACTIONS>"Transactions"</a>
                        " you can look for words and narrow the list by account, category, date and amount. The filters are in the address, so you can bookmark a view."
                    </p>
                    <p>"The search takes more than words: “What a search can say” below its field lists all of it."</p>
                })}
                {topic("When something doesn't work", view! {
                    <p>
                        "A page that failed on our side shows a reference. Keep it: with it, whoever runs this installation finds the cause in the log. "
                        <a class="link" href=routes::HEALTH>"The state of the service"</a> " is public."
                    </p>
                })}
                {topic("For programs", view! {
                    <p>
                        "Accounts and transactions can be read and added over HTTP: see the " <a class="link" href=routes::API_DOCS>"API reference"</a> "."
                    </p>
                })}
            </div>
        </PublicShell>
    }
    .into_any()
}
