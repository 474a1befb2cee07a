//! The numbers of an account that lost them before it was proven, asked for once more.

use domain::AccountId;
use leptos::prelude::*;

use crate::{
    accounts::NumberFields,
    routes,
    ui::{Button, HiddenField, PostForm},
};

/// Routing number and account number; the proof follows.
#[component]
pub(crate) fn NumbersAgain(
    /// Which account.
    account: AccountId,
    /// The page that shows the form again when something is wrong with it.
    page: String,
) -> AnyView {
    view! {
        <PostForm action=routes::ENTER_NUMBERS page>
            <HiddenField name="id" value=account.to_string()/>
            <p>"Its numbers were erased when it was put away. Enter them again, and small deposits can prove that it is yours."</p>
            <NumberFields required=true/>
            <div><Button busy="Saving…" attr:data-testid="numbers-submit">"Save numbers"</Button></div>
        </PostForm>
    }
    .into_any()
}
