//! What a page knows about the form that was posted to it and refused: everything typed, and what is wrong.

use std::collections::HashMap;

use domain::{
    FieldError, SECRET_FIELDS,
    plan::{Limit, Plan},
};
use leptos::prelude::*;

use crate::AppError;

/// The state of a refused form. `server` puts it into the context when it shows the page again; the kit's
/// fields read it. Secret fields (`domain::SECRET_FIELDS`) are dropped on the way in, so they are never echoed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormState {
    action: String,
    values: HashMap<String, Vec<String>>,
    errors: Vec<FieldError>,
    message: Option<String>,
    gate: Option<(Limit, Option<Plan>)>,
}

impl FormState {
    /// The state after `action` (the path that was posted to) answered `error` to these pairs.
    pub fn refused(
        action: impl Into<String>,
        pairs: impl IntoIterator<Item = (String, String)>,
        error: &AppError,
    ) -> Self {
        let mut values: HashMap<String, Vec<String>> = HashMap::new();
        for (name, value) in pairs {
            if !SECRET_FIELDS.contains(&name.as_str()) {
                values.entry(name).or_default().push(value);
            }
        }
        let message = match error {
            AppError::Invalid(_) => None,
            other => Some(other.to_string()),
        };
        let gate = match error {
            AppError::PlanRequired { limit, plan, .. } => Some((*limit, *plan)),
            _ => None,
        };
        Self { action: action.into(), values, errors: error.fields().to_vec(), message, gate }
    }

    /// Whether this form is the one that was refused.
    pub fn is_for(&self, action: &str) -> bool {
        self.action == action
    }

    /// Whether anything was posted at all.
    pub fn was_posted(&self) -> bool {
        !self.action.is_empty()
    }

    /// What was typed into the field; `None` when the form was not posted or the field is secret.
    pub fn value(&self, field: &str) -> Option<&str> {
        self.values.get(field)?.first().map(String::as_str)
    }

    /// Everything that was chosen under this name (checkboxes).
    pub fn values(&self, field: &str) -> &[String] {
        self.values.get(field).map_or(&[], Vec::as_slice)
    }

    /// The first problem of the field.
    pub fn error(&self, field: &str) -> Option<&FieldError> {
        self.errors.iter().find(|error| error.field == field)
    }

    /// All problems, in the order of the form.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// What the plan ran out of, and the plan that would help, when that is why the form was refused.
    pub fn gate(&self) -> Option<(Limit, Option<Plan>)> {
        self.gate
    }

    /// The sentence that belongs to the whole form.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }
}

/// The refused form of this request, or an empty one.
pub fn use_form() -> FormState {
    use_context::<FormState>().unwrap_or_default()
}

/// The refused form, if it was posted to `action`; an empty one otherwise. For pages with several forms.
pub fn use_form_for(action: &str) -> FormState {
    use_context::<FormState>().filter(|form| form.is_for(action)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::Code;

    use super::*;

    fn posted(error: &AppError) -> FormState {
        let pairs = [("email", "ada@"), ("password", "correct horse"), ("accountNumber", "123")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        FormState::refused("/sign-in", pairs, error)
    }

    #[test]
    fn everything_typed_survives_but_secrets() {
        let form = posted(&AppError::Busy);

        assert_eq!(form.value("email"), Some("ada@"));
        assert_eq!(form.value("password"), None);
        assert_eq!(form.value("accountNumber"), None);
        assert!(!format!("{form:?}").contains("correct horse"));
    }

    #[test]
    fn a_field_finds_its_own_problem() {
        let error = AppError::Invalid(vec![FieldError::new("email", Code::EmailInvalid)]);
        let form = posted(&error);

        assert!(form.error("email").is_some());
        assert!(form.error("password").is_none());
        assert_eq!(form.message(), None);
    }

    #[test]
    fn a_plan_that_is_full_is_remembered_with_what_would_help() {
        let form = posted(&AppError::PlanRequired {
            message: Limit::Accounts.refusal(Plan::Free),
            limit: Limit::Accounts,
            plan: Some(Plan::Starter),
        });

        assert_eq!(form.gate(), Some((Limit::Accounts, Some(Plan::Starter))));
        assert_eq!(form.message(), Some("The Free plan holds 3 accounts. Starter allows 10."));
        assert_eq!(posted(&AppError::Busy).gate(), None);
    }

    #[test]
    fn a_sentence_for_the_whole_form_is_not_a_field_error() {
        let form = posted(&AppError::message(401, "That e-mail and password don't match."));

        assert_eq!(form.message(), Some("That e-mail and password don't match."));
        assert!(form.errors().is_empty());
    }
}
