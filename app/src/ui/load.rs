//! Pages that need data: rendered to the end before the first byte is sent, failures as whole pages.

use leptos::{either::Either, prelude::*};

use crate::{AppError, errors::ErrorPage};

/// The page that `load` makes, or the page of its failure with the failure's own status.
pub fn load<V>(load: impl Future<Output = Result<V, AppError>> + Send + 'static) -> impl IntoView
where
    V: IntoView + Send + 'static,
{
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load.await {
                    Ok(page) => Either::Left(page),
                    Err(error) => Either::Right(failure(error)),
                }
            })}
        </Suspense>
    }
}

fn failure(error: AppError) -> impl IntoView {
    let status = error.status();
    match error {
        AppError::Internal { reference } => view! { <ErrorPage status reference/> },
        _ => view! { <ErrorPage status/> },
    }
}
