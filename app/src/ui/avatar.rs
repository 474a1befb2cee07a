//! The picture of a person, or the letters that stand for them.

use domain::picture;
use leptos::prelude::*;

/// A picture from a host that pages may load from, else the initials. The person's name stands beside it.
#[component]
pub fn Avatar(
    /// One or two letters.
    initials: String,
    /// The address of the picture.
    image: Option<String>,
    /// 64 px instead of 36.
    #[prop(optional)]
    large: bool,
) -> AnyView {
    let size = if large { "64" } else { "36" };
    let inside = match image.filter(|image| picture::is_shown(image)) {
        Some(src) => view! {
            <img class="avatar-picture" src=src alt="" width=size height=size referrerpolicy="no-referrer" decoding="async"/>
        }
        .into_any(),
        None => view! { <span aria-hidden="true">{initials}</span> }.into_any(),
    };
    view! { <span class="avatar" data-large=large.then_some("true")>{inside}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(image: Option<&str>) -> String {
        let image = image.map(str::to_owned);
        Owner::new().with(|| view! { <Avatar initials="AL".to_owned() image/> }.to_html())
    }

    #[test]
    fn a_picture_of_a_known_host_takes_the_place_of_the_letters() {
        let html = render(Some("https://www.gravatar.com/avatar/1"));

        assert!(html.contains(r#"src="https://www.gravatar.com/avatar/1""#), "{html}");
        assert!(html.contains("no-referrer") && !html.contains("AL"));
    }

    #[test]
    fn any_other_picture_is_not_loaded() {
        for image in [None, Some("https://evil.example/a.png"), Some("javascript:alert(1)")] {
            let html = render(image);
            assert!(html.contains("AL") && !html.contains("<img"), "{html}");
        }
    }
}
