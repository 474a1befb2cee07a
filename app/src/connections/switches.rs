//! What somebody who tries the product out does to the built-in bank, on the page of their connection to it.

use backend::{banks::simbank::Fault, connections};
use domain::{
    AccountId, AccountView, Code, ConnectionId, FieldError, connection::ConnectionView,
    states::connection::ConnectionState,
};
use leptos::prelude::*;
use leptos_axum::redirect;

use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{reject, signed_in},
    transactions::account_choice,
    ui::{Button, Card, HiddenField, PostForm, SelectField, TextField, Variant},
};

/// What can be made to happen: its word in the form, its button, and what is said afterwards.
const FAULTS: [(&str, &str, &str); 4] = [
    ("login", "Ask for a new sign-in", "The bank asks for a new sign-in at the next sync."),
    ("down", "Stop answering", "The bank doesn't answer at the next syncs."),
    ("revoked", "Take access back", "The bank has ended its access."),
    ("none", "Work again", "The bank works again."),
];

/// `POST /dev/bank/fault`: makes the built-in bank fail, or work again.
#[server(prefix = "", endpoint = "dev/bank/fault")]
pub async fn switch_fault(
    #[server(default)] id: String,
    #[server(default)] fault: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let (_, _, said) = FAULTS
        .into_iter()
        .find(|(word, _, _)| *word == fault)
        .ok_or_else(|| AppError::Invalid(vec![FieldError::new("fault", Code::OptionUnknown)]))?;
    let id = ConnectionId::new(id);
    connections::switch_fault(&backend, &caller, &id, Fault::parse(&fault))
        .await
        .map_err(reject)?;
    flash::set(&Flash::done(said.to_owned()));
    redirect(&routes::connection(&id));
    Ok(())
}

/// `POST /dev/bank/row`: the built-in bank books a row today.
#[server(prefix = "", endpoint = "dev/bank/row")]
pub async fn book_at_test_bank(
    #[server(default)] id: String,
    #[server(default)] account: String,
    #[server(default)] description: String,
    #[server(default)] amount: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let (id, account) = (ConnectionId::new(id), AccountId::new(account));
    connections::book(&backend, &caller, &id, &account, &description, &amount)
        .await
        .map_err(reject)?;
    flash::set(&Flash::done("The bank has booked it. It comes with the sync that begins now."));
    redirect(&routes::connection(&id));
    Ok(())
}

/// The switches; nothing for a real bank.
#[component]
pub(super) fn Switches(connection: ConnectionView, accounts: Vec<AccountView>) -> impl IntoView {
    (connections::is_invented(&connection) && connection.state != ConnectionState::Revoked).then(|| {
        let page = routes::connection(&connection.id);
        let id = connection.id.to_string();
        let faults = FAULTS
            .into_iter()
            .map(|(word, label, _)| {
                view! {
                    <Button variant=Variant::Secondary attr:name="fault" attr:value=word attr:data-testid="test-bank-fault" attr:data-id=word>
                        {label}
                    </Button>
                }
            })
            .collect_view();
        let choices = accounts.iter().map(account_choice).collect();
        let first = accounts.first().map(|account| account.id.to_string()).unwrap_or_default();
        let (book_id, book_page) = (id.clone(), page.clone());
        let booking = (!accounts.is_empty()).then(|| {
            view! {
                <details class="disclosure">
                    <summary>"Book a transaction"</summary>
                    <PostForm action=routes::BOOK_AT_TEST_BANK page=book_page class="mt-3 flex flex-col gap-3">
                        <HiddenField name="id" value=book_id/>
                        <SelectField name="account" label="Account" choices value=first/>
                        <TextField name="description" label="Text" maxlength=140/>
                        <TextField name="amount" label="Amount" hint="−12.50 is money out."/>
                        <div><Button variant=Variant::Secondary attr:data-testid="test-bank-book">"Book it"</Button></div>
                    </PostForm>
                </details>
            }
        });
        view! {
            <Card id="connection-switches" title="Try the test bank">
                <div class="flex flex-col gap-4">
                    <p class="text-sm text-ink-2">"See what Coffer does when a bank fails. Your next sync finds it so."</p>
                    <PostForm action=routes::SWITCH_FAULT page class="flex flex-wrap gap-2">
                        <HiddenField name="id" value=id/>
                        {faults}
                    </PostForm>
                    {booking}
                </div>
            </Card>
        }
    })
}
