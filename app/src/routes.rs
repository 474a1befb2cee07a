//! Every path of the site, and the tree of pages.

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use crate::{
    accounts::{AccountPage, AccountsPage, DeleteAccountPage, LinkPage, StatementPage},
    activity::ActivityPage,
    admin::{AdminAccountsPage, AdminDriftPage, AdminJobsPage, AdminPage, AdminWebhooksPage},
    api_docs::ApiDocsPage,
    auth::{
        AccountDeletedPage, ConfirmPage, DeleteUserPage, ForgotPasswordPage, ResetPasswordPage,
        SignInPage, SignUpPage, TwoFactorPage, UndoEmailChangePage, VerifyEmailPage,
    },
    billing::{BillingPage, CancelPage, ChangePlanPage, InvoicePage, PricingPage, SuccessPage},
    budgets::{BudgetPage, BudgetsPage, NewBudgetPage},
    connections::{
        AddedPage, ChooseAccountsPage, ConnectionPage, DisconnectPage, ReturnedPage, WindowPage,
    },
    dashboard::DashboardPage,
    dev_bank::BankSignInPage,
    dev_mail::{MailboxPage, MessagePage},
    errors::NotFoundPage,
    home::{HelpPage, LandingPage, PrivacyPage, TermsPage},
    imports::{ImportPage, ImportPreviewPage},
    recurring::{MergePage, RecurringPage, SeriesPage},
    review::ReviewPage,
    rules::{NewRulePage, RulePage, RulesPage},
    settings::{
        CategoriesPage, CategoryPage, ConnectionsPage, DangerPage, DataPage, NotificationsPage,
        PreferencesPage, ProfilePage, SecondStepPage, SecurityPage,
    },
    transactions::{
        AddTransactionPage, ChangesPage, DeleteTransactionsPage, TransactionDetailPage,
        TransactionsPage, ViewPage, ViewsPage,
    },
    ui::KeysPage,
    verification::VerifyPage,
};

