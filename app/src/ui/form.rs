//! Forms: plain posts that work without script, with every problem named at the top and at its field.

use leptos::{context::Provider, prelude::*};

use super::{Glyph, HiddenField, Icon, PlanAdds};
use crate::{
    error::invalid_summary,
    form::{FormState, use_form_for},
};

/// What the fields inside a [`PostForm`] know: the refused post, if it was this form's.
#[derive(Clone, Debug, Default)]
pub struct FormScope {
    /// The refused post of this form; empty when it was another's or none.
    pub state: FormState,
    /// Stands before each field's id, so that two forms fit on a page.
    pub prefix: &'static str,
}

impl FormScope {
    /// The scope of the form around this component.
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// The id of a field.
    pub fn id(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

/// A form that posts to `action`. The fields inside take their values and errors from a refused post to the
/// same action; the summary of problems stands on top.
#[component]
pub fn PostForm(
    /// The path it posts to.
    action: &'static str,
    /// The page that is shown again when the post is refused, if that isn't `action`.
    #[prop(optional, into)]
    page: Option<String>,
    /// Stands before each field's id, where a page has several forms.
    #[prop(default = "")]
    prefix: &'static str,
    /// Whether the form carries a file.
    #[prop(optional)]
    multipart: bool,
    /// The class list of the form.
    #[prop(default = "flex flex-col gap-5")]
    class: &'static str,
    children: Children,
) -> AnyView {
    let scope = FormScope { state: use_form_for(action), prefix };
    let summary = scope.clone();
    view! {
        <Provider value=scope>
            <form
                method="post"
                action=action
                class=class
                enctype=multipart.then_some("multipart/form-data")
                novalidate
            >
                {page.map(|page| view! { <HiddenField name="page" value=page/> })}
                <ErrorSummary scope=summary/>
                {children()}
            </form>
        </Provider>
    }
    .into_any()
}

/// What is wrong with the whole form, with a link to each field; focused when the page opens.
#[component]
pub fn ErrorSummary(
    /// The refused post.
    scope: FormScope,
) -> impl IntoView {
    let state = &scope.state;
    if let Some((limit, plan)) = state.gate() {
        let message = state.message().unwrap_or_default().to_owned();
        return Some(view! { <PlanAdds limit plan message/> }.into_any());
    }
    let heading = match (state.message(), state.errors().len()) {
        (Some(message), _) => message.to_owned(),
        (None, 0) => return None,
        (None, problems) => invalid_summary(problems),
    };
    let links = state
        .errors()
        .iter()
        .map(|error| {
            let href = format!("#{}", scope.id(&error.field));
            view! { <li><a href=href class="underline underline-offset-2">{error.message.clone()}</a></li> }
        })
        .collect::<Vec<_>>();
    let list = (!links.is_empty()).then(|| view! { <ul class="mt-1 list-disc pl-5">{links}</ul> });

    let summary = view! {
        <div class="notice border-negative bg-negative-soft" role="alert" tabindex="-1" autofocus data-testid="error-summary">
            <span class="mt-0.5 shrink-0 text-negative"><Icon glyph=Glyph::CircleAlert/></span>
            <div class="min-w-0">
                <p class="font-medium">{heading}</p>
                {list}
            </div>
        </div>
    };
    Some(summary.into_any())
}
