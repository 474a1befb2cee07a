//! Browsers that are not asked for the second step.

use backend::auth::two_factor::{self, TrustedDeviceView};
use domain::user_agent;
use leptos::prelude::*;
use leptos_axum::redirect;
use time::OffsetDateTime;

use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{reject, signed_in},
    ui::{Ago, Button, Day, PostForm, Variant},
};

/// Where the form that ends the trust in a browser posts to.
const FORGET: &str = "/settings/security/devices/forget";

/// `POST /settings/security/devices/forget`: a browser is asked again.
#[server(prefix = "", endpoint = "settings/security/devices/forget")]
pub async fn forget_device(#[server(default)] id: String) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    two_factor::forget_device(&backend, &caller, &id).await.map_err(reject)?;
    flash::set(&Flash::done("That device is asked for a code again."));
    redirect(routes::SECURITY);
    Ok(())
}

/// The list of trusted browsers.
#[component]
pub fn TrustedDevices(
    /// The one used last first.
    devices: Vec<TrustedDeviceView>,
    /// The current time.
    now: OffsetDateTime,
) -> AnyView {
    let none = devices.is_empty();
    let rows = devices.into_iter().map(|device| view! { <Row device now/> }).collect::<Vec<_>>();
    view! {
        <div class="flex flex-col gap-2 border-t border-line pt-4">
            <h3 class="font-medium">"Trusted devices"</h3>
            {if none {
                view! { <p class="text-sm text-ink-2">"Every device is asked for a code."</p> }.into_any()
            } else {
                view! {
                    <PostForm action=FORGET page=routes::SECURITY>
                        <ul class="flex flex-col divide-y divide-line">{rows}</ul>
                    </PostForm>
                }
                .into_any()
            }}
        </div>
    }
    .into_any()
}

#[component]
fn Row(device: TrustedDeviceView, now: OffsetDateTime) -> AnyView {
    let TrustedDeviceView { id, user_agent, last_used_at, expires_at, .. } = device;
    let name = user_agent::in_words(&user_agent);
    let (key, label) = (id.clone(), format!("Stop trusting {name}"));
    view! {
        <li class="flex flex-wrap items-center justify-between gap-3 py-3 first:pt-0 last:pb-0" data-testid="trusted-device" data-id=id>
            <div class="min-w-0">
                <p class="font-medium">{name}</p>
                <p class="text-sm text-ink-2">
                    "Used " <Ago at=last_used_at now/> ", not asked until " <Day date=expires_at.date()/>
                </p>
            </div>
            <Button variant=Variant::Secondary attr:name="id" attr:value=key attr:aria-label=label>"Remove"</Button>
        </li>
    }
    .into_any()
}
