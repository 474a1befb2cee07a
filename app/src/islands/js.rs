//! Reading and calling what the browser may or may not have. Nothing in here throws.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The global object.
pub(super) fn global() -> JsValue {
    js_sys::global().into()
}

/// A property that is there.
pub(super) fn get(target: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    let value = Reflect::get(target, &name.into())?;
    if value.is_undefined() { Err(value) } else { Ok(value) }
}

/// What a method answers.
pub(super) fn call(
    target: &JsValue,
    method: &str,
    arguments: &[JsValue],
) -> Result<JsValue, JsValue> {
    let function: Function = get(target, method)?.dyn_into()?;
    function.apply(target, &arguments.iter().collect::<Array>())
}

/// A new object of a class that the browser has.
pub(super) fn new(class: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let class: Function = get(&global(), class)?.dyn_into()?;
    Reflect::construct(&class, &arguments.iter().collect::<Array>())
}

/// What a promise comes to; anything else comes to itself.
pub(super) async fn settled(promise: &JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(promise)).await
}

/// An object with these properties.
pub(super) fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in entries {
        // Fails for frozen objects alone.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

/// Sends a form of pairs that are encoded already; answers the status and the JSON.
pub(super) async fn post_form(path: &str, body: &str) -> Result<(u16, JsValue), JsValue> {
    let headers = object(&[
        ("content-type", "application/x-www-form-urlencoded".into()),
        ("accept", "application/json".into()),
    ]);
    let options = object(&[
        ("method", "POST".into()),
        ("credentials", "same-origin".into()),
        ("headers", headers),
        ("body", body.into()),
    ]);
    let answer = settled(&call(&global(), "fetch", &[path.into(), options])?).await?;
    let answer: web_sys::Response = answer.dyn_into()?;
    Ok((answer.status(), settled(&answer.json()?.into()).await?))
}
