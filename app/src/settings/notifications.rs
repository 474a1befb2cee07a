//! `/settings/notifications`: which mails come, and what is told on the pages anyway.

use backend::{
    notifications,
    preferences::{self, Mails, PreferencesForm},
};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::{
    frame::{SettingsShell, SettingsTab},
    preferences::get_preferences,
};
use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{backend, reject, signed_in},
    ui::{
        Badge, Button, Card, Cell, Column, DataTable, Place, PostForm, Tone, Variant, load::load,
    },
};

/// `POST /settings/notifications`: which mails come. A box that isn't ticked sends nothing.
#[server(prefix = "", endpoint = "settings/notifications")]
pub async fn save_notifications(
    #[server(default)]
    #[server(rename = "budgetMail")]
    budget_mail: bool,
    #[server(default)]
    #[server(rename = "connectionMail")]
    connection_mail: bool,
    #[server(default)]
    #[server(rename = "depositMail")]
    deposit_mail: bool,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let form = PreferencesForm {
        budget_mail: Some(budget_mail),
        connection_mail: Some(connection_mail),
        deposit_mail: Some(deposit_mail),
        ..PreferencesForm::default()
    };
    preferences::change(&backend, &caller, &form).await.map_err(reject)?;

    flash::set(&Flash::done("Notifications saved."));
    redirect(routes::NOTIFICATIONS);
    Ok(())
}

/// `POST /settings/notifications/test`: a mail that shows that mails arrive.
#[server(prefix = "", endpoint = "settings/notifications/test")]
pub async fn send_test_mail() -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let address = notifications::send_test(&backend, &caller).await.map_err(reject)?;

    flash::set(&Flash::done(format!("A test is on its way to {address}.")));
    redirect(routes::NOTIFICATIONS);
    Ok(())
}

/// Each event, and how it is told.
#[component]
pub fn NotificationsPage() -> AnyView {
    load(async move {
        let mails = get_preferences().await?.mails;
        Ok(view! {
            <SettingsShell tab=SettingsTab::Notifications>
                <Matrix mails/>
                <Test/>
            </SettingsShell>
        })
    })
}

/// Something that happens.
struct Event {
    id: &'static str,
    what: &'static str,
    /// Where it is told in any case.
    pages: &'static str,
    mail: Told,
}

/// Whether a mail comes.
#[derive(Clone, Copy)]
enum Told {
    /// The person chooses: the name of the field, and what is chosen.
    Chosen(&'static str, bool),
    /// It keeps the account safe, or is owed.
    Always,
}

/// What happens in Coffer today, and is told.
fn events(mails: Mails, sells_plans: bool) -> Vec<Event> {
    let event = |id, what, pages, mail| Event { id, what, pages, mail };
    let billing =
        event("billing", "A payment, a receipt, or your plan ends", "Billing", Told::Always);
    let mut events = vec![
        event(
            "budget",
            "A budget is near its limit, or over it",
            "Dashboard and Budgets",
            Told::Chosen("budgetMail", mails.budgets),
        ),
        event(
            "connection",
            "A bank needs you to sign in again, or its connection ended",
            "Dashboard and Accounts",
            Told::Chosen("connectionMail", mails.connections),
        ),
        event(
            "deposits",
            "Deposits that prove an account are on their way, should be there, or lapse soon",
            "Dashboard and Accounts",
            Told::Chosen("depositMail", mails.deposits),
        ),
        event("verified", "An account is verified, or could not be", "Accounts", Told::Always),
        event("sign-in", "A new sign-in to your account", "Activity", Told::Always),
        event(
            "security",
            "Your password, e-mail, passkeys or second step change",
            "Activity",
            Told::Always,
        ),
    ];
    events.extend(sells_plans.then_some(billing));
    events
}

#[component]
fn Matrix(mails: Mails) -> AnyView {
    let columns =
        vec![Column::text("What happens"), Column::text("In Coffer"), Column::text("E-mail")];
    let sells_plans = backend().settings.billing.is_some();
    let rows = events(mails, sells_plans).into_iter().map(row).collect_view();
    view! {
        <Card id="events" title="What we tell you">
            <PostForm action=routes::NOTIFICATIONS>
                <DataTable caption="Events, and how you hear of them" columns stacked=true>
                    <tbody role="rowgroup">{rows}</tbody>
                </DataTable>
                <p class="text-sm text-ink-2">
                    "Mails never hold an amount of your accounts. What keeps your account safe is always mailed."
                </p>
                <div><Button busy="Saving…" attr:data-testid="settings-notifications-save">"Save notifications"</Button></div>
            </PostForm>
        </Card>
    }
    .into_any()
}

fn row(event: Event) -> impl IntoView {
    let Event { id, what, pages, mail } = event;
    let (state, mail) = match mail {
        Told::Always => {
            ("always", view! { <Badge tone=Tone::Neutral>"Always on"</Badge> }.into_any())
        }
        Told::Chosen(name, checked) => {
            (if checked { "on" } else { "off" }, choice(name, what, checked))
        }
    };
    view! {
        <tr role="row" data-testid="notification-row" data-id=id data-state=state>
            <Cell place=Place::Main>{what}</Cell>
            <Cell place=Place::Under><span class="text-sm text-ink-2">{pages}</span></Cell>
            <Cell place=Place::Amount>{mail}</Cell>
        </tr>
    }
}

/// A tick with the event in its name: there is one in each row.
fn choice(name: &'static str, what: &'static str, checked: bool) -> AnyView {
    view! {
        <label class="flex min-h-8 w-fit items-center gap-2.5 text-sm">
            <input name=name type="checkbox" value="true" checked=checked class="tick"/>
            <span>"E-mail" <span class="sr-only">": " {what}</span></span>
        </label>
    }
    .into_any()
}

#[component]
fn Test() -> AnyView {
    view! {
        <Card id="test" title="Do our mails reach you?">
            <PostForm action=routes::TEST_MAIL page=routes::NOTIFICATIONS prefix="test-">
                <p class="text-sm text-ink-2">"It says nothing but that it arrived. Look into the folder for spam, too."</p>
                <div>
                    <Button variant=Variant::Secondary busy="Sending…" attr:data-testid="settings-notifications-test">"Send me a test"</Button>
                </div>
            </PostForm>
        </Card>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keeps_an_account_safe_cannot_be_turned_off() {
        let off = Mails { budgets: false, connections: false, deposits: false };
        let chosen: Vec<_> = events(off, true)
            .into_iter()
            .filter_map(|event| match event.mail {
                Told::Chosen(name, on) => Some((event.id, name, on)),
                Told::Always => None,
            })
            .collect();

        assert_eq!(
            chosen,
            [
                ("budget", "budgetMail", false),
                ("connection", "connectionMail", false),
                ("deposits", "depositMail", false)
            ]
        );
        assert_eq!(events(off, true).len(), events(off, false).len() + 1);
    }
}
