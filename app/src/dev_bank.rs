//! `/dev/bank`: the page of the built-in bank, where its customer signs in and is sent back to us. It says what it is.

use backend::banks::{
    Simbank,
    simbank::{BankAnswer, BankPage, BankSignIn, Institution},
};
use domain::{Code, FieldError};
use leptos::prelude::*;
use leptos_axum::redirect;

use crate::{
    AppError,
    connections::{Step, Steps},
    errors::ErrorPage,
    form::use_form_for,
    routes,
    server::{reject, signed_in},
    ui::{
        AuthShell, Badge, Button, Choice, HiddenField, InputKind, LinkButton, PasswordField,
        PostForm, SelectField, TextField, Tone, Variant,
        load::load,
        query::{find, page_query},
    },
};

/// The bank for somebody who is signed in here; nobody's where it is closed.
fn open_bank() -> Result<Simbank, AppError> {
    let (backend, _) = signed_in()?;
    backend.banks.simbank().cloned().ok_or(AppError::NotFound)
}

/// `POST /dev/bank`: signs a customer in at the bank, and sends them back to us.
#[server(prefix = "", endpoint = "dev/bank")]
pub async fn sign_in_at_bank(
    #[server(default)] ticket: String,
    #[server(default)] institution: String,
    #[server(default)] login: String,
    #[server(default)] password: String,
    #[server(default)] code: String,
) -> Result<(), AppError> {
    let bank = open_bank()?;
    let page = bank.page(&ticket).map_err(reject)?;
    let form = BankSignIn { institution, login, password, code };
    missing(&page, &form)?;
    match bank.sign_in(&ticket, &form).await.map_err(reject)? {
        BankAnswer::Return { url } => redirect(&url),
        BankAnswer::CodeNeeded { ticket } => redirect(&routes::dev_bank(&ticket)),
        BankAnswer::CodeWrong => {
            return refused("code", Code::CodeRequired, "That code isn't right.");
        }
        BankAnswer::Wrong => {
            let sentence = "That user name and password don't match. Nothing was linked.";
            return refused("password", Code::PasswordWrong, sentence);
        }
        BankAnswer::Locked => {
            return Err(AppError::message(
                403,
                "This login is locked at the bank. Unlock it there, or use another one.",
            ));
        }
    }
    Ok(())
}

/// What has to be there before the bank is asked.
fn missing(page: &BankPage, form: &BankSignIn) -> Result<(), AppError> {
    let error = |field: &str, code: Code, message: &str| FieldError {
        message: message.to_owned(),
        ..FieldError::new(field, code)
    };
    let empty = |text: &str| text.trim().is_empty();
    let mut errors = Vec::new();
    if page.code_asked {
        if empty(&form.code) {
            errors.push(FieldError::new("code", Code::CodeRequired));
        }
    } else {
        if page.institution.is_none() && empty(&form.institution) {
            errors.push(error("institution", Code::OptionUnknown, "Choose a bank."));
        }
        if empty(&form.login) {
            errors.push(error("login", Code::TextRequired, "Enter your user name."));
        }
        if form.password.is_empty() {
            errors.push(FieldError::new("password", Code::PasswordRequired));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(errors)) }
}

fn refused(field: &str, code: Code, sentence: &str) -> Result<(), AppError> {
    let message = sentence.to_owned();
    Err(AppError::Invalid(vec![FieldError { message, ..FieldError::new(field, code) }]))
}

/// The sign-in of the built-in bank.
#[component]
pub fn BankSignInPage() -> AnyView {
    let posted = use_form_for(routes::DEV_BANK).value("ticket").map(str::to_owned);
    let query = page_query();
    let ticket = posted.or_else(|| find(&query, "ticket").map(str::to_owned)).unwrap_or_default();
    load(async move {
        let bank = open_bank()?;
        Ok(match bank.page(&ticket) {
            Ok(page) => {
                let cancel = bank.cancel(&ticket).map_err(reject)?;
                view! { <SignIn ticket page cancel/> }.into_any()
            }
            Err(backend::Error::Expired(_)) => view! { <Lapsed/> }.into_any(),
            Err(_) => view! { <ErrorPage status=404/> }.into_any(),
        })
    })
}

#[component]
fn SignIn(ticket: String, page: BankPage, cancel: String) -> AnyView {
    let BankPage { institution, choices, repairing, code_asked } = page;
    let name = institution.map_or("A built-in bank", |known| known.name);
    let about = match institution {
        Some(known) => vec![known],
        None => choices.clone(),
    };
    view! {
        <AuthShell page="dev-bank" title="Sign in at the test bank">
            <div class="flex flex-col gap-5">
                <Steps step=Step::SignIn/>
                <p class="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
                    <Badge tone=Tone::Warning>"Test bank"</Badge>
                    "This is the bank that is built into Coffer. Its money is invented. Don't type a login of a real bank."
                </p>
                <p class="text-lg font-semibold" data-testid="dev-bank-name">{name}</p>
                {repairing.then(|| view! { <p class="text-ink-2">"Sign in with the same user name as before."</p> })}
                <PostForm action=routes::DEV_BANK>
                    <HiddenField name="ticket" value=ticket/>
                    {if code_asked {
                        view! { <CodeField/> }.into_any()
                    } else {
                        view! { <LoginFields institution choices/> }.into_any()
                    }}
                    <div class="flex flex-wrap gap-3">
                        <Button busy="Signing in…" attr:data-testid="dev-bank-submit">"Sign in"</Button>
                        <LinkButton href=cancel variant=Variant::Ghost>"Cancel"</LinkButton>
                    </div>
                </PostForm>
                <Logins about/>
            </div>
        </AuthShell>
    }
    .into_any()
}

#[component]
fn CodeField() -> AnyView {
    view! {
        <TextField
            name="code"
            label="One-time code"
            kind=InputKind::Digits
            hint="The bank has sent it to you. In this test bank it is always 1234."
            autocomplete="one-time-code"
            maxlength=10
        />
    }
    .into_any()
}

#[component]
fn LoginFields(
    institution: Option<&'static Institution>,
    choices: Vec<&'static Institution>,
) -> AnyView {
    let choose = institution.is_none().then(|| {
        let choices = choices.into_iter().map(|bank| Choice::new(bank.id, bank.name)).collect();
        view! { <SelectField name="institution" label="Bank" choices placeholder="Choose a bank"/> }
    });
    view! {
        {choose}
        <TextField name="login" label="User name" kind=InputKind::Text maxlength=80/>
        <PasswordField name="password" label="Password" autocomplete="off"/>
    }
    .into_any()
}

/// Which logins there are: nobody has to look for them in a manual.
#[component]
fn Logins(about: Vec<&'static Institution>) -> AnyView {
    let rows = about
        .into_iter()
        .map(|bank| view! { <li><strong class="font-medium">{bank.name}</strong> ": " {bank.about}</li> })
        .collect_view();
    view! {
        <div class="text-sm text-ink-2" data-testid="dev-bank-logins">
            <p>"Logins, as user name / password:"</p>
            <ul class="list-disc pl-5">{rows}</ul>
        </div>
    }
    .into_any()
}

/// The ticket is too old.
#[component]
fn Lapsed() -> AnyView {
    crate::server::set_status(410);
    view! {
        <AuthShell page="dev-bank-lapsed" title="This sign-in has lapsed">
            <div class="flex flex-col gap-5">
                <p class="text-ink-2">"It was open for more than 30 minutes. Nothing was linked."</p>
                <div><LinkButton href=routes::ADD_ACCOUNT>"Start again"</LinkButton></div>
            </div>
        </AuthShell>
    }
    .into_any()
}
