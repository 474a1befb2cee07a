//! Pages for everybody: the landing page and help.

mod facts;
mod help;
mod landing;
mod sample;

pub use help::HelpPage;
pub use landing::LandingPage;
