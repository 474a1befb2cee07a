//! The browser's half of a WebAuthn ceremony: the only part of the site that cannot work without script.

use std::{cell::RefCell, time::Duration};

use js_sys::JSON;
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
};
use serde::{Deserialize, Serialize};

use super::js::{call, get, global, new, object, settled};

/// The id of the field with the name of a new passkey, on the page of the button that adds one.
pub const PASSKEY_NAME: &str = "passkeyName";
/// The id of the box that asks for trust in this browser, on the page of the second step.
const TRUST_DEVICE: &str = "trustDevice";

/// Says to the route of a sign-in that a page of ours asks, which marks the way in that was used last.
pub const PAGE_HEADER: &str = "x-coffer-page";
/// A ceremony lives for five minutes on the server: an offer is renewed before.
const OFFER_LASTS: Duration = Duration::from_mins(4);
/// Then nobody is looking at the page any more.
const MOST_OFFERS: usize = 10;

thread_local! {
    /// What takes an offer in the address field back: a browser holds one ceremony at a time.
    static OFFER: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// What the ceremony is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PasskeyUse {
    /// Signs in, or answers a second factor that is owed.
    SignIn,
    /// Adds a passkey to the person's own.
    Add,
}

/// A button that asks the browser for a passkey, and goes to `next` when the server is content.
#[island]
pub fn PasskeyButton(
    /// What for.
    purpose: PasskeyUse,
    /// The label.
    label: String,
    /// Where to go afterwards: a local path.
    next: String,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let problem = RwSignal::new("");
    let next = StoredValue::new(next);
    let start = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set("");
        take_offer_back();
        spawn_local(async move {
            match run(purpose, None).await {
                Ok(()) => {
                    let _ = window().location().assign(&next.get_value());
                }
                Err(sentence) => {
                    busy.set(false);
                    problem.set(sentence);
                }
            }
        });
    };
    view! {
        <div class="needs-script flex flex-col items-start gap-2">
            <button
                type="button"
                class="btn border border-line-strong bg-surface text-ink hover:bg-sunken"
                data-wide=(purpose == PasskeyUse::SignIn).then_some("true")
                data-testid="passkey-button"
                on:click=start
                aria-disabled=move || busy.get().to_string()
            >
                {label}
            </button>
            <p
                class="text-sm font-medium text-negative"
                role="status"
                data-testid="passkey-problem"
                class:hidden=move || problem.get().is_empty()
            >
                {move || problem.get()}
            </p>
        </div>
    }
}

/// Lets the browser offer passkeys among the suggestions of the address field, whose `autocomplete` says `webauthn`
/// (`WebAuthn` Level 3, conditional mediation). Goes to `next` with the one that was chosen; browsers that cannot offer
/// any do nothing.
#[island]
pub fn PasskeyAutofill(
    /// Where to go afterwards: a local path.
    next: String,
) -> impl IntoView {
    let problem = RwSignal::new("");
    let next = StoredValue::new(next);
    Effect::new(move |_| {
        spawn_local(async move {
            match offer().await {
                Ok(true) => {
                    let _ = window().location().assign(&next.get_value());
                }
                Ok(false) => {}
                Err(sentence) => problem.set(sentence),
            }
        });
    });
    view! {
        <p
            class="text-sm font-medium text-negative"
            role="status"
            data-testid="passkey-offer-problem"
            class:hidden=move || problem.get().is_empty()
        >
            {move || problem.get()}
        </p>
    }
}

/// Whether somebody chose a passkey and is signed in. What nobody asked for fails without a word.
async fn offer() -> Result<bool, &'static str> {
    if !can_offer().await {
        return Ok(false);
    }
    for _ in 0..MOST_OFFERS {
        let Ok(controller) = new("AbortController", &[]) else { return Ok(false) };
        let Ok(signal) = get(&controller, "signal") else { return Ok(false) };
        OFFER.set(Some(controller.clone()));
        set_timeout(move || drop(call(&controller, "abort", &[])), OFFER_LASTS);
        match run(PasskeyUse::SignIn, Some(&signal)).await {
            Ok(()) => return Ok(true),
            Err(UNKNOWN) => return Err(UNKNOWN),
            Err(_) if !is_over(&signal) => return Ok(false),
            Err(_) => {}
        }
    }
    Ok(false)
}

async fn can_offer() -> bool {
    let Ok(kind) = get(&global(), "PublicKeyCredential") else { return false };
    let Ok(asked) = call(&kind, "isConditionalMediationAvailable", &[]) else { return false };
    settled(&asked).await.is_ok_and(|can| can.is_truthy())
}

