//! What a browser remembers for its person: theme, sidebar, keys and whether amounts are shown. Plain cookies without personal data, read by
//! the server so that the first byte is right.
#![expect(clippy::unused_async, reason = "server functions are async")]

use http::{HeaderValue, header::SET_COOKIE};
use leptos::prelude::*;

use crate::{
    AppError,
    server::{set_header, site},
};

/// The cookie of the theme.
pub const THEME_COOKIE: &str = "coffer.theme";
/// The cookie of the sidebar.
pub const SIDEBAR_COOKIE: &str = "coffer.sidebar";

/// The cookie of the keys.
pub const KEYS_COOKIE: &str = "coffer.keys";
/// The cookie of the amounts.
pub const AMOUNTS_COOKIE: &str = "coffer.amounts";

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// As the system says.
    #[default]
    System,
}

impl Theme {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::System];

    /// The theme of this request.
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// The value in the cookie and in `data-theme`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "system",
        }
    }

    /// Reads the cookie's value; anything unknown is [`Theme::System`].
    pub fn from_cookie(value: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.as_str() == value).unwrap_or_default()
    }

    /// The word in the menu.
    pub fn label(self) -> &'static str {
        match self {
            Self::Light => "Light",
            Self::Dark => "Dark",
            Self::System => "System",
        }
    }
}

/// Whether the sidebar shows words or icons alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sidebar {
    /// Icons and words.
    #[default]
    Open,
    /// Icons alone.
    Collapsed,
}

impl Sidebar {
    /// The sidebar of this request.
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// The value in the cookie and in `data-sidebar`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Collapsed => "collapsed",
        }
    }

    /// Reads the cookie's value; anything unknown is [`Sidebar::Open`].
    pub fn from_cookie(value: &str) -> Self {
        if value == Self::Collapsed.as_str() { Self::Collapsed } else { Self::Open }
    }

    /// The other one.
    #[must_use]
    pub fn toggled(self) -> Self {
        match self {
            Self::Open => Self::Collapsed,
            Self::Collapsed => Self::Open,
        }
    }
}

/// Whether single keys press buttons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keys {
    /// They do.
    #[default]
    On,
    /// They are left alone.
    Off,
}

impl Keys {
    /// The keys of this request.
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// The value in the cookie.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
        }
    }

    /// Reads the cookie's value; anything unknown is [`Keys::On`].
    pub fn from_cookie(value: &str) -> Self {
        if value == Self::Off.as_str() { Self::Off } else { Self::On }
    }

    /// The other one.
    #[must_use]
    pub fn toggled(self) -> Self {
        match self {
            Self::On => Self::Off,
            Self::Off => Self::On,
        }
    }
}

/// Whether amounts are shown, or stand as dots for whoever looks over a shoulder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Amounts {
    /// They are.
    #[default]
    Shown,
    /// They are not.
    Hidden,
}

impl Amounts {
    /// What was chosen for this request.
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// The value in the cookie.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Hidden => "hidden",
        }
    }

    /// Reads the cookie's value; anything unknown is [`Amounts::Shown`].
    pub fn from_cookie(value: &str) -> Self {
        if value == Self::Hidden.as_str() { Self::Hidden } else { Self::Shown }
    }

    /// The other one.
    #[must_use]
    pub fn toggled(self) -> Self {
        match self {
            Self::Shown => Self::Hidden,
            Self::Hidden => Self::Shown,
        }
    }
}

/// `POST /theme`: remembers the theme of this browser and goes back to `page`.
#[server(prefix = "", endpoint = "theme")]
pub async fn set_theme(
    #[server(default)] theme: String,
    #[server(default)] page: String,
) -> Result<(), AppError> {
    remember(THEME_COOKIE, Theme::from_cookie(&theme).as_str());
    go_back(&page);
    Ok(())
}

/// `POST /sidebar`: remembers the sidebar of this browser and goes back to `page`.
#[server(prefix = "", endpoint = "sidebar")]
pub async fn set_sidebar(
    #[server(default)] sidebar: String,
    #[server(default)] page: String,
) -> Result<(), AppError> {
    remember(SIDEBAR_COOKIE, Sidebar::from_cookie(&sidebar).as_str());
    go_back(&page);
    Ok(())
}

/// `POST /keys`: remembers whether single keys press buttons in this browser and goes back to `page`.
#[server(prefix = "", endpoint = "keys")]
pub async fn set_keys(
    #[server(default)] keys: String,
    #[server(default)] page: String,
) -> Result<(), AppError> {
    remember(KEYS_COOKIE, Keys::from_cookie(&keys).as_str());
    go_back(&page);
    Ok(())
}

/// `POST /amounts`: remembers whether this browser shows amounts and goes back to `page`.
#[server(prefix = "", endpoint = "amounts")]
pub async fn set_amounts(
    #[server(default)] amounts: String,
    #[server(default)] page: String,
) -> Result<(), AppError> {
    remember(AMOUNTS_COOKIE, Amounts::from_cookie(&amounts).as_str());
    go_back(&page);
    Ok(())
}

/// Goes to the checked local path, or home.
fn go_back(page: &str) {
    let target = domain::redirect::safe_next(page);
    leptos_axum::redirect(target.as_deref().unwrap_or(crate::routes::HOME));
}

/// Sets a cookie for a year. `value` is one of our own words.
fn remember(name: &str, value: &str) {
    let https = site().app_url.starts_with("https:");
    let secure = if https { "; Secure" } else { "" };
    let cookie =
        format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        set_header(SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_cookie_means_the_default() {
        assert_eq!(Theme::from_cookie("dark"), Theme::Dark);
        assert_eq!(Theme::from_cookie("\"><script>"), Theme::System);
        assert_eq!(Sidebar::from_cookie("collapsed"), Sidebar::Collapsed);
        assert_eq!(Sidebar::from_cookie(""), Sidebar::Open);
        assert_eq!((Keys::from_cookie("off"), Keys::from_cookie("x")), (Keys::Off, Keys::On));
        let amounts = ["hidden", "0"].map(Amounts::from_cookie);
        assert_eq!(amounts, [Amounts::Hidden, Amounts::Shown]);
    }
}
