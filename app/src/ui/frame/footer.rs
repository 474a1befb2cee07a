//! The foot of every page.

use leptos::prelude::*;

use super::help_link;
use crate::{routes, server::site};

/// Help, the interface for programs, what people agree to, and in development the mailbox.
#[component]
pub fn Footer() -> AnyView {
    let dev_mail = site().dev_mail;
    view! {
        <footer class="shell-footer" data-region="">
            <p>"Coffer"</p>
            <ul class="flex flex-wrap gap-x-5 gap-y-2">
                <li>{help_link("link-quiet")}</li>
                <li><a href=routes::PRICING class="link-quiet">"Pricing"</a></li>
                <li><a href=routes::API_DOCS class="link-quiet">"API"</a></li>
                <li><a href=routes::TERMS class="link-quiet">"Terms"</a></li>
                <li><a href=routes::PRIVACY class="link-quiet">"Privacy"</a></li>
                {dev_mail.then(|| view! {
                    <li><a href=routes::DEV_MAIL class="link-quiet">"Mailbox (development)"</a></li>
                })}
            </ul>
        </footer>
    }
    .into_any()
}
