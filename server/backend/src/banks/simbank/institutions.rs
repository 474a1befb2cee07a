//! The banks there are, and the accounts behind each login.

use domain::AccountType;

use crate::banks::DepositKind;

/// One of the built-in banks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Institution {
    /// Its id.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its routing number; real in its form, nobody's in fact.
    pub routing: &'static str,
    /// What proves an account there: nothing more than a login, or deposits of this kind.
    pub deposits: Option<DepositKind>,
    /// What a developer finds there.
    pub about: &'static str,
}

/// Every built-in bank.
pub const INSTITUTIONS: &[Institution] = &[
    Institution {
        id: "sim_first_harbor",
        name: "First Harbor",
        routing: "011099013",
        deposits: None,
        about: "demo / demo links at once; mfa / demo asks for the code 1234; locked / demo is locked",
    },
    Institution {
        id: "sim_northwind",
        name: "Northwind Credit Union",
        routing: "311077023",
        deposits: Some(DepositKind::Amounts),
        about: "no login; two small deposits prove an account",
    },
    Institution {
        id: "sim_quiet",
        name: "Quiet Savings",
        routing: "211077039",
        deposits: Some(DepositKind::Code),
        about: "no login; one cent with a code proves an account",
    },
    Institution {
        id: "sim_flaky",
        name: "Flaky Trust",
        routing: "051099044",
        deposits: None,
        about: "demo / demo; every third sync finds it down",
    },
    Institution {
        id: "sim_expired",
        name: "Expired Federal",
        routing: "071099053",
        deposits: None,
        about: "demo / demo; wants a new sign-in after the first sync",
    },
    Institution {
        id: BIG,
        name: "Big Ledger",
        routing: "121099068",
        deposits: None,
        about: "demo / demo; one account with 100,000 rows",
    },
];

/// The bank whose one account has a hundred thousand rows.
pub(super) const BIG: &str = "sim_big";
/// The bank that is down for every third sync.
pub(super) const FLAKY: &str = "sim_flaky";
/// The bank that wants a new sign-in after the first sync.
pub(super) const EXPIRED: &str = "sim_expired";

/// The bank with this id.
pub fn institution(id: &str) -> Option<&'static Institution> {
    INSTITUTIONS.iter().find(|institution| institution.id == id)
}

/// The bank with this routing number.
pub fn institution_by_routing(routing: &str) -> Option<&'static Institution> {
    INSTITUTIONS.iter().find(|institution| institution.routing == routing)
}

/// What a password and a login lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Open,
    /// Asks for [`CODE`] first.
    AsksForCode,
    Locked,
    Shut,
}

/// What the login `mfa` is asked for.
pub(super) const CODE: &str = "1234";
const PASSWORD: &str = "demo";

/// Where a login at a bank leads.
pub(super) fn door(institution: &Institution, login: &str, password: &str) -> Door {
    let harbor = institution.id == "sim_first_harbor";
    match login {
        _ if institution.deposits.is_some() || password != PASSWORD => Door::Shut,
        "demo" => Door::Open,
        "mfa" if harbor => Door::AsksForCode,
        "locked" if harbor => Door::Locked,
        _ => Door::Shut,
    }
}

/// An account behind a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SimAccount {
    /// Names it within the login.
    pub key: &'static str,
    pub name: &'static str,
    pub account_type: AccountType,
    pub currency: &'static str,
    /// What it held before its first row, in minor units.
    pub base_minor: i64,
}

const CHECKING: SimAccount = SimAccount {
    key: "checking",
    name: "Everyday Checking",
    account_type: AccountType::Checking,
    currency: "USD",
    base_minor: 412_055,
};
const SAVINGS: SimAccount = SimAccount {
    key: "savings",
    name: "Rainy Day Savings",
    account_type: AccountType::Savings,
    currency: "USD",
    base_minor: 1_050_000,
};
const EURO: SimAccount = SimAccount {
    key: "euro",
    name: "Travel Euro",
    account_type: AccountType::Other,
    currency: "EUR",
    base_minor: 62_000,
};
const CARD: SimAccount = SimAccount {
    key: "card",
    name: "Harbor Card",
    account_type: AccountType::Credit,
    currency: "USD",
    base_minor: -18_240,
};
const BULK: SimAccount = SimAccount {
    key: "bulk",
    name: "Business Checking",
    account_type: AccountType::Checking,
    currency: "USD",
    base_minor: 25_000_000,
};

/// The accounts behind a login.
pub(super) fn accounts(institution: &str, login: &str) -> &'static [SimAccount] {
    match (institution, login) {
        (BIG, _) => &[BULK],
        (FLAKY, _) => &[CHECKING, CARD],
        (EXPIRED, _) => &[CHECKING],
        (_, "mfa") => &[CHECKING, SAVINGS, CARD],
        _ => &[CHECKING, SAVINGS, EURO],
    }
}

#[cfg(test)]
mod tests {
    use domain::RoutingNumber;

    use super::*;

    #[test]
    fn every_bank_has_a_routing_number_that_people_can_type_and_no_real_bank_has() {
        for institution in INSTITUTIONS {
            let routing = RoutingNumber::parse(institution.routing).unwrap();
            assert_eq!(routing.bank_name(), None, "{}", institution.name);
            assert_eq!(institution_by_routing(institution.routing), Some(institution));
        }
    }

    #[test]
    fn the_doors_are_those_of_the_table() {
        let at = |id, login, password| door(institution(id).unwrap(), login, password);

        assert_eq!(at("sim_first_harbor", "demo", "demo"), Door::Open);
        assert_eq!(at("sim_first_harbor", "demo", "wrong"), Door::Shut);
        assert_eq!(at("sim_first_harbor", "mfa", "demo"), Door::AsksForCode);
        assert_eq!(at("sim_first_harbor", "locked", "demo"), Door::Locked);
        assert_eq!(at("sim_flaky", "mfa", "demo"), Door::Shut);
        assert_eq!(at("sim_northwind", "demo", "demo"), Door::Shut);
        for id in ["sim_flaky", "sim_expired", "sim_big"] {
            assert_eq!(at(id, "demo", "demo"), Door::Open, "{id}");
        }
    }
}
