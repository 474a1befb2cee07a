//! Who is signed in, for display. Nothing here proves anything: that is `crate::server::signed_in`.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The id of the element in which the shell hands the session to the browser.
pub const SESSION_ELEMENT: &str = "coffer-session";

/// What a page may show of the signed-in person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The person's id.
    pub user_id: domain::UserId,
    /// The name they gave.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Whether the mailbox was proven to be theirs.
    pub email_verified: bool,
    /// The address of their picture, if they have one.
    pub image: Option<String>,
    /// The seconds after which the session ends that nobody uses, if this one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_seconds: Option<u32>,
}

impl Session {
    /// One or two letters that stand for the person: "Ada Lovelace" is "AL".
    pub fn initials(&self) -> String {
        let mut words = self.name.split_whitespace().filter_map(|word| word.chars().next());
        let first = words.next();
        let last = words.next_back();
        let letters: String = first.into_iter().chain(last).flat_map(char::to_uppercase).collect();
        if letters.is_empty() { "?".to_owned() } else { letters }
    }
}

/// The signed-in person, or `None`. On the server from the request's context.
#[cfg(feature = "ssr")]
pub fn use_session() -> Option<Session> {
    use_context::<Option<Session>>().flatten()
}

/// The signed-in person, or `None`. In the browser from the JSON that the shell printed.
#[cfg(not(feature = "ssr"))]
pub fn use_session() -> Option<Session> {
    let text = document().get_element_by_id(SESSION_ELEMENT)?.text_content()?;
    leptos::serde_json::from_str(&text).ok()
}

/// The JSON as it may stand inside a `<script>`: no `<` is left, so nothing can end the element early.
#[cfg(feature = "ssr")]
pub fn to_script_json<T: Serialize>(value: &T) -> String {
    leptos::serde_json::to_string(value)
        .unwrap_or_else(|_| "null".to_owned())
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn session(name: &str) -> Session {
        Session {
            user_id: domain::UserId::new("u1"),
            name: name.to_owned(),
            email: "ada@example.com".to_owned(),
            email_verified: true,
            image: None,
            idle_seconds: None,
        }
    }

    #[test]
    fn initials_are_the_first_letters_of_the_first_and_last_name() {
        assert_eq!(session("Ada Lovelace").initials(), "AL");
        assert_eq!(session("augusta ada king").initials(), "AK");
        assert_eq!(session("Öznur").initials(), "Ö");
        assert_eq!(session("  ").initials(), "?");
    }

    #[test]
    fn a_name_cannot_end_the_script_that_carries_it() {
        let json = to_script_json(&session("</script><script>alert(1)"));

        assert!(!json.contains('<'), "{json}");
        let back: Session = leptos::serde_json::from_str(&json).unwrap();
        assert_eq!(back.name, "</script><script>alert(1)");
    }
}
