//! The two numbers of a bank account: fields, live checks, and where to find them.

use leptos::prelude::*;

use crate::{
    islands::{Repeat, Rule},
    ui::{InputKind, TextField},
};

/// Routing number, account number, and the account number once more.
#[component]
pub fn NumberFields(
    /// Whether they may not be left empty.
    #[prop(optional)]
    required: bool,
) -> AnyView {
    let hint = if required {
        "9 digits."
    } else {
        "9 digits. Leave the numbers empty for cash, cards and loans."
    };
    view! {
        <fieldset class="flex flex-col gap-5">
            <legend class="sr-only">"Account numbers"</legend>
            <TextField
                name="routingNumber"
                label="Routing number"
                kind=InputKind::Digits
                hint=hint
                maxlength=20
                live=Rule::RoutingNumber
            />
            <div class="grid items-start gap-5 sm:grid-cols-2">
                <TextField
                    name="accountNumber"
                    label="Account number"
                    kind=InputKind::Digits
                    maxlength=40
                    live=Rule::AccountNumber
                />
                <div class="flex flex-col gap-1.5">
                    <TextField
                        name="accountNumberAgain"
                        label="Account number again"
                        kind=InputKind::Digits
                        maxlength=40
                    />
                    <Repeat first="accountNumber".to_owned() second="accountNumberAgain".to_owned()/>
                </div>
            </div>
        </fieldset>
    }
    .into_any()
}

/// A cheque with both numbers marked; the caption says the same in words.
#[component]
pub fn Cheque() -> AnyView {
    view! {
        <figure class="flex flex-col gap-2">
            <svg class="cheque" viewBox="0 0 288 128" aria-hidden="true" focusable="false">
                <rect class="cheque-paper" x="0.5" y="0.5" width="287" height="127" rx="6"></rect>
                <path class="cheque-line" d="M16 24h72M16 34h48M208 24h64M16 60h184M216 52h56v16h-56zM16 84h96M176 84h96"></path>
                <rect class="cheque-mark" x="12" y="98" width="112" height="20" rx="3"></rect>
                <rect class="cheque-mark" x="132" y="98" width="112" height="20" rx="3"></rect>
                <text x="68" y="112" text-anchor="middle">"021000021"</text>
                <text x="188" y="112" text-anchor="middle">"000123456789"</text>
            </svg>
            <figcaption>
                "At the bottom of a cheque, the routing number comes first, from the left: 9 digits. The account
                number follows."
            </figcaption>
        </figure>
    }
    .into_any()
}
