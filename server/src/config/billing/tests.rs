use super::*;
use crate::config::{
    Config, Problems,
    tests::{production, read_in},
};

const TOKEN: (&str, &str) = ("POLAR_ACCESS_TOKEN", "polar_oat_hunter2hunter2");
const SECRET: (&str, &str) = ("POLAR_WEBHOOK_SECRET", "whsec_aHVudGVyMmh1bnRlcjJodW50ZXIy");
const PRODUCTS: (&str, &str) =
    ("POLAR_PRODUCTS", r#"{"plus": "f48a2952-9ca3-4940-a2ea-d7978b0c2ca8"}"#);

fn server(config: Result<Config, Problems>) -> Option<Server> {
    config.unwrap_or_else(|problems| panic!("{problems}")).billing.map(|billing| billing.server)
}

#[test]
fn nothing_set_is_the_stand_in_and_in_production_nothing() {
    let folder = tempfile::tempdir().unwrap();

    assert_eq!(server(read_in(folder.path(), &[])), Some(Server::StandIn));
    assert_eq!(server(production(&[])), None);
}

#[test]
fn a_token_alone_means_the_sandbox_or_production() {
    let folder = tempfile::tempdir().unwrap();
    let set = [TOKEN, SECRET, PRODUCTS];

    assert_eq!(server(read_in(folder.path(), &set)), Some(Server::Sandbox));
    assert_eq!(server(production(&set)), Some(Server::Production));
}

#[test]
fn the_stand_in_is_in_production_for_whoever_asks_by_name() {
    assert_eq!(server(production(&[("POLAR_SERVER", "stand-in")])), Some(Server::StandIn));
}

#[test]
fn what_polar_needs_is_asked_for_by_name() {
    for (given, missing) in [
        ([TOKEN, SECRET], "POLAR_PRODUCTS"),
        ([TOKEN, PRODUCTS], "POLAR_WEBHOOK_SECRET"),
        ([SECRET, PRODUCTS], "POLAR_WEBHOOK_SECRET"),
    ] {
        let problems = production(&given).unwrap_err();
        assert!(problems.names(missing), "{problems}");
        assert!(!problems.to_string().contains("hunter2"), "{problems}");
    }
}

#[test]
fn production_sells_for_real() {
    for server in ["sandbox", "http://127.0.0.1:4242", "https://polar.example", "elsewhere"] {
        let problems =
            production(&[TOKEN, SECRET, PRODUCTS, ("POLAR_SERVER", server)]).unwrap_err();
        assert!(problems.names("POLAR_SERVER"), "{server}: {problems}");
    }
}

#[test]
fn values_of_another_form_are_named() {
    for (name, value) in [
        ("POLAR_WEBHOOK_SECRET", "short"),
        ("POLAR_WEBHOOK_SECRET", "whsec_aHVudGVyMmh1bnRlcjJodW50ZXIy,"),
        ("POLAR_PRODUCTS", "plus"),
        ("POLAR_PRODUCTS", r#"{"plus": 1}"#),
        ("POLAR_PRODUCTS", "plus=not-an-id"),
        ("POLAR_PAST_DUE_GRACE_DAYS", "22"),
        ("POLAR_SERVER", "ftp://localhost"),
    ] {
        let mut set = vec![TOKEN, SECRET, PRODUCTS];
        set.retain(|(known, _)| *known != name);
        set.push((name, value));
        let problems = production(&set).unwrap_err();
        assert!(problems.names(name), "{name}={value}: {problems}");
    }
}

#[test]
fn products_and_secrets_may_be_several() {
    let secrets = format!("{},  whsec_b2xkb2xkb2xkb2xkb2xkb2xkb2xk", SECRET.1);
    let products =
        "plus = f48a2952-9ca3-4940-a2ea-d7978b0c2ca8, starter=150fbdaf-7193-472f-b8f7-7cdcebb84548";
    let set = [TOKEN, ("POLAR_WEBHOOK_SECRET", &*secrets), ("POLAR_PRODUCTS", products)];

    let billing = production(&set).unwrap().billing.unwrap();

    assert_eq!(billing.webhook_secrets.len(), 2);
    assert_eq!(billing.webhook_secrets[0].expose_secret(), SECRET.1);
    assert_eq!(billing.products["plus"], "f48a2952-9ca3-4940-a2ea-d7978b0c2ca8");
    assert_eq!(billing.products.len(), 2);
}
