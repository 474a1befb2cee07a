//! A form with a file: `multipart/form-data` with `accountId` and `file`.

use axum::{
    extract::{FromRequest, Multipart, Request, multipart::Field},
    http::StatusCode,
};
use domain::{AccountId, Code, FieldError, import::MAX_BYTES};

use super::error::invalid;
use crate::http::Failure;

/// Longest value of a field besides the file.
const MOST_TEXT: usize = 200;
/// The name of a file that comes without one; it is shown and nothing else.
const NO_NAME: &str = "file";

/// What the form carried.
pub(super) struct Upload {
    /// The account that was chosen.
    pub account: AccountId,
    /// The name of the file.
    pub file_name: String,
    /// The bytes of the file.
    pub content: Vec<u8>,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let form = Multipart::from_request(request, state).await;
        let mut form = form.map_err(|_| not_a_form())?;
        let (mut account, mut file) = (String::new(), None);
        while let Some(mut field) = form.next_field().await.map_err(|_| unreadable())? {
            match field.name().unwrap_or_default() {
                "accountId" => {
                    let text = read(&mut field, MOST_TEXT).await?;
                    String::from_utf8_lossy(&text).trim().clone_into(&mut account);
                }
                "file" => {
                    let name = field.file_name().unwrap_or(NO_NAME).to_owned();
                    file = Some((name, read(&mut field, MAX_BYTES).await?));
                }
                _ => {
                    read(&mut field, MOST_TEXT).await?;
                }
            }
        }
        checked(account, file)
    }
}

/// The bytes of one field, of which there may be so many.
async fn read(field: &mut Field<'_>, most: usize) -> Result<Vec<u8>, Failure> {
    let mut content = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| unreadable())? {
        if content.len() + chunk.len() > most {
            return Err(too_large());
        }
        content.extend_from_slice(&chunk);
    }
    Ok(content)
}

fn checked(account: String, file: Option<(String, Vec<u8>)>) -> Result<Upload, Failure> {
    let mut errors = Vec::new();
    if account.is_empty() {
        errors.push(FieldError::new("accountId", Code::AccountRequired));
    }
    if file.is_none() {
        errors.push(FieldError::new("file", Code::FileRequired));
    }
    match file {
        Some((file_name, content)) if errors.is_empty() => {
            Ok(Upload { account: AccountId::new(account), file_name, content })
        }
        _ => Err(invalid(&errors)),
    }
}

fn not_a_form() -> Failure {
    Failure {
        message: "Send a form: Content-Type: multipart/form-data.".into(),
        ..Failure::of(StatusCode::UNSUPPORTED_MEDIA_TYPE)
    }
}

fn too_large() -> Failure {
    let sentence = Code::FileTooLarge.message();
    Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", sentence)
}

fn unreadable() -> Failure {
    Failure {
        message: "We couldn't read that form. Send it again.".into(),
        ..Failure::of(StatusCode::BAD_REQUEST)
    }
}