/// The landing page.
pub const HOME: &str = "/";
/// Sign in: page and form.
pub const SIGN_IN: &str = "/sign-in";
/// Sign up: page and form.
pub const SIGN_UP: &str = "/sign-up";
/// The second step of a sign-in: page and form.
pub const TWO_FACTOR: &str = "/two-factor";
/// Mail a code for the second step: form only.
pub const TWO_FACTOR_SEND: &str = "/two-factor/send";
/// Check your mail.
pub const VERIFY_EMAIL: &str = "/verify-email";
/// A link to choose a new password: page and form.
pub const FORGOT_PASSWORD: &str = "/forgot-password";
/// Choose a new password with a mailed link: page and form.
pub const RESET_PASSWORD: &str = "/reset-password";
/// Confirm it's you: page and form.
pub const CONFIRM: &str = "/confirm";
/// Nobody's account any more: the page after a deletion.
pub const ACCOUNT_DELETED: &str = "/account-deleted";
/// The link that proves an address, once more: form only.
pub const RESEND_VERIFICATION: &str = "/verify-email/resend";
/// Take a change of address back with a mailed link: page and form.
pub const UNDO_EMAIL_CHANGE: &str = "/undo-email-change";
/// Delete the person's account with a mailed link: page and form.
pub const DELETE_USER: &str = "/delete-account";
/// Sign out: form only.
pub const SIGN_OUT: &str = "/sign-out";
/// The overview of a signed-in person.
pub const DASHBOARD: &str = "/dashboard";
/// Put the first steps away, or bring them back: form only.
pub const CHECKLIST: &str = "/dashboard/checklist";
/// The list of accounts.
pub const ACCOUNTS: &str = "/accounts";
/// Add an account: by its bank, by its numbers, or by hand.
pub const ADD_ACCOUNT: &str = "/accounts/link";
/// Go to a bank to link it: form only.
pub const BEGIN_BANK: &str = "/accounts/link/begin";
/// Link the demonstration bank: form only.
pub const DEMO: &str = "/accounts/demo";
/// The page that opens the provider's window: the only one that loads a script of somebody else.
pub const LINK_WINDOW: &str = "/accounts/link/window";
/// What that window brought: form only.
pub const FINISH_LINK: &str = "/accounts/link/finish";
/// What a bank brings back that has a page of its own, by way of Plaid.
pub const OAUTH_STATE: &str = "oauth_state_id";
/// Where a bank sends its customer back to.
pub const LINK_RETURN: &str = "/accounts/link/return";
/// Answer the deposits that prove an account: form only.
pub const ANSWER_DEPOSITS: &str = "/accounts/verify";
/// Send deposits that prove an account: form only.
pub const START_DEPOSITS: &str = "/accounts/verify/start";
/// Takes the numbers of an account that lost them.
pub const ENTER_NUMBERS: &str = "/accounts/verify/numbers";
/// Let the deposits of the built-in bank arrive now: form only.
pub const DEPOSITS_ARRIVE: &str = "/accounts/verify/arrive";
/// Connections to banks: each has its page below.
pub const BANK_CONNECTIONS: &str = "/connections";
/// Bring in accounts of a connection: form only.
pub const CHOOSE_ACCOUNTS: &str = "/connections/choose";
/// Read a bank now: form only.
pub const SYNC_NOW: &str = "/connections/sync";
/// Go to a bank to sign in there again: form only.
pub const REPAIR: &str = "/connections/repair";
/// Put an account away: form only.
pub const ARCHIVE_ACCOUNT: &str = "/accounts/archive";
/// Bring an account back: form only.
pub const UNARCHIVE_ACCOUNT: &str = "/accounts/unarchive";
/// Move an account up or down in its list: form only.
pub const SHIFT_ACCOUNT: &str = "/accounts/shift";
/// End a connection: form only.
pub const DISCONNECT: &str = "/connections/disconnect";
/// The list of transactions.
pub const TRANSACTIONS: &str = "/transactions";
/// A transaction typed in by hand: page and form.
pub const ADD_TRANSACTION: &str = "/transactions/new";
/// Change a transaction: form only.
pub const EDIT_TRANSACTION: &str = "/transactions/edit";
/// Split a transaction, or make it whole again: form only.
pub const SPLIT_TRANSACTION: &str = "/transactions/split";
/// Change many transactions at once: form only.
pub const CHANGE_TRANSACTIONS: &str = "/transactions/change";
/// What was changed in many transactions at once.
pub const TRANSACTION_CHANGES: &str = "/transactions/changes";
/// Undo a change of many transactions: form only.
pub const UNDO_TRANSACTIONS: &str = "/transactions/undo";
/// The person's views of the list: page, and the form that saves one.
pub const VIEWS: &str = "/transactions/views";
/// Call a view something else: form only.
pub const RENAME_VIEW: &str = "/transactions/views/rename";
/// Delete a view: form only.
pub const DELETE_VIEW: &str = "/transactions/views/delete";
/// What a deletion of transactions would take away: page; and the form that deletes one.
pub const DELETE_TRANSACTION: &str = "/transactions/delete";
/// Make a transaction and another one a transfer: form only.
pub const LINK_TRANSFER: &str = "/transactions/link";
/// Take a transfer apart: form only.
pub const UNLINK_TRANSFER: &str = "/transactions/unlink";
/// Make a rule of what was said twice: form only.
pub const ALWAYS: &str = "/transactions/always";
/// The list as a file for a spreadsheet.
pub const TRANSACTIONS_CSV: &str = "/transactions.csv";
/// The list as a file for a program.
pub const TRANSACTIONS_JSON: &str = "/transactions.json";
/// What waits for a look.
pub const REVIEW: &str = "/review";
/// Give a transaction a category: form only.
pub const SORT_ROW: &str = "/review/sort";
/// Whether two transactions are one: form only.
pub const DECIDE_DUPLICATE: &str = "/review/duplicate";
/// Whether two transactions are a transfer: form only.
pub const DECIDE_TRANSFER: &str = "/review/transfer";
/// A price that rose was seen: form only.
pub const SEE_PRICE: &str = "/review/price";
/// Take back what was said: form only.
pub const UNDO_REVIEW: &str = "/review/undo";
/// The person's budgets in one month.
pub const BUDGETS: &str = "/budgets";
/// A new budget: page and form.
pub const NEW_BUDGET: &str = "/budgets/new";
/// Change a budget: form only.
pub const CHANGE_BUDGET: &str = "/budgets/change";
/// End a budget, its history stays: form only.
pub const END_BUDGET: &str = "/budgets/end";
/// Delete a budget with its history: form only.
pub const DELETE_BUDGET: &str = "/budgets/delete";
/// What repeats.
pub const RECURRING: &str = "/recurring";
/// Confirm or ignore a series, or take that back: form only.
pub const CHOOSE_SERIES: &str = "/recurring/choose";
/// Make a series part of another: form only.
pub const MERGE_SERIES: &str = "/recurring/merge";
/// Look at what a merge would join, at its own page: form only.
pub const LOOK_AT_MERGE: &str = "/recurring/merge/look";
/// Take a row out of a series: form only.
pub const LEAVE_OUT_ROW: &str = "/recurring/leave-out";
/// Put a row that was taken out of a series back: form only.
pub const PUT_BACK_ROW: &str = "/recurring/put-back";
/// The person's rules.
pub const RULES: &str = "/rules";
/// A new rule: page and form.
pub const NEW_RULE: &str = "/rules/new";
/// Change a rule: form only.
pub const CHANGE_RULE: &str = "/rules/change";
/// Ask a rule earlier or later: form only.
pub const SHIFT_RULE: &str = "/rules/shift";
/// Apply a rule to the transactions that are here: form only.
pub const APPLY_RULE: &str = "/rules/apply";
/// Delete a rule: form only.
pub const DELETE_RULE: &str = "/rules/delete";
/// Import a file.
pub const IMPORT: &str = "/import";
/// Shows another kind of rows of a file that waits.
pub const LOOK_AT_ROWS: &str = "/import/look";
/// The person's own profile: page and form.
pub const PROFILE: &str = "/settings/profile";
/// The profile of somebody who has just asked for another address.
pub const EMAIL_CHANGE_ASKED: &str = "/settings/profile?email=asked#email";
/// How the person counts their days: page and form.
pub const PREFERENCES: &str = "/settings/preferences";
/// The person's categories: page, and the form that adds one.
pub const CATEGORIES: &str = "/settings/categories";
/// Call a category something else: form only.
pub const RENAME_CATEGORY: &str = "/settings/categories/rename";
/// Call a category of ours what we call it: form only.
pub const RESET_CATEGORY: &str = "/settings/categories/reset";
/// Delete a category that the person made: form only.
pub const DELETE_CATEGORY: &str = "/settings/categories/delete";
/// Password, second factor, passkeys, sessions.
pub const SECURITY: &str = "/settings/security";
/// A second step that is being set up, and recovery codes to be saved: page and form.
pub const SECOND_STEP: &str = "/settings/security/second-step";
/// Providers that sign the person in, and banks.
pub const CONNECTIONS: &str = "/settings/connections";
/// Which mails come: page and form.
pub const NOTIFICATIONS: &str = "/settings/notifications";
/// A mail that shows that mails arrive: form only.
pub const TEST_MAIL: &str = "/settings/notifications/test";
/// What of the person's is kept, and how to take it along.
pub const DATA: &str = "/settings/data";
/// Export and deletion of the account: page and form of the latter.
pub const DANGER: &str = "/settings/danger";
/// The file with everything that is the person's own.
pub const EXPORT: &str = "/settings/export";
/// What was done to the account.
pub const ACTIVITY: &str = "/activity";
/// The plans, for everybody: page and the form that begins a checkout.
pub const PRICING: &str = "/pricing";
/// The person's plan, what is used of it, and their invoices.
pub const BILLING: &str = "/billing";
/// Another plan: page and form.
pub const CHANGE_PLAN: &str = "/billing/plan";
/// The same plan after all: form only.
pub const KEEP_PLAN: &str = "/billing/plan/keep";
/// End the subscription: page and form.
pub const CANCEL: &str = "/billing/cancel";
/// Go on with a subscription that ends or rests: form only.
pub const RESUME: &str = "/billing/resume";
/// To the page where cards and addresses are kept: form only.
pub const PORTAL: &str = "/billing/portal";
/// The way to one invoice.
pub const INVOICE: &str = "/billing/invoice";
/// Where people come back to from a checkout: page, and the form that asks once more.
pub const SUCCESS: &str = "/success";
/// What administrators look after.
pub const ADMIN: &str = "/admin";
/// The deliveries of Polar.
pub const ADMIN_WEBHOOKS: &str = "/admin/webhooks";
/// Where our rows and Polar's differed.
pub const ADMIN_DRIFT: &str = "/admin/drift";
/// The jobs that were given up.
pub const ADMIN_JOBS: &str = "/admin/jobs";
/// Bank accounts that an administrator stops: page.
pub const ADMIN_ACCOUNTS: &str = "/admin/accounts";
/// Stop a bank account, or take that back: form only.
pub const OVERSEE_ACCOUNT: &str = "/admin/accounts/change";
/// Choose a theme: form only.
pub const THEME: &str = "/theme";
/// Open or close the sidebar: form only.
pub const SIDEBAR: &str = "/sidebar";
/// What single keys do, and the form that turns them on or off.
pub const KEYS: &str = "/keys";
/// Hide or show amounts: form only.
pub const AMOUNTS: &str = "/amounts";
/// How things work, and whom to ask.
pub const HELP: &str = "/help";
/// What people agree to.
pub const TERMS: &str = "/terms";
/// What is kept about people.
pub const PRIVACY: &str = "/privacy";
/// The reference of the REST interface.
pub const API_DOCS: &str = "/api/docs";
/// Health of the service, for people who look for help.
pub const HEALTH: &str = "/api/health";
/// The page of the built-in bank: page and form.
pub const DEV_BANK: &str = "/dev/bank";
/// A fault of a connection to the built-in bank: form only.
pub const SWITCH_FAULT: &str = "/dev/bank/fault";
/// A row that the built-in bank books: form only.
pub const BOOK_AT_TEST_BANK: &str = "/dev/bank/row";
/// The built-in mailbox, in development.
pub const DEV_MAIL: &str = "/dev/mail";

