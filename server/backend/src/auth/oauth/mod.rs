//! Sign-in with an account somewhere else: OAuth 2.0 (RFC 6749) with PKCE (RFC 7636), and `OpenID` Connect where
//! the provider speaks it. See `docs/adr/0010-social-sign-in.md`.

mod accounts;
mod claim;
mod discovery;
mod endpoints;
mod exchange;
mod finish;
mod flow;
mod id_token;
mod identity;
mod keys;
mod link;
mod link_token;
mod native;
mod providers;
mod settings;
mod sign_in;
mod start;
mod state;
mod stored;
mod tokens;

pub use finish::{Callback, Finished, Landing, Refusal, finish};
pub use flow::{FlowStore, delete_expired as delete_expired_flows};
pub use identity::Identity;
pub use link::{LinkError, explicit_linking_only, set_explicit_linking_only};
pub use native::{NativeError, PostedToken, issue_nonce, link_with_token, sign_in_with_token};
pub use providers::{Provider, Providers};
pub use settings::{Kind, OAuthSettings, Overrides, ProviderSettings, SocialSignUp};
pub use start::{LinkTo, Start, Started, start};
pub use state::STATE_COOKIE_LIFE;
pub use stored::{
    AccountInfo, Selection, StoredTokens, TokenError, access_token, account_info, refresh,
};
