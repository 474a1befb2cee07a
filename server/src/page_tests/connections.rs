//! Connected providers.

use app::server::{ProviderButton, SiteSettings};
use backend::{both_engines, testing::connect_provider};

use super::{Site, leads_to, submit, visit, with_settings, words};

both_engines! {
    async fn a_provider_has_the_name_of_its_button(db: TestDb) {
        let button = ProviderButton { id: "work".into(), label: "Work accounts".into() };
        let settings = SiteSettings { providers: vec![button], ..SiteSettings::default() };
        let site = with_settings(Site::new(db.db.clone()), settings);
        let mut ann = site.person("ann@example.com").await;
        let session = ann.get("/api/auth/get-session").await.json();
        let user = session["user"]["id"].as_str().unwrap().into();
        for provider in ["work", "keycloak"] {
            connect_provider(&site.backend, &user, provider).await;
        }

        let page = words(&visit(&mut ann, "/settings/connections").await);
        let gone = submit(&mut ann, "/settings/connections/unlink", &[("id", "work-account")]).await;
        let after = words(&visit(&mut ann, leads_to(&gone)).await);

        for name in ["Disconnect Work accounts", "Disconnect Keycloak"] {
            assert!(page.contains(name), "{page}");
        }
        assert!(after.contains("Work accounts is disconnected."), "{after}");
        assert!(after.contains("Connect Work accounts") && !after.contains("Disconnect Work accounts"), "{after}");
    }
}
