//! Pages that need data: rendered to the end before the first byte is sent, failures as whole pages.

use leptos::prelude::*;

use crate::{AppError, errors::ErrorPage, routes, server::RequestPath};

/// The page that `load` makes, or the page of its failure with the failure's own status. A page that needs a fresh
/// sign-in leads to the one that asks for it.
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
        AppError::NotFresh => {
            let here = use_context::<RequestPath>().map_or_else(String::new, |path| path.0);
            leptos_axum::redirect(&routes::confirm(&here));
            ().into_any()
        }
        AppError::Internal { reference } => view! { <ErrorPage status reference/> }.into_any(),
        _ => view! { <ErrorPage status/> }.into_any(),
    }
}
