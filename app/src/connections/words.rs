//! Where a connection stands, in words.

use domain::{connection::ConnectionView, day::format_day, states::connection::ConnectionState};
use leptos::prelude::*;
use time::{Duration, OffsetDateTime};

use crate::ui::{Ago, Badge, Tone, count::count};

/// The state as a word.
#[component]
pub fn StateBadge(
    /// The state.
    state: ConnectionState,
) -> AnyView {
    let tone = match state {
        ConnectionState::Healthy => Tone::Positive,
        ConnectionState::Syncing => Tone::Accent,
        ConnectionState::Expiring | ConnectionState::InstitutionDown => Tone::Warning,
        ConnectionState::LoginRequired | ConnectionState::Revoked => Tone::Negative,
        ConnectionState::Removed => Tone::Neutral,
    };
    view! { <Badge tone attr:data-state=state.as_str()>{state.label()}</Badge> }.into_any()
}

/// "Synced 2 minutes ago", "Needs you to sign in again": one short line.
#[component]
pub fn Standing(
    /// The connection.
    connection: ConnectionView,
    /// The current time.
    now: OffsetDateTime,
) -> AnyView {
    let state = connection.state.as_str();
    let body = match (trouble(&connection, now), connection.last_sync_at) {
        (Some(text), _) => text.into_any(),
        (None, Some(at)) => view! { "Synced " <Ago at now/> }.into_any(),
        (None, None) => fresh(connection.accounts).into_any(),
    };
    view! { <span data-testid="connection-standing" data-state=state>{body}</span> }.into_any()
}

/// Before the first sync.
fn fresh(accounts: i64) -> &'static str {
    if accounts == 0 { "No accounts chosen yet" } else { "First sync is on its way" }
}

/// What is not as it should be, or not finished.
fn trouble(connection: &ConnectionView, now: OffsetDateTime) -> Option<String> {
    let bank = &connection.institution_name;
    let again = || connection.next_sync_at.map(|at| format!(" We try again {}", until(at, now)));
    match connection.state {
        ConnectionState::Healthy => connection.message.clone(),
        ConnectionState::Syncing => Some("Syncing now".to_owned()),
        ConnectionState::LoginRequired => Some("Needs you to sign in again".to_owned()),
        ConnectionState::Expiring => Some(match connection.expires_on {
            Some(day) => format!("Access ends on {}", format_day(day)),
            None => "Access ends soon".to_owned(),
        }),
        ConnectionState::InstitutionDown => {
            Some(format!("{bank} isn't answering.{}", again().unwrap_or_default()))
        }
        ConnectionState::Revoked => Some("This connection has ended".to_owned()),
        ConnectionState::Removed => Some("Disconnected".to_owned()),
    }
}

/// "in 5 minutes", "in 6 hours", "on 10 June 2026".
pub(super) fn until(at: OffsetDateTime, now: OffsetDateTime) -> String {
    let left = at - now;
    // Begun minutes and hours count as whole ones.
    let begun = |unit: Duration| {
        let (left, unit) = (left.whole_seconds(), unit.whole_seconds());
        (left + unit - 1) / unit
    };
    if left <= Duration::ZERO {
        "in a moment".to_owned()
    } else if left <= Duration::HOUR {
        format!("in {}", count(begun(Duration::MINUTE), "minute"))
    } else if left <= Duration::DAY {
        format!("in {}", count(begun(Duration::HOUR), "hour"))
    } else {
        format!("on {}", format_day(at.date()))
    }
}

/// What is said of one that needs its owner, with the bank's name; nothing of any other.
pub fn asks(connection: &ConnectionView) -> Option<String> {
    let bank = &connection.institution_name;
    if connection.state == ConnectionState::Revoked {
        return Some(format!("The connection to {bank} has ended. Link the bank again."));
    }
    let waits = connection.waits_for_owner();
    waits.then(|| connection.state.sentence(bank, connection.expires_on))
}

