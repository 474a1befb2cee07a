use domain::{
    RuleId,
    rules::{ActionForm, ConditionForm, RuleForm},
};

use super::*;
use crate::{
    Error, SignedIn,
    accounts::testing::account_of,
    both_engines,
    testing::World,
    transactions::{
        self,
        testing::{Given, give},
    },
};

fn form(field: &str, value: &str, actions: &[(&str, &str)]) -> RuleForm {
    let line = |field: &str, value: &str| ConditionForm {
        field: field.to_owned(),
        value: value.to_owned(),
        ..ConditionForm::default()
    };
    let action = |(kind, value): &(&str, &str)| ActionForm {
        kind: (*kind).to_owned(),
        value: (*value).to_owned(),
    };
    RuleForm {
        conditions: vec![line(field, value)],
        actions: actions.iter().map(action).collect(),
        ..RuleForm::default()
    }
}

async fn rule(w: &World, name: &str, form: &RuleForm) -> RuleId {
    create(&w.backend, &w.alice, name, form).await.unwrap()
}

async fn names(w: &World, who: &SignedIn) -> Vec<String> {
    list(&w.backend, who).await.unwrap().into_iter().map(|rule| rule.name).collect()
}

both_engines! {
    async fn rules_sort_rows_that_come_and_the_first_wins(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        rule(&w, "Bar", &form("description", "blue", &[("category", "food.coffee"), ("tag", "out")])).await;
        rule(&w, "Late", &form("description", "blue", &[("category", "family.gifts"), ("note", "seen")])).await;

        let given = Given { description: "BLUE BOTTLE", category: "uncategorized", ..Given::default() };
        let id = give(&w.backend, &w.alice, &account, given).await;

        let row = transactions::get(&w.backend, &w.alice, &id).await.unwrap();
        assert_eq!((row.category.as_str(), row.category_by.as_str()), ("food.coffee", "rule"));
        assert_eq!((row.tags, row.note.as_deref()), (vec!["out".to_owned()], Some("seen")));
    }

    async fn a_rule_that_is_off_or_does_not_fit_does_nothing(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let sorted = form("description", "blue", &[("category", "family.gifts")]);
        let id = rule(&w, "Bar", &sorted).await;
        update(&w.backend, &w.alice, &id, "Bar", &sorted, false).await.unwrap();
        rule(&w, "Other", &form("amount", "99", &[("exclude", "")])).await;

        let given = Given { description: "BLUE BOTTLE", ..Given::default() };
        let id = give(&w.backend, &w.alice, &account, given).await;

        let row = transactions::get(&w.backend, &w.alice, &id).await.unwrap();
        assert_eq!((row.category.as_str(), row.excluded), ("food.coffee", false));
    }

    async fn a_preview_counts_what_fits_and_what_would_be_different(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let coffee = Given { description: "BLUE BOTTLE", ..Given::default() };
        for _ in 0..12 {
            give(&w.backend, &w.alice, &account, coffee).await;
        }
        give(&w.backend, &w.alice, &account, Given { category: "family.gifts", ..coffee }).await;
        let mine = give(&w.backend, &w.alice, &account, coffee).await;
        let edit = domain::entry::EditForm { category: Some("travel".to_owned()), ..Default::default() };
        transactions::edit(&w.backend, &w.alice, &mine, &edit).await.unwrap();

        let found = preview(&w.backend, &w.alice, "x", &form("description", "blue", &[("category", "family.gifts")])).await.unwrap();

        assert_eq!((found.fitting, found.changing, found.samples.len()), (14, 12, 10));
        assert_eq!(found.samples[0].becomes, "Category: Gifts");
        let hers = preview(&w.backend, &w.mallory, "x", &form("description", "blue", &[("category", "family.gifts")])).await.unwrap();
        assert_eq!(hers.fitting, 0);
    }

    async fn everything_wrong_is_named_at_once(db: TestDb) {
        let w = World::new(db).await;
        let theirs = account_of(&w.backend, &w.mallory).await;
        let wrong = RuleForm {
            conditions: vec![
                ConditionForm { field: "account".to_owned(), value: theirs.to_string(), ..ConditionForm::default() },
            ],
            actions: vec![ActionForm { kind: "category".to_owned(), value: "food.not-mine".to_owned() }],
            ..RuleForm::default()
        };

        let named = create(&w.backend, &w.alice, "", &wrong).await;
        let nothing = create(&w.backend, &w.alice, "x", &RuleForm::default()).await;
        let pattern = RuleForm {
            conditions: vec![ConditionForm {
                field: "description".to_owned(), operator: "regex".to_owned(), value: "(".to_owned(), ..ConditionForm::default()
            }],
            ..form("description", "x", &[("exclude", "")])
        };
        let unclosed = create(&w.backend, &w.alice, "x", &pattern).await;

        let fields = |result: crate::Result<RuleId>| {
            let Err(Error::Invalid(errors)) = result else { panic!("{result:?}") };
            errors.into_iter().map(|error| (error.field, error.code)).collect::<Vec<_>>()
        };
        let pair = |field: &str, code: &str| (field.to_owned(), code.to_owned());
        assert_eq!(fields(named), [
            pair("name", "text_required"),
            pair("conditions[0].value", "account_required"),
            pair("actions[0].value", "category_unknown"),
        ]);
        assert_eq!(fields(nothing), [pair("conditions", "rule_empty"), pair("actions", "rule_actions")]);
        assert_eq!(fields(unclosed), [pair("conditions[0].value", "rule_regex")]);
    }

    async fn the_order_is_the_owners(db: TestDb) {
        let w = World::new(db).await;
        let one = form("description", "x", &[("exclude", "")]);
        let a = rule(&w, "a", &one).await;
        rule(&w, "b", &one).await;
        let c = rule(&w, "c", &one).await;

        shift(&w.backend, &w.alice, &c, Shift::Up).await.unwrap();
        shift(&w.backend, &w.alice, &a, Shift::Up).await.unwrap();
        assert_eq!(names(&w, &w.alice).await, ["a", "c", "b"]);
        shift(&w.backend, &w.alice, &a, Shift::Down).await.unwrap();
        assert_eq!(names(&w, &w.alice).await, ["c", "a", "b"]);
        delete(&w.backend, &w.alice, &a).await.unwrap();
        rule(&w, "d", &one).await;
        assert_eq!(names(&w, &w.alice).await, ["c", "b", "d"]);
    }

    async fn nobody_reaches_a_rule_of_somebody_else(db: TestDb) {
        let w = World::new(db).await;
        let one = form("description", "x", &[("exclude", "")]);
        let id = rule(&w, "a", &one).await;
        let (b, m) = (&w.backend, &w.mallory);

        assert!(names(&w, m).await.is_empty());
        for refused in [
            get(b, m, &id).await.map(drop),
            update(b, m, &id, "x", &one, true).await,
            shift(b, m, &id, Shift::Up).await,
            delete(b, m, &id).await,
        ] {
            assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
        }
    }
}
