//! What somebody calls their categories, and those they made.

mod api;
mod list;
mod one;

pub use api::{
    AddCategory, DeleteCategory, DescribeCategory, RenameCategory, ResetCategory, add_category,
    delete_category, describe_category, rename_category, reset_category,
};
pub use list::CategoriesPage;
pub use one::CategoryPage;