#[cfg(test)]
mod tests {
    use domain::{ConnectionId, Date, connection::BankProblem, provider::TroubleKind};
    use time::macros::{date, datetime};

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-06-10 12:00 UTC);

    fn connection(state: ConnectionState, expires_on: Option<Date>) -> ConnectionView {
        ConnectionView {
            id: ConnectionId::new("c1"),
            provider: "simbank".to_owned(),
            institution_name: "First Harbor".to_owned(),
            state,
            expires_on,
            problem: None,
            message: None,
            accounts: 2,
            new_accounts: false,
            history_complete: true,
            last_sync_at: Some(datetime!(2026-06-10 11:58 UTC)),
            next_sync_at: Some(datetime!(2026-06-10 12:05 UTC)),
            created_at: datetime!(2026-06-01 12:00 UTC),
        }
    }

    fn line(connection: ConnectionView) -> String {
        let html = Owner::new().with(|| view! { <Standing connection now=NOW/> }.to_html());
        let mut text = String::new();
        let mut inside = false;
        for letter in html.chars() {
            match letter {
                '<' => inside = true,
                '>' => inside = false,
                letter if !inside => text.push(letter),
                _ => {}
            }
        }
        text.replace("&#x27;", "'")
    }

    #[test]
    fn a_line_says_where_a_connection_stands() {
        use ConnectionState::{Expiring, Healthy, InstitutionDown, LoginRequired, Syncing};
        let at = |state| line(connection(state, None));

        assert_eq!(at(Healthy), "Synced 2 minutes ago (10 June 2026 at 11:58 UTC)");
        assert_eq!(at(Syncing), "Syncing now");
        assert_eq!(at(LoginRequired), "Needs you to sign in again");
        assert_eq!(at(InstitutionDown), "First Harbor isn't answering. We try again in 5 minutes");
        let ends = line(connection(Expiring, Some(date!(2026 - 06 - 20))));
        assert_eq!(ends, "Access ends on 20 June 2026");
    }

    #[test]
    fn before_the_first_sync_there_is_none_to_speak_of() {
        let fresh = |accounts| {
            let view = connection(ConnectionState::Healthy, None);
            line(ConnectionView { accounts, last_sync_at: None, ..view })
        };

        assert_eq!(fresh(0), "No accounts chosen yet");
        assert_eq!(fresh(3), "First sync is on its way");
    }

    #[test]
    fn a_sync_that_did_not_work_is_not_hidden_by_an_older_one() {
        let problem = BankProblem::Trouble(TroubleKind::NotReady);
        let view = connection(ConnectionState::Healthy, None);
        let message = Some(problem.sentence("First Harbor"));

        let text =
            line(ConnectionView { problem: Some(problem), message: message.clone(), ..view });

        assert_eq!(Some(text), message);
    }

    #[test]
    fn only_what_needs_its_owner_is_asked_for() {
        let said = |state| asks(&connection(state, None));

        assert_eq!(
            said(ConnectionState::LoginRequired).as_deref(),
            Some("First Harbor needs you to sign in again.")
        );
        let ended = "The connection to First Harbor has ended. Link the bank again.";
        assert_eq!(said(ConnectionState::Revoked).as_deref(), Some(ended));
        assert_eq!(said(ConnectionState::InstitutionDown), None);
    }

    #[test]
    fn the_next_try_is_told_in_begun_minutes_and_hours() {
        let cases = [
            (datetime!(2026-06-10 11:00 UTC), "in a moment"),
            (datetime!(2026-06-10 12:00:20 UTC), "in 1 minute"),
            (datetime!(2026-06-10 12:05 UTC), "in 5 minutes"),
            (datetime!(2026-06-10 18:00 UTC), "in 6 hours"),
            (datetime!(2026-06-12 18:00 UTC), "on 12 June 2026"),
        ];

        for (at, expected) in cases {
            assert_eq!(until(at, NOW), expected);
        }
    }
}
