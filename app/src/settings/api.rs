//! The server functions of the settings.

use leptos::prelude::*;
use leptos_axum::redirect;

use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{reject, signed_in},
};

/// `POST /settings/profile`: changes the person's name.
#[server(prefix = "", endpoint = "settings/profile")]
pub async fn save_profile(#[server(default)] name: String) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    backend::auth::update_profile(&backend, &caller, &name).await.map_err(reject)?;

    flash::set(&Flash::done("Profile saved."));
    redirect(routes::PROFILE);
    Ok(())
}
