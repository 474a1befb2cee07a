//! Reading the upload form: the account, and a file of at most 10 MB.

use domain::{AccountId, Code, FieldError, import::MAX_BYTES};
use leptos::server_fn::{
    ContentType,
    codec::{Encoding, FromReq, IntoReq, MultipartData, MultipartFormData},
    request::{ClientReq, Req, browser::BrowserFormData},
};

use super::api::ReadFile;
use crate::AppError;

/// Longest value of a field besides the file.
const MOST_TEXT: usize = 200;

/// A form with a file. The framework's own encoding panics on a body that is none; this one refuses it.
pub struct FileForm;

impl ContentType for FileForm {
    const CONTENT_TYPE: &'static str = MultipartFormData::CONTENT_TYPE;
}

impl Encoding for FileForm {
    const METHOD: http::Method = http::Method::POST;
}

impl<Request> FromReq<FileForm, Request, AppError> for ReadFile
where
    Request: Req<AppError> + Send + 'static,
{
    async fn from_req(request: Request) -> Result<Self, AppError> {
        if !request.to_content_type().is_some_and(|kind| has_boundary(&kind)) {
            return Err(unreadable());
        }
        <Self as FromReq<MultipartFormData, Request, AppError>>::from_req(request).await
    }
}

impl<Request> IntoReq<FileForm, Request, AppError> for ReadFile
where
    Request: ClientReq<AppError, FormData = BrowserFormData>,
{
    fn into_req(self, path: &str, accepts: &str) -> Result<Request, AppError> {
        <Self as IntoReq<MultipartFormData, Request, AppError>>::into_req(self, path, accepts)
    }
}

/// Whether the content type is that of a form with files, with a boundary as browsers make them (RFC 2046, 5.1.1,
/// without quotes).
fn has_boundary(content_type: &str) -> bool {
    let Some((kind, parameter)) = content_type.split_once(';') else { return false };
    let Some(boundary) = parameter.trim().strip_prefix("boundary=") else { return false };
    kind.trim().eq_ignore_ascii_case(FileForm::CONTENT_TYPE)
        && (1..=70).contains(&boundary.len())
        && boundary.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'\''))
}

/// What the form carried.
#[derive(Debug)]
pub struct Upload {
    /// The account that was chosen.
    pub account: AccountId,
    /// The name of the file on the person's device.
    pub file_name: String,
    /// The bytes of the file.
    pub content: Vec<u8>,
}

impl Upload {
    /// Reads the form. A missing account or file is named at its field; a file that is too large is 413.
    pub async fn read(form: MultipartData) -> Result<Self, AppError> {
        let mut form = form.into_inner().ok_or_else(unreadable)?;
        let (mut account, mut file) = (String::new(), None);
        while let Some(mut field) = form.next_field().await.map_err(|_| unreadable())? {
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().unwrap_or_default().to_owned();
            let most = if name == "file" { MAX_BYTES } else { MOST_TEXT };
            let mut content = Vec::new();
            while let Some(chunk) = field.chunk().await.map_err(|_| unreadable())? {
                if content.len() + chunk.len() > most {
                    return Err(too_large());
                }
                content.extend_from_slice(&chunk);
            }
            match name.as_str() {
                "account" => account = String::from_utf8_lossy(&content).into_owned(),
                // A browser sends an empty part without a name when no file is chosen.
                "file" if !file_name.is_empty() => file = Some((file_name, content)),
                _ => {}
            }
        }
        Self::checked(account, file)
    }

    fn checked(account: String, file: Option<(String, Vec<u8>)>) -> Result<Self, AppError> {
        let mut errors = Vec::new();
        if file.is_none() {
            errors.push(FieldError::new("file", Code::FileRequired));
        }
        if account.is_empty() {
            errors.push(FieldError::new("account", Code::AccountRequired));
        }
        match file {
            Some((file_name, content)) if errors.is_empty() => {
                Ok(Self { account: AccountId::new(account), file_name, content })
            }
            _ => Err(AppError::Invalid(errors)),
        }
    }
}

fn too_large() -> AppError {
    AppError::message(413, Code::FileTooLarge.message())
}

fn unreadable() -> AppError {
    AppError::message(400, "We couldn't read that form. Choose the file again.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_form_with_files_is_read() {
        assert!(has_boundary("multipart/form-data; boundary=----WebKitFormBoundaryAaBb01"));
        for other in [
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=\"",
            "multipart/mixed; boundary=abc",
            "",
        ] {
            assert!(!has_boundary(other), "{other}");
        }
    }

    #[test]
    fn a_missing_file_and_account_are_named_at_once() {
        let Err(AppError::Invalid(errors)) = Upload::checked(String::new(), None) else {
            panic!("refused")
        };

        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["file", "account"]);
    }

    #[test]
    fn a_file_that_is_too_large_has_its_own_status() {
        assert_eq!(too_large().status(), 413);
        assert_eq!(too_large().to_string(), "Files can be up to 10 MB.");
    }
}