/// The page of one account.
pub fn account(id: &domain::AccountId) -> String {
    format!("{ACCOUNTS}/{id}")
}

/// The page that proves an account by deposits.
pub fn verify(id: &domain::AccountId) -> String {
    format!("{ACCOUNTS}/{id}/verify")
}

/// The page of one connection to a bank.
pub fn connection(id: &domain::ConnectionId) -> String {
    format!("{BANK_CONNECTIONS}/{id}")
}

/// Which accounts of a connection come in.
pub fn connection_accounts(id: &domain::ConnectionId) -> String {
    format!("{BANK_CONNECTIONS}/{id}/accounts")
}

/// What came in by a connection.
pub fn connection_added(id: &domain::ConnectionId) -> String {
    format!("{BANK_CONNECTIONS}/{id}/added")
}

/// The page that asks before a connection ends; the form on it posts to [`DISCONNECT`].
pub fn disconnect(id: &domain::ConnectionId) -> String {
    format!("{BANK_CONNECTIONS}/{id}/disconnect")
}

/// The page that opens the provider's window for one attempt.
pub fn link_window(state: &str) -> String {
    with_pair(LINK_WINDOW, "state", state)
}

/// The same for somebody whose bank sent them back in the middle of it.
pub fn link_window_again(state: &str, oauth_state: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("state", state).append_pair(OAUTH_STATE, oauth_state);
    format!("{LINK_WINDOW}?{}", query.finish())
}

