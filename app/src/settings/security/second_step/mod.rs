//! The second step of signing in: turned on, looked after and turned off.

mod api;
mod card;
mod devices;
mod page;
pub mod waiting;

pub use api::{
    BeginSecondStep, ChangeSecondStep, KeepRecoveryCodes, MailSecondStepCode, TurnOnSecondStep,
    begin_second_step, change_second_step, keep_recovery_codes, mail_second_step_code,
    turn_on_second_step,
};
pub use card::SecondStepCard;
pub use devices::{ForgetDevice, TrustedDevices, forget_device};
pub use page::SecondStepPage;
