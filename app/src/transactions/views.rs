//! Views of the list: links above the table, the form that names the filter that is on, and the pages where views are
//! renamed and deleted.

use backend::transactions::{views, views::SavedView};
use domain::{
    SavedViewId, TransactionFilter,
    query::Pairs,
    saved_view::{NAME_MAX, ViewForm},
};
use leptos::prelude::*;
use leptos_axum::redirect;
use leptos_router::hooks::use_params_map;

use crate::{
    AppError, flash,
    flash::Flash,
    form::use_form_for,
    routes,
    server::{reject, signed_in},
    ui::{
        AppShell, Button, Card, EmptyState, HiddenField, LinkButton, PostForm, Section, TextField,
        Variant, load::load, query::with_query,
    },
};

/// The caller's views of the list.
pub(super) async fn saved_views() -> Result<Vec<SavedView>, AppError> {
    let (backend, caller) = signed_in()?;
    views::list(&backend, &caller).await.map_err(reject)
}

/// `POST /transactions/views`: gives the filter that is on a name.
#[server(prefix = "", endpoint = "transactions/views")]
pub async fn save_view(
    #[server(default)] name: String,
    #[server(default)] query: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let form = ViewForm { name, query };
    let view = views::create(&backend, &caller, &form).await.map_err(reject)?;

    flash::set(&Flash::done(format!("View “{}” saved.", view.name)));
    redirect(&with_query(routes::TRANSACTIONS, &view.query));
    Ok(())
}

/// `POST /transactions/views/rename`: calls a view something else.
#[server(prefix = "", endpoint = "transactions/views/rename")]
pub async fn rename_view(
    #[server(default)] id: String,
    #[server(default)] name: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = SavedViewId::new(id);
    views::update(&backend, &caller, &id, Some(&name), None).await.map_err(reject)?;

    flash::set(&Flash::done("View renamed."));
    redirect(routes::VIEWS);
    Ok(())
}

/// `POST /transactions/views/delete`: deletes a view.
#[server(prefix = "", endpoint = "transactions/views/delete")]
pub async fn delete_view(#[server(default)] id: String) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let view = views::delete(&backend, &caller, &SavedViewId::new(id)).await.map_err(reject)?;

    flash::set(&Flash::done(format!("View “{}” deleted. Its transactions stay.", view.name)));
    redirect(routes::VIEWS);
    Ok(())
}

/// The filters of an address as a view keeps them; nothing when none is on, or one is wrong.
fn filters(query: &Pairs) -> Option<String> {
    let filter = TransactionFilter::from_query(query).ok()?.to_query();
    (!filter.is_empty()).then_some(filter)
}

/// The views above the table, and the form that saves the filter that is on.
#[component]
pub fn Views(
    /// The person's views.
    views: Vec<SavedView>,
    /// What stands in the address.
    query: Pairs,
) -> AnyView {
    let now = filters(&query);
    let is_saved = views.iter().any(|view| Some(&view.query) == now.as_ref());
    let save = now.clone().filter(|_| !is_saved).map(|query| view! { <Save query/> });
    let links = (!views.is_empty()).then(|| {
        let links =
            views.into_iter().map(|view| link(view, now.as_deref())).collect_view();
        view! {
            <nav aria-label="Saved views" data-testid="saved-views">
                <ul class="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
                    {links}
                    <li><a href=routes::VIEWS class="link inline-flex min-h-6 items-center text-ink-2">"Change views"</a></li>
                </ul>
            </nav>
        }
    });
    view! { {links} {save} }.into_any()
}

fn link(view: SavedView, now: Option<&str>) -> impl IntoView {
    let is_here = now == Some(view.query.as_str());
    let href = with_query(routes::TRANSACTIONS, &view.query);
    let class = if is_here {
        "inline-flex min-h-6 items-center font-medium text-ink"
    } else {
        "link inline-flex min-h-6 items-center"
    };
    view! {
        <li class="min-w-0 max-w-60">
            <a href=href class=class aria-current=is_here.then_some("page") data-testid="saved-view" data-id=view.id.to_string()>
                <span class="truncate">{view.name}</span>
            </a>
        </li>
    }
}

#[component]
fn Save(query: String) -> AnyView {
    let opened = use_form_for(routes::VIEWS).was_posted();
    let page = with_query(routes::TRANSACTIONS, &query);
    view! {
        <details class="disclosure text-sm" open=opened data-testid="save-view">
            <summary>"Save this view"</summary>
            <div class="mt-3 max-w-md">
                <PostForm action=routes::VIEWS page prefix="view-" class="flex flex-col gap-3">
                    <HiddenField name="query" value=query/>
                    <TextField name="name" label="Name of the view" hint="You find it above the list." maxlength=max_name()/>
                    <div><Button variant=Variant::Secondary busy="Saving…" attr:data-testid="view-save">"Save view"</Button></div>
                </PostForm>
            </div>
        </details>
    }
    .into_any()
}