/// Whether its time was over, so that the next offer takes its place. One that was taken back has none.
fn is_over(signal: &JsValue) -> bool {
    let aborted = get(signal, "aborted").is_ok_and(|aborted| aborted.is_truthy());
    aborted && OFFER.with_borrow(Option::is_some)
}

fn take_offer_back() {
    if let Some(controller) = OFFER.take() {
        let _ = call(&controller, "abort", &[]);
    }
}

const TOO_OLD: &str = "This browser can't use passkeys here. Choose another way.";
const NOT_DONE: &str = "Nothing was confirmed. Try again, or choose another way.";
const UNKNOWN: &str = "We don't know that passkey. Choose another way.";
const NOT_ADDED: &str = "That passkey couldn't be added. Try again, or use another one.";
const NOT_FRESH: &str = "Confirm that it's you first: reload the page.";
const TOO_MANY: &str = "Too many tries. Wait a minute, then try again.";
const NO_ANSWER: &str = "We couldn't reach the server. Try again.";

/// Asks the server for options, the browser for a credential, and the server for its verdict. With `signal` the browser
/// only offers what it has, until somebody chooses or the signal is given.
async fn run(purpose: PasskeyUse, signal: Option<&JsValue>) -> Result<(), &'static str> {
    let (begin, parse, act, end) = match purpose {
        PasskeyUse::SignIn => (
            "/api/auth/passkey/generate-authenticate-options",
            "parseRequestOptionsFromJSON",
            "get",
            "/api/auth/passkey/verify-authentication",
        ),
        PasskeyUse::Add => (
            "/api/auth/passkey/generate-register-options",
            "parseCreationOptionsFromJSON",
            "create",
            "/api/auth/passkey/verify-registration",
        ),
    };
    let kind = get(&global(), "PublicKeyCredential").map_err(|_| TOO_OLD)?;
    get(&kind, parse).map_err(|_| TOO_OLD)?;
    let (status, options) = fetch(begin, None).await.map_err(|_| NO_ANSWER)?;
    check(purpose, status)?;
    let options = call(&kind, parse, &[options]).map_err(|_| TOO_OLD)?;
    let credentials =
        get(&global(), "navigator").and_then(|navigator| get(&navigator, "credentials"));
    let mut request = vec![("publicKey", options)];
    if let Some(signal) = signal {
        request.extend([("mediation", "conditional".into()), ("signal", signal.clone())]);
    }
    let credentials = credentials.map_err(|_| TOO_OLD)?;
    let asked = call(&credentials, act, &[object(&request)]).map_err(|_| NOT_DONE)?;
    let credential = settled(&asked).await.map_err(|_| NOT_DONE)?;
    let response = call(&credential, "toJSON", &[]).map_err(|_| TOO_OLD)?;
    let mut body = vec![("response", response)];
    body.extend(from_the_page(purpose));
    let (status, _) = fetch(end, Some(object(&body))).await.map_err(|_| NO_ANSWER)?;
    check(purpose, status)
}

/// What the person chose beside the button.
fn from_the_page(purpose: PasskeyUse) -> Option<(&'static str, JsValue)> {
    match purpose {
        PasskeyUse::SignIn => {
            input(TRUST_DEVICE)?.checked().then_some(("trustDevice", JsValue::TRUE))
        }
        PasskeyUse::Add => Some(("name", input(PASSKEY_NAME)?.value().into())),
    }
}

fn input(id: &str) -> Option<web_sys::HtmlInputElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn check(purpose: PasskeyUse, status: f64) -> Result<(), &'static str> {
    match (status, purpose) {
        (200.0, _) => Ok(()),
        (400.0 | 401.0, PasskeyUse::SignIn) => Err(UNKNOWN),
        (401.0 | 403.0, PasskeyUse::Add) => Err(NOT_FRESH),
        (400.0, PasskeyUse::Add) => Err(NOT_ADDED),
        (429.0, _) => Err(TOO_MANY),
        _ => Err(NO_ANSWER),
    }
}

/// The status and the JSON of an answer.
async fn fetch(path: &str, body: Option<JsValue>) -> Result<(f64, JsValue), JsValue> {
    let mut options = vec![("credentials", "same-origin".into())];
    if let Some(body) = body {
        options.push(("method", "POST".into()));
        let headers = [("content-type", "application/json".into()), (PAGE_HEADER, "true".into())];
        options.push(("headers", object(&headers)));
        options.push(("body", JSON::stringify(&body)?.into()));
    }
    let answer = settled(&call(&global(), "fetch", &[path.into(), object(&options)])?).await?;
    let status = get(&answer, "status")?.as_f64().unwrap_or_default();
    Ok((status, settled(&call(&answer, "json", &[])?).await?))
}
