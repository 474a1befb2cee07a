//! Addresses below the one where the stand-in is mounted.

use url::Url;

/// The address of a path (without a leading slash) below the base.
pub fn under(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    url
}

/// The path where it is mounted, without a slash at its end.
pub fn mount(base: &Url) -> &str {
    base.path().trim_end_matches('/')
}
