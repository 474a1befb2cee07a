//! The document around every page.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

use crate::{
    preferences::{Keys, Theme},
    routes::App,
    server::AssetBase,
    session::{SESSION_ELEMENT, to_script_json, use_session},
};

/// Starts the WASM once the browser is idle and hands each island its element.
const LOADER: &str = include_str!("loader.js");

/// The whole document with [`App`] inside.
pub fn shell() -> AnyView {
    document(|| view! { <App/> }.into_any())
}

/// The whole document around `body`.
pub fn document(body: impl FnOnce() -> AnyView) -> AnyView {
    let theme = Theme::current();
    let base = asset_base();
    let keys_off = (Keys::current() == Keys::Off).then_some("off");
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.as_str() data-keys=keys_off>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content=color_scheme(theme)/>
                <link rel="stylesheet" href=format!("{base}/coffer.css")/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="icon" href="/favicon.ico" sizes="32x32"/>
                <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
                <link rel="manifest" href="/site.webmanifest"/>
                <MetaTags/>
                {reload()}
            </head>
            <body>{body()}</body>
        </html>
    }
    .into_any()
}

/// Loads the islands of this page. A page without it loads no script at all.
///
/// Our own, and not the framework's: there the nonce also stands in `crossorigin`, where style sheets and
/// scripts can read it.
#[component]
pub fn HydrationScripts() -> impl IntoView {
    let base = asset_base();
    let nonce = use_nonce();
    let call = format!("({})({base:?});", LOADER.trim_end().trim_end_matches(';'));
    view! {
        <link rel="modulepreload" href=format!("{base}/coffer.js") crossorigin="anonymous"/>
        {session_json(nonce.clone())}
        <script type="module" nonce=nonce>{call}</script>
    }
}

/// The signed-in person for the islands: data, never a proof.
fn session_json(nonce: Option<leptos::nonce::Nonce>) -> impl IntoView {
    use_session().map(|session| {
        view! {
            <script type="application/json" id=SESSION_ELEMENT nonce=nonce>
                {to_script_json(&session)}
            </script>
        }
    })
}

/// In development, the script of `cargo leptos watch` that reloads the page.
fn reload() -> impl IntoView {
    use_context::<LeptosOptions>().map(|options| view! { <AutoReload options/> })
}

/// Where the files stand that the browser loads, with their version.
pub(crate) fn asset_base() -> String {
    use_context::<AssetBase>().map_or_else(|| "/pkg".to_owned(), |base| base.0)
}

fn color_scheme(theme: Theme) -> &'static str {
    match theme {
        Theme::Light => "light",
        Theme::Dark => "dark",
        Theme::System => "light dark",
    }
}

#[cfg(test)]
mod tests {
    use leptos::nonce::Nonce;

    use super::*;
    use crate::session::Session;

    fn render(name: &str) -> String {
        Owner::new().with(|| {
            provide_context(AssetBase("/pkg/abc".into()));
            provide_context(Nonce::from_value("n0nce"));
            provide_context(Some(Session {
                user_id: domain::UserId::new("u1"),
                name: name.to_owned(),
                email: "ada@example.com".to_owned(),
                email_verified: true,
                image: None,
                idle_seconds: None,
            }));
            view! { <HydrationScripts/> }.to_html()
        })
    }

    #[test]
    fn the_nonce_stands_in_nonce_attributes_and_nowhere_else() {
        let html = render("Ada");

        assert_eq!(html.matches("n0nce").count(), html.matches(r#"nonce="n0nce""#).count());
        assert_eq!(html.matches("n0nce").count(), 2, "{html}");
    }

    #[test]
    fn a_name_cannot_end_the_session_script() {
        let html = render("</script><img src=x>");

        assert_eq!(html.matches("</script>").count(), 2, "{html}");
        assert!(!html.contains("<img"));
    }

    #[test]
    fn assets_are_named_under_the_given_base() {
        let html = render("Ada");

        assert!(html.contains(r#"href="/pkg/abc/coffer.js""#), "{html}");
        assert!(html.contains(r#"("/pkg/abc");"#), "{html}");
    }
}
