//! Copies a text that has to be kept, and prints its page.

use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsValue};

use super::js::{call, get, global, settled};

/// Buttons beside a text that the page shows. Without script it can be selected and printed as any page can.
#[island]
pub fn KeepText(
    /// What is copied.
    text: String,
    /// What the button says: "Copy the codes".
    label: String,
    /// Whether the page can be printed as well.
    print: bool,
) -> impl IntoView {
    let text = StoredValue::new(text);
    let done = RwSignal::new("");
    let copy = move |_| {
        done.set("");
        spawn_local(async move {
            let copied = write(&text.get_value()).await.is_ok();
            done.set(if copied {
                "Copied."
            } else {
                "Your browser didn't allow that. Select the text and copy it."
            });
        });
    };
    view! {
        <div class="needs-script flex flex-wrap items-center gap-3 print:hidden">
            <button
                type="button"
                class="btn border border-line-strong bg-surface text-ink hover:bg-sunken"
                on:click=copy
            >
                {label}
            </button>
            {print.then(|| view! {
                <button
                    type="button"
                    class="btn border border-line-strong bg-surface text-ink hover:bg-sunken"
                    on:click=move |_| { let _ = window().print(); }
                >
                    "Print"
                </button>
            })}
            <p class="text-sm text-ink-2" role="status">{move || done.get()}</p>
        </div>
    }
}

/// The clipboard is missing outside secure pages.
async fn write(text: &str) -> Result<JsValue, JsValue> {
    let clipboard = get(&get(&global(), "navigator")?, "clipboard")?;
    settled(&call(&clipboard, "writeText", &[text.into()])?).await
}
