//! Connections to banks: the steps that link one, its page, and what is done with it.

mod accounts;
mod added;
mod api;
mod banks;
mod demo;
mod disconnect;
mod list;
mod page;
mod returned;
mod steps;
mod switches;
mod window;
mod words;

pub use accounts::ChooseAccountsPage;
pub use added::AddedPage;
pub use api::{
    BeginBank, ChooseAccounts, Disconnect, FinishBank, LinkDemo, Repair, SyncNow, all_connections,
    begin_bank, by_account, choose_accounts, connection_of, disconnect, finish_bank, link_demo,
    repair, sync_now,
};
pub use banks::ChooseBank;
pub use demo::{DemoNotice, TestBank, TryDemo};
pub use disconnect::DisconnectPage;
pub use list::BankConnections;
pub use page::ConnectionPage;
pub use returned::ReturnedPage;
pub use steps::{Step, Steps};
pub use switches::{BookAtTestBank, SwitchFault};
pub use window::WindowPage;
pub use words::{Standing, StateBadge, asks};
