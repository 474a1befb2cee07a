//! What only Polar's staff, its clock or a person on its pages can do.

use axum::extract::State;
use uuid::Uuid;

use crate::{
    api::{ApiResult, Body, Fields, ok},
    engine::{Engine, NewRefund, Paid, Payer, TestCard},
    faults::{Charge, Fault, Only, Switch},
    json::{Json, object},
    model::Address,
    refusal::Refusal,
    shared::Handle,
};

/// An action on an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Renew,
    EndTrial,
    ToPeriodEnd,
    FailNext,
    FailAll,
    ChargeAgain,
    Cancel,
    Uncancel,
    Revoke,
    Resume,
    Refund,
    Expire,
}

impl Action {
    /// The word for it.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "renew" => Self::Renew,
            "end-trial" => Self::EndTrial,
            "to-period-end" => Self::ToPeriodEnd,
            "fail-next" => Self::FailNext,
            "fail-all" => Self::FailAll,
            "charge-again" => Self::ChargeAgain,
            "cancel" => Self::Cancel,
            "uncancel" => Self::Uncancel,
            "revoke" => Self::Revoke,
            "resume" => Self::Resume,
            "refund" => Self::Refund,
            "expire" => Self::Expire,
            _ => return None,
        })
    }
}

/// Does it. `amount` is that of a refund before tax; without it, all that is left.
pub fn perform(
    engine: &mut Engine,
    action: Action,
    id: Uuid,
    amount: Option<i64>,
) -> Result<(), Refusal> {
    match action {
        Action::Renew => engine.renew_now(id)?,
        Action::EndTrial => drop(engine.set_trial_end(id, None)?),
        Action::ToPeriodEnd => {
            let end = engine.subscription(id)?.period_end;
            engine.jump_to(end);
        }
        Action::FailNext => decline(engine, id, Some(1)),
        Action::FailAll => decline(engine, id, None),
        Action::ChargeAgain => {
            charge_well(engine, id);
            engine.retry_now(id);
        }
        Action::Cancel => drop(engine.cancel(id, None, None)?),
        Action::Uncancel => drop(engine.uncancel(id)?),
        Action::Revoke => drop(engine.revoke(id)?),
        Action::Resume => drop(engine.resume(id)?),
        Action::Refund => {
            let amount = amount.unwrap_or(engine.order(id)?.refundable());
            engine.refund(NewRefund {
                order: id,
                reason: "customer_request".to_owned(),
                amount,
                revoke_benefits: false,
                metadata: Json::empty(),
            })?;
        }
        Action::Expire => engine.expire_now(id)?,
    }
    Ok(())
}

/// The next charges for an object are declined.
fn decline(engine: &mut Engine, id: Uuid, times: Option<u32>) {
    charge_well(engine, id);
    let only = Only { kind: None, object_id: Some(id.to_string()) };
    let switch = Switch::Charge(Charge::Decline);
    engine.world.faults.push(Fault { switch, only, times });
    engine.dirty = true;
}

/// The next charges for an object are as its card is.
fn charge_well(engine: &mut Engine, id: Uuid) {
    let id = id.to_string();
    engine.world.faults.retain(|fault| {
        !(matches!(fault.switch, Switch::Charge(_)) && fault.only.object_id.as_ref() == Some(&id))
    });
}

/// `{"action": "renew", "id": "…", "amount": 500}`.
pub async fn act(State(shared): State<Handle>, Body(body): Body) -> ApiResult {
    let fields = Fields::of(&body);
    let word = fields.need("action", fields.text("action")?)?;
    let id = fields.need("id", fields.uuid("id")?)?;
    let amount = fields.int("amount")?;
    let Some(action) = Action::parse(&word) else {
        return Err(Refusal::value("action", "There is no such action.", word));
    };
    shared.with(|engine| perform(engine, action, id, amount))?;
    ok(Json::empty())
}

/// Pays a checkout as a person does on its page: `{"checkout": id, "card": "4242…", "email", "name", "country"}`.
/// A card that asks is answered by `"approve"`.
pub async fn pay(State(shared): State<Handle>, Body(body): Body) -> ApiResult {
    let fields = Fields::of(&body);
    let id = fields.need("checkout", fields.uuid("checkout")?)?;
    let number = fields.text("card")?.unwrap_or_else(|| "4242424242424242".to_owned());
    let Some(card) = TestCard::read(&number) else {
        return Err(Refusal::value("card", "This is no card number.", Json::Null));
    };
    let payer = Payer {
        email: fields.email("email")?.unwrap_or_else(|| "buyer@example.com".to_owned()),
        name: fields.text("name")?,
        address: Address {
            country: fields.text("country")?.unwrap_or_else(|| "DE".to_owned()),
            ..Address::default()
        },
    };
    let approve = fields.bool("approve")?;
    shared.with(|engine| {
        let checkout = crate::engine::find(&engine.world.checkouts, id)?;
        let payer = Payer { name: payer.name.or(checkout.customer_name), ..payer };
        let mut paid = engine.pay(id, &payer, card);
        if let (Paid::Asks, Some(approved)) = (paid, approve) {
            paid = engine.approve(id, approved);
        }
        let word = match paid {
            Paid::Yes => "yes",
            Paid::Asks => "asks",
            Paid::No => "no",
        };
        let checkout = crate::engine::find(&engine.world.checkouts, id)?;
        ok(object! { "paid": word, "status": checkout.status })
    })
}
