//! The server functions of the settings.

use backend::auth::{ProfileChange, update_profile};
use leptos::prelude::*;
use leptos_axum::redirect;

use crate::{AppError, auth::refuse, flash, flash::Flash, routes, server::signed_in};

/// `POST /settings/profile`: changes the person's name.
#[server(prefix = "", endpoint = "settings/profile")]
pub async fn save_profile(#[server(default)] name: String) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let change = ProfileChange { name: Some(name), image: None };
    update_profile(&backend, &caller, &change).await.map_err(refuse)?;

    flash::set(&Flash::done("Profile saved."));
    redirect(routes::PROFILE);
    Ok(())
}