/// The page of the built-in bank for one sign-in there.
pub fn dev_bank(ticket: &str) -> String {
    with_pair(DEV_BANK, "ticket", ticket)
}

/// The statement of one account and month.
pub fn statement(id: &domain::AccountId, month: domain::Month) -> String {
    format!("{ACCOUNTS}/{id}/statements/{month}")
}

/// The same for a spreadsheet.
pub fn statement_csv(id: &domain::AccountId, month: domain::Month) -> String {
    format!("{}.csv", statement(id, month))
}

/// In the query of the list: the row that is open beside it.
pub const ROW: &str = "row";

/// The page of one transaction. `back` is the query of the list that leads to it; where the row is open beside that
/// list, it is the list.
pub fn transaction(id: &domain::TransactionId, back: &str) -> String {
    let path = format!("{TRANSACTIONS}/{id}");
    if back.is_empty() {
        path
    } else if domain::query::value(&domain::query::parse(back), ROW) == Some(id.as_str()) {
        beside(id, back)
    } else {
        format!("{path}?{}", domain::query::encode(&[("back", back)]))
    }
}

/// The list with one of its rows open beside it. `back` is the query of the list.
pub fn beside(id: &domain::TransactionId, back: &str) -> String {
    format!("{TRANSACTIONS}?{}", with_row(id, back))
}

