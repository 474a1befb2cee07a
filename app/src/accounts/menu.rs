//! The menu of an account in its list: where it stands, and how it is put away.

use domain::AccountView;
use leptos::prelude::*;

use crate::{
    routes,
    ui::{HiddenField, Menu, MenuLink, PostForm},
};

/// The menu; `up` and `down` say where the account can go among those of its type.
pub(super) fn menu(account: &AccountView, up: bool, down: bool) -> AnyView {
    let (id, name) = (account.id.to_string(), account.display_name());
    let form = |action: &'static str, way: Option<&'static str>, label: &'static str| {
        let (id, name) = (id.clone(), name.clone());
        let test_id = format!("account-{}", way.unwrap_or("put-away"));
        view! {
            <PostForm action page=routes::ACCOUNTS.to_owned() class="contents">
                <HiddenField name="id" value=id/>
                {way.map(|way| view! { <HiddenField name="way" value=way/> })}
                <button class="menu-item" data-testid=test_id>{label} <span class="sr-only">": " {name}</span></button>
            </PostForm>
        }
    };
    let (panel, label) = (format!("account-menu-{id}"), format!("More for {name}"));
    let details = routes::account(&account.id);
    let up = up.then(|| form(routes::SHIFT_ACCOUNT, Some("up"), "Up"));
    let down = down.then(|| form(routes::SHIFT_ACCOUNT, Some("down"), "Down"));
    let archive = form(routes::ARCHIVE_ACCOUNT, None, "Archive");
    view! {
        <Menu id=panel label>
            <MenuLink href=details>"Open"</MenuLink>
            {up}
            {down}
            {archive}
        </Menu>
    }
    .into_any()
}
