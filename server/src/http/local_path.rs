//! Which addresses we may send a browser to.

pub use domain::redirect::local_path;
use url::Url;

/// What may stand in `Location`: a local path, one of our own origins as a local path, or an address whose
/// origin (or application's scheme) is listed in `others`.
pub fn location(target: &str, own: &[String], others: &[String]) -> Option<String> {
    if let Some(path) = local_path(target) {
        return Some(path);
    }
    let clean = target.bytes().all(|byte| (0x21..0x7F).contains(&byte) && byte != b'\\');
    let url = Url::parse(target).ok().filter(|_| clean)?;
    if !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let origin = url.origin();
    if origin.is_tuple() {
        let origin = origin.ascii_serialization();
        if own.contains(&origin) {
            let rest = target.get(target.find("://")? + 3..)?;
            let path = rest.find(['/', '?', '#']).map_or("/", |start| &rest[start..]);
            return local_path(path);
        }
        return others.contains(&origin).then(|| url.into());
    }
    let scheme = format!("{}://", url.scheme());
    others.contains(&scheme).then(|| url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_paths_are_written_anew() {
        assert_eq!(local_path("/accounts?page=2#top").as_deref(), Some("/accounts?page=2#top"));
        assert_eq!(local_path("/a b").as_deref(), Some("/a%20b"));
        assert_eq!(local_path("/x?next=//y").as_deref(), Some("/x?next=//y"));
    }

    #[test]
    fn whatever_could_lead_elsewhere_is_refused() {
        for target in [
            "",
            "x",
            "?x",
            "./x",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\/evil",
            "/a/..//evil.example",
            "/a/../b",
            "/.",
            "/%2e%2E/x",
            "/.%2e/x",
            "/%2Fevil.example",
            "/a/%2f/b",
            "/%5cevil",
            "/%00",
            "/\tx",
            "/x\n",
            " /x",
            "/x ",
            "/ä",
            "https://evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "http:/evil.example",
        ] {
            assert_eq!(local_path(target), None, "{target:?}");
        }
    }

    #[test]
    fn absolute_addresses_need_a_listed_origin() {
        let own = ["https://bank.example".to_owned()];
        let others = ["https://pay.example".to_owned(), "cofferapp://".to_owned()];
        let location = |target: &str| super::location(target, &own, &others);

        assert_eq!(location("https://bank.example/sign-in?x=1").as_deref(), Some("/sign-in?x=1"));
        assert_eq!(location("https://bank.example").as_deref(), Some("/"));
        assert_eq!(location("https://pay.example/c/1").as_deref(), Some("https://pay.example/c/1"));
        assert_eq!(location("cofferapp://done").as_deref(), Some("cofferapp://done"));
        for target in [
            "https://pay.example.evil.example/",
            "http://pay.example/",
            "https://pay.example:444/",
            "https://pay.example@evil.example/",
            "https://bank.example//evil.example",
            "other://x",
            "https://bank.example/\\evil.example",
            "javascript:alert(1)",
            "//pay.example/",
        ] {
            assert_eq!(location(target), None, "{target}");
        }
    }
}
