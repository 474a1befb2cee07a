//! Demonstration data: one click brings it, one takes it away, and it says what it is.

use backend::connections::is_invented;
use domain::connection::ConnectionView;
use leptos::prelude::*;

use crate::{
    routes,
    server::backend,
    ui::{Button, HiddenField, Notice, PostForm, TestBadge, Variant},
};

/// "Test bank", beside the name of one.
#[component]
pub fn TestBank(
    /// The connection.
    connection: ConnectionView,
) -> AnyView {
    view! { <TestBadge invented=is_invented(&connection)/> }.into_any()
}

/// The button that brings the data; nothing where the built-in bank is closed.
#[component]
pub fn TryDemo(
    /// The page that says so when it can't be.
    page: &'static str,
) -> AnyView {
    let form = backend().banks.simbank().map(|_| {
        view! {
            <PostForm action=routes::DEMO page class="contents">
                <Button variant=Variant::Secondary busy="Linking…" attr:data-testid="demo-link">"Try with demo data"</Button>
            </PostForm>
        }
    });
    form.into_any()
}

/// Says that there is invented data among a person's own, with the way to be rid of it.
#[component]
pub fn DemoNotice(
    /// The person's connections.
    connections: Vec<ConnectionView>,
) -> AnyView {
    let invented = connections.into_iter().filter(is_invented);
    invented
        .map(|connection| {
            let text = format!("{} is a test bank: its accounts and transactions are invented.", connection.institution_name);
            view! {
                <Notice>
                    <div class="flex flex-wrap items-center justify-between gap-3" data-testid="demo-notice">
                        <p class="min-w-0 flex-1 basis-60">{text}</p>
                        <PostForm action=routes::DISCONNECT page=routes::disconnect(&connection.id) class="contents">
                            <HiddenField name="id" value=connection.id.to_string()/>
                            <HiddenField name="history" value="delete"/>
                            <Button variant=Variant::Secondary busy="Removing…" attr:data-testid="demo-remove">"Remove demo data"</Button>
                        </PostForm>
                    </div>
                </Notice>
            }
        })
        .collect_view()
        .into_any()
}
