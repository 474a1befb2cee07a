//! The bank's own page, where its customer signs in and is sent back. The page of a link is named by a sealed ticket:
//! what it says cannot be changed on the way, so that nobody is sent anywhere else.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use time::Duration;
use url::Url;

use super::{
    PAGE, Simbank,
    institutions::{self, CODE, Door, INSTITUTIONS, Institution},
    logins::Arrival,
    seed_of,
};
use crate::{Error, Result, banks::BeginLink};

/// What a ticket is bound to.
const PLACE: &str = "simbank:ticket";
const LIFE: Duration = Duration::minutes(30);
/// The word for a link, in errors.
const LINK: &str = "link";

#[derive(Serialize, Deserialize)]
struct Ticket {
    seed: String,
    institution: Option<String>,
    item: Option<String>,
    state: String,
    return_url: Url,
    /// The name of a customer whose password was right, and who owes the code.
    #[serde(default)]
    passed: Option<String>,
    /// Seconds since 1970, in UTC.
    until: i64,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankPage {
    /// The bank, where it is chosen already.
    pub institution: Option<&'static Institution>,
    /// The banks to choose from, where it is not.
    pub choices: Vec<&'static Institution>,
    /// Whether a connection that exists is repaired.
    pub repairing: bool,
    /// Whether name and password were right, and the code alone is asked for.
    pub code_asked: bool,
}

/// What its form sends.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BankSignIn {
    /// The bank, where the customer chose it here.
    pub institution: String,
    /// The name.
    pub login: String,
    /// The password.
    pub password: String,
    /// The code, where it was asked for.
    pub code: String,
}

/// What the bank says to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BankAnswer {
    /// Send the browser there.
    Return {
        /// The address that [`BeginLink::return_url`] named, with `state` and `public_token`.
        url: String,
    },
    /// A code is asked for, on the page of this ticket: the password is not asked for again.
    CodeNeeded {
        /// Instead of the first one.
        ticket: String,
    },
    /// The code is wrong.
    CodeWrong,
    /// The name or the password is wrong.
    Wrong,
    /// The login is locked at the bank.
    Locked,
}

impl Simbank {
    /// The address of the page for one link.
    pub(super) fn page_url(
        &self,
        ask: &BeginLink<'_>,
        institution: Option<&Institution>,
        item: Option<String>,
    ) -> Result<String> {
        let ticket = Ticket {
            seed: seed_of(ask.user),
            institution: institution.map(|known| known.id.to_owned()),
            item,
            state: ask.state.to_owned(),
            return_url: ask.return_url.clone(),
            passed: None,
            until: (self.clock.now() + LIFE).unix_timestamp(),
        };
        let mut url = self.app_url.join(PAGE).map_err(|_| Error::Corrupt(LINK))?;
        url.query_pairs_mut().append_pair("ticket", &self.seal_ticket(&ticket)?);
        Ok(url.into())
    }

    fn seal_ticket(&self, ticket: &Ticket) -> Result<String> {
        let json = serde_json::to_string(ticket).map_err(|_| Error::Corrupt(LINK))?;
        Ok(self.vault.seal_waiting(PLACE, &json))
    }

    fn open_ticket(&self, ticket: &str) -> Result<Ticket> {
        let json = self.vault.open_waiting(PLACE, ticket).map_err(|_| Error::NotFound(LINK))?;
        let ticket: Ticket = serde_json::from_str(&json).map_err(|_| Error::NotFound(LINK))?;
        if ticket.until <= self.clock.now().unix_timestamp() {
            return Err(Error::Expired(LINK));
        }
        Ok(ticket)
    }

    /// What the page of a ticket shows.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a ticket that is none of ours, [`Error::Expired`] for an old one.
    pub fn page(&self, ticket: &str) -> Result<BankPage> {
        let ticket = self.open_ticket(ticket)?;
        let instant = INSTITUTIONS.iter().filter(|known| known.deposits.is_none());
        Ok(BankPage {
            institution: ticket.institution.as_deref().and_then(institutions::institution),
            choices: instant.collect(),
            repairing: ticket.item.is_some(),
            code_asked: ticket.passed.is_some(),
        })
    }

    /// Where a customer who changed their mind is sent.
    ///
    /// # Errors
    /// As [`Simbank::page`].
    pub fn cancel(&self, ticket: &str) -> Result<String> {
        let ticket = self.open_ticket(ticket)?;
        Ok(back(&ticket, &[("error", "cancelled")]))
    }

    /// Signs a customer in at the bank.
    ///
    /// # Errors
    /// As [`Simbank::page`].
    #[tracing::instrument(name = "simbank.sign_in", skip_all)]
    pub async fn sign_in(&self, ticket: &str, form: &BankSignIn) -> Result<BankAnswer> {
        let ticket = self.open_ticket(ticket)?;
        let chosen = ticket.institution.as_deref().unwrap_or(&form.institution);
        let Some(institution) = institutions::institution(chosen) else {
            return Ok(BankAnswer::Wrong);
        };
        let code = form.code.trim();
        let login = ticket.passed.as_deref().unwrap_or_else(|| form.login.trim());
        let door = match &ticket.passed {
            Some(_) => Door::AsksForCode,
            None => institutions::door(institution, login, &form.password),
        };
        match door {
            Door::Shut => return Ok(BankAnswer::Wrong),
            Door::Locked => return Ok(BankAnswer::Locked),
            Door::AsksForCode if code.is_empty() && ticket.passed.is_none() => {
                let passed = Some(login.to_owned());
                let institution = Some(institution.id.to_owned());
                let ticket = self.seal_ticket(&Ticket { institution, passed, ..ticket })?;
                return Ok(BankAnswer::CodeNeeded { ticket });
            }
            Door::AsksForCode if code != CODE => return Ok(BankAnswer::CodeWrong),
            Door::AsksForCode | Door::Open => {}
        }
        let public: Option<SecretString> = if let Some(item) = &ticket.item {
            self.reopen_login(item, login).await?
        } else {
            let arrival = Arrival { institution: institution.id, login, seed: &ticket.seed };
            Some(self.open_login(&arrival).await?)
        };
        let Some(public) = public else { return Ok(BankAnswer::Wrong) };
        let url = back(&ticket, &[("public_token", public.expose_secret())]);
        Ok(BankAnswer::Return { url })
    }
}

fn back(ticket: &Ticket, pairs: &[(&str, &str)]) -> String {
    let mut url = ticket.return_url.clone();
    url.query_pairs_mut().append_pair("state", &ticket.state).extend_pairs(pairs);
    url.into()
}
