//! Errors of forms: which field, what is wrong with it, and all of them at once.

use serde::{Deserialize, Serialize};

use crate::Code;

/// Form fields whose value is never sent back to a page, logged or stored as typed.
pub const SECRET_FIELDS: &[&str] = &[
    "password",
    "passwordAgain",
    "newPassword",
    "newPasswordAgain",
    "currentPassword",
    "accountNumber",
    "accountNumberAgain",
    "token",
    "code",
];

/// True when the value of this form field must not be echoed.
pub fn is_secret(field: &str) -> bool {
    SECRET_FIELDS.contains(&field)
}

/// One thing wrong with one field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The name of the form field, in camel case.
    pub field: String,
    /// The stable code.
    pub code: String,
    /// The sentence shown.
    pub message: String,
}

impl FieldError {
    /// Says that `field` has the problem `code`.
    pub fn new(field: &str, code: Code) -> Self {
        Self {
            field: field.to_owned(),
            code: code.as_str().to_owned(),
            message: code.message().into_owned(),
        }
    }
}

impl std::fmt::Display for FieldError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

impl std::error::Error for FieldError {}

/// Gathers the errors of a whole form, so that a person sees all of them at once.
#[derive(Debug, Default)]
pub struct Errors(Vec<FieldError>);

impl Errors {
    /// Keeps the value, or notes the error and gives none.
    pub fn take<T>(&mut self, field: &str, result: Result<T, Code>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(code) => {
                self.push(field, code);
                None
            }
        }
    }

    /// Notes one error.
    pub fn push(&mut self, field: &str, code: Code) {
        self.0.push(FieldError::new(field, code));
    }

    /// The errors noted, in the order they were found.
    pub fn into_vec(self) -> Vec<FieldError> {
        self.0
    }

    /// The value when nothing was noted and it is there, the errors otherwise.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<FieldError>> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_error_carries_code_and_sentence() {
        let error = FieldError::new("routingNumber", Code::RoutingLength);
        assert_eq!(
            serde_json::to_value(&error).unwrap(),
            serde_json::json!({
                "field": "routingNumber",
                "code": "routing_length",
                "message": "Enter all 9 digits of the routing number.",
            })
        );
    }

    #[test]
    fn numbers_and_passwords_are_never_echoed() {
        assert!(is_secret("accountNumber"));
        assert!(is_secret("password"));
        assert!(!is_secret("routingNumber"));
    }
}