/// The query of the list with one of its rows open beside it.
pub fn with_row(id: &domain::TransactionId, back: &str) -> String {
    let mut pairs = without_row(back);
    pairs.push((ROW.to_owned(), id.to_string()));
    domain::query::encode(&pairs)
}

fn without_row(back: &str) -> domain::query::Pairs {
    let mut pairs = domain::query::parse(back);
    pairs.retain(|(name, _)| name != ROW);
    pairs
}

/// The list with the query that a page of one row was opened from, and no row open beside it.
pub fn transactions_back(back: &str) -> String {
    let pairs = without_row(back);
    if pairs.is_empty() {
        return TRANSACTIONS.to_owned();
    }
    format!("{TRANSACTIONS}?{}", domain::query::encode(&pairs))
}

/// The page of one view of the list.
pub fn view(id: &domain::SavedViewId) -> String {
    format!("{VIEWS}/{id}")
}

/// The page that asks before transactions are deleted. `back` is the query of the list that leads to it.
pub fn delete_transactions(form: &domain::batch::BatchForm, back: &str) -> String {
    let ids = form.ids.join(",");
    let mut pairs = if form.all.trim().is_empty() {
        vec![("ids", ids.as_str())]
    } else {
        vec![("all", "on"), ("filter", form.filter.as_str())]
    };
    if !back.is_empty() {
        pairs.push(("back", back));
    }
    format!("{DELETE_TRANSACTION}?{}", domain::query::encode(&pairs))
}

/// What waits of one kind, after the thing with this id.
pub fn review(kind: domain::review::Kind, after: Option<&str>) -> String {
    let page = with_pair(REVIEW, "kind", kind.as_str());
    match after {
        None => page,
        Some(after) => {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            format!("{page}&{}", query.append_pair("after", after).finish())
        }
    }
}

/// The page of one budget.
pub fn budget(id: &domain::BudgetId) -> String {
    format!("{BUDGETS}/{id}")
}

/// The page of one series.
pub fn series(id: &domain::SeriesId) -> String {
    format!("{RECURRING}/{id}")
}

/// What would be joined if one series became part of another.
pub fn series_merge(id: &domain::SeriesId, into: &domain::SeriesId) -> String {
    with_pair(&format!("{RECURRING}/{id}/merge"), "into", into.as_str())
}

/// The page of one rule.
pub fn rule(id: &domain::RuleId) -> String {
    format!("{RULES}/{id}")
}

/// The page of one category.
pub fn category(key: &str) -> String {
    format!("{CATEGORIES}/{key}")
}

/// The way to the invoice of one order.
pub fn invoice(order: &str) -> String {
    with_pair(INVOICE, "order", order)
}

/// The page that asks before an account is deleted; the form on it posts to `/accounts/delete`.
pub fn delete_account(id: &domain::AccountId) -> String {
    format!("{ACCOUNTS}/{id}/delete")
}

/// The page that asks for the password again and then leads to `next`.
pub fn confirm(next: &str) -> String {
    with_next(CONFIRM, Some(next))
}

/// A page that takes a mailed token.
pub fn with_token(path: &str, token: &str) -> String {
    with_pair(path, "token", token)
}

