//! The rows of people's passkeys.

use domain::UserId;
use time::OffsetDateTime;

use crate::{
    Backend, OnConflict, Result, Timestamp, db::SystemTx, execute, fetch_all, fetch_optional,
};

/// A passkey, as Better Auth's `passkey` object has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Names it to [`super::rename`] and [`super::remove`].
    pub id: String,
    /// What its owner calls it.
    pub name: Option<String>,
    /// The COSE key, in base64.
    pub public_key: String,
    /// Whose it is.
    pub user_id: UserId,
    /// The credential's own id, in base64url.
    pub credential_id: String,
    /// Signatures so far, as the authenticator counts them; 0 for one that does not count.
    pub counter: i64,
    /// `singleDevice` or `multiDevice`: whether it can be copied.
    pub device_type: String,
    /// Whether it has been copied.
    pub backed_up: bool,
    /// How the authenticator is reached, separated by commas.
    pub transports: Option<String>,
    /// When it was added.
    pub created_at: Option<OffsetDateTime>,
    /// The make of the authenticator; zeros where it does not say.
    pub aaguid: Option<String>,
    /// When somebody last signed in with it.
    pub last_used_at: Option<OffsetDateTime>,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(super) struct Row {
    id: String,
    name: Option<String>,
    public_key: String,
    user_id: String,
    #[sqlx(rename = "credentialID")]
    credential_id: String,
    counter: i64,
    device_type: String,
    backed_up: bool,
    transports: Option<String>,
    created_at: Option<Timestamp>,
    aaguid: Option<String>,
    last_used_at: Option<Timestamp>,
}

impl From<Row> for Passkey {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            public_key: row.public_key,
            user_id: UserId::new(row.user_id),
            credential_id: row.credential_id,
            counter: row.counter,
            device_type: row.device_type,
            backed_up: row.backed_up,
            transports: row.transports,
            created_at: row.created_at.map(OffsetDateTime::from),
            aaguid: row.aaguid,
            last_used_at: row.last_used_at.map(OffsetDateTime::from),
        }
    }
}

/// A person's passkeys, the oldest first.
pub(super) async fn of(tx: &mut SystemTx, user: &UserId) -> Result<Vec<Passkey>> {
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "id", "name", "publicKey", "userId", "credentialID", "counter", "deviceType", "backedUp", "transports",
               "createdAt", "aaguid", "lastUsedAt"
        from "passkey"
        where "userId" = $1
        order by "createdAt", "id"
        "#,
        user,
    )?;
    Ok(rows.into_iter().map(Passkey::from).collect())
}

/// The passkey with this credential.
pub(super) async fn find(tx: &mut SystemTx, credential_id: &str) -> Result<Option<Passkey>> {
    let row: Option<Row> = fetch_optional!(
        tx,
        r#"
        select "id", "name", "publicKey", "userId", "credentialID", "counter", "deviceType", "backedUp", "transports",
               "createdAt", "aaguid", "lastUsedAt"
        from "passkey"
        where "credentialID" = $1
        "#,
        credential_id,
    )?;
    Ok(row.map(Passkey::from))
}

/// Adds a passkey. `AlreadyExists` when the credential is known, whosever it is.
pub(super) async fn insert(tx: &mut SystemTx, passkey: &Passkey) -> Result<()> {
    execute!(
        tx,
        r#"
        insert into "passkey" ("id", "name", "publicKey", "userId", "credentialID", "counter", "deviceType", "backedUp",
                               "transports", "createdAt", "aaguid")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        "#,
        &passkey.id,
        passkey.name.as_deref(),
        &passkey.public_key,
        &passkey.user_id,
        &passkey.credential_id,
        passkey.counter,
        &passkey.device_type,
        passkey.backed_up,
        passkey.transports.as_deref(),
        passkey.created_at.map(Timestamp::from),
        passkey.aaguid.as_deref(),
    )
    .on_conflict("passkey")?;
    Ok(())
}

/// Notes a use. False when the authenticator counts and its count has not grown: somebody may have copied it
/// (`WebAuthn` Level 3, section 6.1.1).
pub(super) async fn note_use(
    tx: &mut SystemTx,
    backend: &Backend,
    passkey: &Passkey,
    counter: u32,
    backed_up: bool,
) -> Result<bool> {
    let changed = execute!(
        tx,
        r#"
        update "passkey"
        set "counter" = $2, "backedUp" = $3, "lastUsedAt" = $4
        where "id" = $1 and ("counter" < $2 or ("counter" = 0 and $2 = 0))
        "#,
        &passkey.id,
        i64::from(counter),
        backed_up,
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(changed == 1)
}
