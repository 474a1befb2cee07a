//! Pages that need data: rendered to the end before the first byte is sent, failures as whole pages.

use leptos::prelude::*;

use crate::{AppError, errors::ErrorPage};

/// The page that `load` makes, or the page of its failure with the failure's own status.
pub fn load<V>(load: impl Future<Output = Result<V, AppError>> + Send + 'static) -> AnyView
where
    V: IntoView + Send + 'static,
{
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load.await {
                    Ok(page) => page.into_any(),
                    Err(error) => failure(error),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn failure(error: AppError) -> AnyView {
    let status = error.status();
    match error {
        AppError::Internal { reference } => view! { <ErrorPage status reference/> }.into_any(),
        _ => view! { <ErrorPage status/> }.into_any(),
    }
}