/// `path` with `?next=…`, so that the wanted page survives the way to another one.
pub fn with_next(path: &str, next: Option<&str>) -> String {
    next.map_or_else(|| path.to_owned(), |next| with_pair(path, "next", next))
}

/// `page`, which has a query, with `&next=…`.
pub fn and_next(page: &str, next: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    format!("{page}&{}", query.append_pair("next", next).finish())
}

fn with_pair(path: &str, name: &str, value: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    format!("{path}?{}", query.append_pair(name, value).finish())
}

/// The plans, with one of them chosen.
pub fn pricing(slug: &str) -> String {
    with_pair(PRICING, "plan", slug)
}

/// Sign up, and then to the plans with the one that was chosen.
pub fn sign_up_for(slug: &str) -> String {
    with_next(SIGN_UP, Some(&pricing(slug)))
}

/// The page that says what a change to this plan means.
pub fn change_plan(slug: &str) -> String {
    with_pair(CHANGE_PLAN, "to", slug)
}

/// The page that waits for a checkout to be confirmed.
pub fn success(checkout: &str) -> String {
    with_pair(SUCCESS, "checkout_id", checkout)
}

/// The preview of one uploaded file.
pub fn import(id: &domain::ImportId) -> String {
    format!("{IMPORT}/{id}")
}

