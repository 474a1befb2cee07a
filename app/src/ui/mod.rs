//! The kit: small components on semantic HTML, shared by all pages. No server functions in here.

pub mod avatar;
pub mod badge;
pub mod button;
pub mod card;
pub mod chart;
pub mod choice;
pub mod count;
pub mod dialog;
pub mod empty;
pub mod field;
pub mod filter;
pub mod form;
pub mod icon;
pub mod load;
pub mod mask;
pub mod menu;
pub mod money;
pub mod months;
pub mod pager;
pub mod password;
pub mod plan;
pub mod query;
pub mod skeleton;
pub mod table;
pub mod tabs;
pub mod time;
pub mod toast;

#[cfg(test)]
mod contrast;
mod frame;

pub use avatar::Avatar;
pub use badge::{Badge, Tone};
pub use button::{Button, LinkButton, Variant};
pub use card::Card;
pub use chart::AreaChart;
pub use choice::{Checkbox, Choice, RadioGroup, SelectField};
pub use dialog::{Dialog, DialogButton};
pub use empty::EmptyState;
pub use field::{FileField, HiddenField, InputKind, TextArea, TextField};
pub use filter::{FilterField, FilterSelect, GetForm, Options};
pub use form::{ErrorSummary, PostForm};
pub use frame::{AppShell, AuthShell, PublicShell, Section};
pub use icon::{Glyph, Icon};
pub use mask::Mask;
pub use menu::{Menu, MenuLink};
pub use money::Amount;
pub use months::MonthPager;
pub use pager::Pager;
pub use password::{PasswordField, UsernameField};
pub use plan::{Meter, OlderHidden, PlanAdds, unless_full};
pub use skeleton::Skeleton;
pub use table::{Cell, Column, DataTable, Place};
pub use tabs::{Tab, Tabs};
pub use time::{Ago, Day};
pub use toast::{FlashMessage, Notice};
