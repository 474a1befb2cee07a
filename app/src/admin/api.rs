//! The server functions of administrators. Each asks anew whether the caller is one, and leaves a line in their trail.

use leptos::prelude::*;
use leptos_axum::redirect;

use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{admin, reject},
};

/// Where the form that replays a delivery posts to.
pub const REPLAY_WEBHOOK: &str = "/admin/webhooks/replay";
/// Where the form that replays a job posts to.
pub const REPLAY_JOB: &str = "/admin/jobs/replay";

/// `POST /admin/webhooks/replay`: applies a delivery of Polar once more.
#[server(prefix = "", endpoint = "admin/webhooks/replay")]
pub async fn replay_webhook(
    #[server(default)] id: String,
    #[server(default)] page: String,
) -> Result<(), AppError> {
    let (backend, admin) = admin().await?;
    backend::admin::replay_delivery(&backend, &admin, &id).await.map_err(|error| match error {
        backend::Error::Expired(_) => AppError::message(
            410,
            "The body of this delivery was dropped after 90 days. It can't be applied again.",
        ),
        other => reject(other),
    })?;
    flash::set(&Flash::done("The delivery will be applied again in a moment."));
    redirect(&domain::redirect::next_or(&page, routes::ADMIN_WEBHOOKS));
    Ok(())
}

/// `POST /admin/jobs/replay`: runs a job that was given up once more, with all its tries.
#[server(prefix = "", endpoint = "admin/jobs/replay")]
pub async fn replay_job(#[server(default)] id: String) -> Result<(), AppError> {
    let (backend, admin) = admin().await?;
    backend::admin::replay_job(&backend, &admin, &id).await.map_err(reject)?;
    flash::set(&Flash::done("The job will run again in a moment."));
    redirect(routes::ADMIN_JOBS);
    Ok(())
}