/// The whole site: every page, rendered to the end before the first byte is sent.
#[component]
pub fn App() -> impl IntoView {
    leptos_meta::provide_meta_context();
    view! {
        <Router>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=LandingPage ssr=SsrMode::Async/>
                <Route path=path!("/help") view=HelpPage ssr=SsrMode::Async/>
                <Route path=path!("/keys") view=KeysPage ssr=SsrMode::Async/>
                <Route path=path!("/terms") view=TermsPage ssr=SsrMode::Async/>
                <Route path=path!("/privacy") view=PrivacyPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-up") view=SignUpPage ssr=SsrMode::Async/>
                <Route path=path!("/two-factor") view=TwoFactorPage ssr=SsrMode::Async/>
                <Route path=path!("/verify-email") view=VerifyEmailPage ssr=SsrMode::Async/>
                <Route path=path!("/confirm") view=ConfirmPage ssr=SsrMode::Async/>
                <Route path=path!("/forgot-password") view=ForgotPasswordPage ssr=SsrMode::Async/>
                <Route path=path!("/reset-password") view=ResetPasswordPage ssr=SsrMode::Async/>
                <Route path=path!("/undo-email-change") view=UndoEmailChangePage ssr=SsrMode::Async/>
                <Route path=path!("/delete-account") view=DeleteUserPage ssr=SsrMode::Async/>
                <Route path=path!("/account-deleted") view=AccountDeletedPage ssr=SsrMode::Async/>
                <Route path=path!("/dashboard") view=DashboardPage ssr=SsrMode::Async/>
                <Route path=path!("/accounts") view=AccountsPage ssr=SsrMode::Async/>
                <Route path=path!("/accounts/link") view=LinkPage ssr=SsrMode::Async/>
                <Route path=path!("/accounts/link/window") view=WindowPage ssr=SsrMode::Async/>
                <Route path=path!("/accounts/link/return") view=ReturnedPage ssr=SsrMode::Async/>
                <Route path=path!("/accounts/:id") view=AccountPage ssr=SsrMode::Async/>
                <Route path=path!("/accounts/:id/delete") view=DeleteAccountPage ssr=SsrMode::Async/>
                <Route path=path!("/accounts/:id/verify") view=VerifyPage ssr=SsrMode::Async/>
                <Route path=path!("/accounts/:id/statements/:month") view=StatementPage ssr=SsrMode::Async/>
                <Route path=path!("/connections/:id") view=ConnectionPage ssr=SsrMode::Async/>
                <Route path=path!("/connections/:id/accounts") view=ChooseAccountsPage ssr=SsrMode::Async/>
                <Route path=path!("/connections/:id/added") view=AddedPage ssr=SsrMode::Async/>
                <Route path=path!("/connections/:id/disconnect") view=DisconnectPage ssr=SsrMode::Async/>
                <Route path=path!("/transactions") view=TransactionsPage ssr=SsrMode::Async/>
                <Route path=path!("/transactions/changes") view=ChangesPage ssr=SsrMode::Async/>
                <Route path=path!("/transactions/delete") view=DeleteTransactionsPage ssr=SsrMode::Async/>
                <Route path=path!("/transactions/views") view=ViewsPage ssr=SsrMode::Async/>
                <Route path=path!("/transactions/views/:id") view=ViewPage ssr=SsrMode::Async/>
                <Route path=path!("/transactions/new") view=AddTransactionPage ssr=SsrMode::Async/>
                <Route path=path!("/transactions/:id") view=TransactionDetailPage ssr=SsrMode::Async/>
                <Route path=path!("/review") view=ReviewPage ssr=SsrMode::Async/>
                <Route path=path!("/budgets") view=BudgetsPage ssr=SsrMode::Async/>
                <Route path=path!("/budgets/new") view=NewBudgetPage ssr=SsrMode::Async/>
                <Route path=path!("/budgets/:id") view=BudgetPage ssr=SsrMode::Async/>
                <Route path=path!("/recurring") view=RecurringPage ssr=SsrMode::Async/>
                <Route path=path!("/recurring/:id") view=SeriesPage ssr=SsrMode::Async/>
                <Route path=path!("/recurring/:id/merge") view=MergePage ssr=SsrMode::Async/>
                <Route path=path!("/rules") view=RulesPage ssr=SsrMode::Async/>
                <Route path=path!("/rules/new") view=NewRulePage ssr=SsrMode::Async/>
                <Route path=path!("/rules/:id") view=RulePage ssr=SsrMode::Async/>
                <Route path=path!("/import") view=ImportPage ssr=SsrMode::Async/>
                <Route path=path!("/import/:id") view=ImportPreviewPage ssr=SsrMode::Async/>
                <Route path=path!("/settings/profile") view=ProfilePage ssr=SsrMode::Async/>
                <Route path=path!("/settings/preferences") view=PreferencesPage ssr=SsrMode::Async/>
                <Route path=path!("/settings/categories") view=CategoriesPage ssr=SsrMode::Async/>
                <Route path=path!("/settings/categories/:key") view=CategoryPage ssr=SsrMode::Async/>
                <Route path=path!("/settings/security") view=SecurityPage ssr=SsrMode::Async/>
                <Route path=path!("/settings/security/second-step") view=SecondStepPage ssr=SsrMode::Async/>
                <Route path=path!("/settings/connections") view=ConnectionsPage ssr=SsrMode::Async/>
                <Route path=path!("/settings/notifications") view=NotificationsPage ssr=SsrMode::Async/>
                <Route path=path!("/settings/data") view=DataPage ssr=SsrMode::Async/>
                <Route path=path!("/activity") view=ActivityPage ssr=SsrMode::Async/>
                <Route path=path!("/settings/danger") view=DangerPage ssr=SsrMode::Async/>
                <Route path=path!("/pricing") view=PricingPage ssr=SsrMode::Async/>
                <Route path=path!("/billing") view=BillingPage ssr=SsrMode::Async/>
                <Route path=path!("/billing/plan") view=ChangePlanPage ssr=SsrMode::Async/>
                <Route path=path!("/billing/cancel") view=CancelPage ssr=SsrMode::Async/>
                <Route path=path!("/billing/invoice") view=InvoicePage ssr=SsrMode::Async/>
                <Route path=path!("/success") view=SuccessPage ssr=SsrMode::Async/>
                <Route path=path!("/admin") view=AdminPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/webhooks") view=AdminWebhooksPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/drift") view=AdminDriftPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/jobs") view=AdminJobsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/accounts") view=AdminAccountsPage ssr=SsrMode::Async/>
                <Route path=path!("/api/docs") view=ApiDocsPage ssr=SsrMode::Async/>
                <Route path=path!("/dev/bank") view=BankSignInPage ssr=SsrMode::Async/>
                <Route path=path!("/dev/mail") view=MailboxPage ssr=SsrMode::Async/>
                <Route path=path!("/dev/mail/:id") view=MessagePage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
