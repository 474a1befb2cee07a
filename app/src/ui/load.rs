//! Pages that need data: rendered to the end before the first byte is sent, failures as whole pages.

use leptos::prelude::*;

use crate::{
    AppError,
    errors::ErrorPage,
    routes,
    server::{RequestPath, reference},
    ui::{LinkButton, Variant},
};

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

/// What became of one part of a page. A failure on our side is the part's own, and the rest of the page stays; whatever
/// is wrong with the request itself is the page's.
pub fn part<T>(found: Result<T, AppError>) -> Result<Result<T, AppError>, AppError> {
    match found {
        Err(error @ (AppError::Internal { .. } | AppError::Busy)) => Ok(Err(error)),
        found => found.map(Ok),
    }
}

/// In the place of a part that failed: what is missing, that nothing is lost, the reference, and another try.
#[component]
pub fn PartFailed(
    /// What belongs here, as the beginning of a sentence: "The statements".
    what: &'static str,
    /// Why it is not here.
    error: AppError,
) -> AnyView {
    let reference = match error {
        AppError::Internal { reference } => reference,
        _ => reference(),
    };
    let here = use_context::<RequestPath>().map_or_else(String::new, |path| path.0);
    view! {
        <section class="card flex min-w-0 flex-col gap-2 p-4 md:p-5" aria-label=what data-testid="part-failed">
            <p class="font-medium">{format!("{what} can't be shown right now.")}</p>
            <p class="text-sm text-ink-2">
                "Your data is safe. Reference: " <code class="select-all" data-testid="error-reference">{reference}</code>
            </p>
            <div><LinkButton href=here variant=Variant::Secondary>"Try again"</LinkButton></div>
        </section>
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

#[cfg(test)]
mod tests {
    use super::*;

    fn internal() -> AppError {
        AppError::Internal { reference: "0197-abc".to_owned() }
    }

    #[test]
    fn a_failure_of_ours_is_of_its_part_and_any_other_of_the_page() {
        assert_eq!(part(Ok(1)), Ok(Ok(1)));
        assert_eq!(part::<()>(Err(internal())), Ok(Err(internal())));
        assert_eq!(part::<()>(Err(AppError::Busy)), Ok(Err(AppError::Busy)));
        assert_eq!(part::<()>(Err(AppError::SignedOut)), Err(AppError::SignedOut));
        assert_eq!(part::<()>(Err(AppError::NotFound)), Err(AppError::NotFound));
    }

    #[test]
    fn a_part_that_failed_says_what_is_missing_and_what_is_safe() {
        let html = Owner::new().with(|| {
            provide_context(RequestPath("/dashboard?month=2026-05".to_owned()));
            view! { <PartFailed what="The statements" error=internal()/> }.to_html()
        });

        for text in ["The statements can't be shown", "Your data is safe.", "0197-abc", "Try again"]
        {
            assert!(html.replace("&#x27;", "'").contains(text), "{text} in {html}");
        }
        assert!(html.contains(r#"href="/dashboard?month=2026-05""#), "{html}");
    }
}
