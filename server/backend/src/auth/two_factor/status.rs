//! What a person may see of their own second factor.

use super::{backup_codes, rows, trust};
use crate::{Backend, Result, SignedIn, auth::member::Member};

/// The second factor as the settings show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorStatus {
    /// Whether a password alone does not let the person in.
    pub enabled: bool,
    /// Whether an authenticator app is in use; otherwise codes come by mail.
    pub totp: bool,
    /// Backup codes that are left.
    pub backup_codes_left: usize,
    /// Browsers that are not asked.
    pub trusted_devices: Vec<trust::TrustedDeviceView>,
    /// Whether this session proved the factor recently enough to change it without a code.
    pub recently_proved: bool,
}

/// The caller's second factor.
pub async fn status(backend: &Backend, caller: &SignedIn) -> Result<FactorStatus> {
    let member = Member::load(backend, caller).await?;
    let mut tx = backend.db.system().read().await?;
    let row = rows::find(&mut tx, caller.user()).await?;
    drop(tx);
    let enabled = member.user.two_factor_enabled;
    let row = row.filter(|_| enabled);
    let left =
        row.as_ref().map(|row| backup_codes::left(backend, &row.backup_codes)).transpose()?;
    Ok(FactorStatus {
        enabled,
        totp: row.is_some_and(|row| row.verified),
        backup_codes_left: left.unwrap_or(0),
        trusted_devices: trust::trusted_devices(backend, caller).await?,
        recently_proved: member.proved_factor(backend),
    })
}
