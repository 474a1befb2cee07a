//! `/dev/mail`: the mails that would have been sent, in development. HTML is shown as its source, never run.

use backend::mail::mailbox::{self, Message};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

use crate::{
    AppError,
    errors::NotFoundPage,
    routes,
    server::{backend, reject, site},
    ui::{Ago, Card, Cell, Column, DataTable, EmptyState, Place, PublicShell, load::load},
};

/// As many messages as the list shows.
const SHOWN: i64 = 100;

/// The list of messages, newest first.
#[component]
pub fn MailboxPage() -> impl IntoView {
    if !site().dev_mail {
        return view! { <NotFoundPage/> }.into_any();
    }
    load(async {
        let backend = backend();
        let messages = mailbox::list(&backend, 0, SHOWN).await.map_err(reject)?;
        let now = backend.clock.now();
        Ok(view! {
            <PublicShell page="dev-mail" title="Mailbox">
                <div class="mx-auto flex max-w-4xl flex-col gap-6 px-4 py-10 md:px-6">
                    <h1 class="text-2xl font-semibold">"Mailbox"</h1>
                    <p class="max-w-prose text-ink-2">
                        "In development, mail is kept here and not sent. Set SMTP_URL to send it."
                    </p>
                    <MessageList messages now/>
                </div>
            </PublicShell>
        })
    })
    .into_any()
}

#[component]
fn MessageList(messages: Vec<Message>, now: OffsetDateTime) -> impl IntoView {
    if messages.is_empty() {
        return view! { <EmptyState text="Mail that Coffer sends will be listed here."/> }
            .into_any();
    }
    let columns = vec![Column::text("Subject"), Column::text("To"), Column::text("Sent")];
    let rows = messages.into_iter().map(move |message| {
        view! {
            <tr role="row" data-testid="dev-mail-row">
                <Cell><a class="link" href=path_of(&message.id)>{message.subject}</a></Cell>
                <Cell place=Place::Under><span class="break-all">{message.recipient}</span></Cell>
                <Cell place=Place::UnderEnd><Ago at=message.created_at now/></Cell>
            </tr>
        }
    });
    view! {
        <DataTable caption="Messages, newest first" columns stacked=true>
            <tbody role="rowgroup">{rows.collect_view()}</tbody>
        </DataTable>
    }
    .into_any()
}

/// One message: its text, its links, and the source of its HTML.
#[component]
pub fn MessagePage() -> impl IntoView {
    if !site().dev_mail {
        return view! { <NotFoundPage/> }.into_any();
    }
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    load(async move {
        let backend = backend();
        let message = mailbox::find(&backend, &id).await.map_err(reject)?;
        let now = backend.clock.now();
        Ok::<_, AppError>(view! { <MessageView message now/> })
    })
    .into_any()
}

#[component]
fn MessageView(message: Message, now: OffsetDateTime) -> impl IntoView {
    let links = links_in(&message.text);
    let source = "max-h-96 overflow-auto whitespace-pre-wrap break-words text-sm";
    view! {
        <PublicShell page="dev-mail-message" title=message.subject.clone()>
            <div class="mx-auto flex max-w-4xl flex-col gap-6 px-4 py-10 md:px-6">
                <a class="link" href=routes::DEV_MAIL>"All messages"</a>
                <h1 class="text-2xl font-semibold">{message.subject}</h1>
                <p class="text-ink-2">
                    {message.sender}" to "{message.recipient}", "<Ago at=message.created_at now/>
                </p>
                <Card id="message-text" title="Text">
                    <pre class=source tabindex="0" data-testid="dev-mail-text">{message.text}</pre>
                </Card>
                {(!links.is_empty()).then(|| view! { <Links links/> })}
                <details>
                    <summary class="cursor-pointer">"Source of the HTML part"</summary>
                    <pre class=source tabindex="0">{message.html}</pre>
                </details>
            </div>
        </PublicShell>
    }
}

#[component]
fn Links(links: Vec<String>) -> impl IntoView {
    let items = links.into_iter().map(|link| {
        let target = link.clone();
        view! { <li><a class="link break-all" href=target rel="noreferrer">{link}</a></li> }
    });
    view! {
        <Card id="message-links" title="Links">
            <ul class="flex flex-col gap-2">{items.collect_view()}</ul>
        </Card>
    }
}

fn path_of(id: &str) -> String {
    format!("{}/{id}", routes::DEV_MAIL)
}

/// The web addresses in a text, each once, in order.
fn links_in(text: &str) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    let words = text.split(|c: char| c.is_whitespace() || "<>\"()".contains(c));
    for word in words.filter(|word| word.starts_with("http://") || word.starts_with("https://")) {
        let link = word.trim_end_matches(['.', ',', ';', '!', '?']);
        if !links.iter().any(|known| known == link) {
            links.push(link.to_owned());
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn message(html: &str) -> Message {
        Message {
            id: "m1".to_owned(),
            sender: "Coffer <hello@bank.example>".to_owned(),
            recipient: "ada@example.com".to_owned(),
            subject: "Welcome <b>".to_owned(),
            text: "Look: https://bank.example/a?x=1.".to_owned(),
            html: html.to_owned(),
            created_at: datetime!(2026-05-04 12:00 UTC),
        }
    }

    #[test]
    fn links_are_found_once_and_without_the_full_stop() {
        let text = "See https://a.example/x?y=1. Or (http://b.example), or https://a.example/x?y=1\njavascript:alert(1)";

        assert_eq!(links_in(text), ["https://a.example/x?y=1", "http://b.example"]);
    }

    #[test]
    fn nothing_in_a_message_becomes_markup() {
        let html = Owner::new().with(|| {
            leptos_meta::provide_meta_context();
            let message = message("<script>alert(1)</script><img src=x>");
            view! { <MessageView message now=datetime!(2026-05-04 12:05 UTC)/> }.to_html()
        });

        assert!(!html.contains("<script>alert"), "{html}");
        assert!(!html.contains("<img"), "{html}");
        assert!(!html.contains("<b>"), "{html}");
        assert!(html.contains("https://bank.example/a?x=1\""), "{html}");
    }
}