fn max_name() -> u32 {
    u32::try_from(NAME_MAX).unwrap_or(u32::MAX)
}

/// `/transactions/views`: every view, with the way to change it.
#[component]
pub fn ViewsPage() -> AnyView {
    load(async move {
        let views = saved_views().await?;
        let list = ("Transactions", routes::TRANSACTIONS);
        Ok(view! {
            <AppShell page="saved-views" title="Saved views" section=Section::Transactions back=list>
                <div class="card max-w-xl"><All views/></div>
            </AppShell>
        })
    })
}

#[component]
fn All(views: Vec<SavedView>) -> AnyView {
    if views.is_empty() {
        return view! {
            <EmptyState text="You have no saved views. Filter the list, and give the filter a name.">
                <LinkButton href=routes::TRANSACTIONS variant=Variant::Secondary>"Go to transactions"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let rows = views
        .into_iter()
        .map(|view| {
            let list = with_query(routes::TRANSACTIONS, &view.query);
            let label = format!("Change {}", view.name);
            view! {
                <li class="flex items-center justify-between gap-4 px-4 py-2 md:px-5" data-testid="saved-view-row" data-id=view.id.to_string()>
                    <a href=list class="link inline-flex min-h-6 min-w-0 items-center"><span class="min-w-0 break-words">{view.name}</span></a>
                    <a href=routes::view(&view.id) class="link inline-flex min-h-6 items-center text-sm" aria-label=label>"Change"</a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="divide-y divide-line">{rows}</ul> }.into_any()
}

/// `/transactions/views/{id}`: its name, and its deletion.
#[component]
pub fn ViewPage() -> AnyView {
    let id = SavedViewId::new(use_params_map().read_untracked().get("id").unwrap_or_default());
    load(async move {
        let (backend, caller) = signed_in()?;
        let view = views::get(&backend, &caller, &id).await.map_err(reject)?;
        let (title, list) = (view.name.clone(), ("Saved views", routes::VIEWS));
        Ok(view! {
            <AppShell page="saved-view" title section=Section::Transactions back=list>
                <div class="flex max-w-xl flex-col gap-6"><One view/></div>
            </AppShell>
        })
    })
}

#[component]
fn One(view: SavedView) -> AnyView {
    let SavedView { id, name, query, .. } = view;
    let list = with_query(routes::TRANSACTIONS, &query);
    let (page, again) = (routes::view(&id), routes::view(&id));
    let (id, same) = (id.to_string(), id.into_string());
    let label = name.clone();
    view! {
        <p><a href=list class="link inline-flex min-h-6 items-center">"See its transactions"</a></p>
        <Card id="rename" title="Rename this view">
            <PostForm action=routes::RENAME_VIEW page prefix="rename-">
                <HiddenField name="id" value=id/>
                <TextField name="name" label="Name" value=name maxlength=max_name()/>
                <div><Button busy="Saving…" attr:data-testid="view-rename">"Save name"</Button></div>
            </PostForm>
        </Card>
        <Card id="delete" title="Delete this view">
            <PostForm action=routes::DELETE_VIEW page=again prefix="delete-">
                <HiddenField name="id" value=same/>
                <p class="text-sm text-ink-2">"The list can still be filtered like this, and its transactions stay."</p>
                <div><Button variant=Variant::Danger busy="Deleting…" attr:data-testid="view-delete">{format!("Delete “{label}”")}</Button></div>
            </PostForm>
        </Card>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::query;
    use time::macros::datetime;

    use super::*;

    fn html(views: Vec<SavedView>, query: &str) -> String {
        Owner::new().with(|| view! { <Views views query=query::parse(query)/> }.to_html())
    }

    fn coffee() -> SavedView {
        let at = datetime!(2026-05-04 12:00 UTC);
        SavedView {
            id: SavedViewId::new("v"),
            name: "Coffee".to_owned(),
            query: "q=coffee".to_owned(),
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn a_filter_can_be_saved_until_it_is() {
        let (new, saved) = (html(Vec::new(), "q=coffee&page=2"), html(vec![coffee()], "q=coffee"));

        assert!(new.contains("Save this view") && !new.contains("saved-views"), "{new}");
        assert!(!saved.contains("Save this view"), "{saved}");
        assert!(saved.contains(r#"aria-current="page""#), "{saved}");
        assert!(!html(Vec::new(), "page=2").contains("Save this view"));
        assert!(!html(Vec::new(), "from=never").contains("Save this view"));
    }
}
