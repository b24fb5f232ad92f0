use super::{import, owner, submit};
use crate::harness::Kith;
use crate::pages::{arrive, sign_in};

/// Two people who can sign in, and a row that can't go in. The hash is MD5 of "password".
const EXPORT: &str = "\
id,email,first_name,last_name,hashed_password,hashing_method,email_verified
u1,ada@example.com,Ada,Lovelace,5f4dcc3b5aa765d61d8327deb882cf99,md5,true
u2,charles@example.com,Charles,Babbage,5f4dcc3b5aa765d61d8327deb882cf99,md5,true
u3,nobody,No,Body,,,
";

#[tokio::test]
async fn the_first_page_says_what_to_do_next() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let home = browser.get("/admin/").await;
        for step in ["Bring your users", "Connect your app", "Set up email"] {
            assert!(home.shows(step), "{step}");
        }
        assert!(home.shows("View details") && home.shows("Quick start"));
        assert!(!home.shows("Rows refused"));
    })
    .await;
}

#[tokio::test]
async fn the_migration_is_seen_at_a_glance_and_at_each_person() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        import(&kith, EXPORT).await;
        let home = browser.get("/admin/").await;
        assert!(
            home.shows("0 of 2 imported users have signed in here."),
            "{}",
            home.html
        );
        assert!(home.shows("Rows refused"));

        let list = browser.get("/admin/users?show=imported").await;
        let ada = list
            .links_within("table")
            .into_iter()
            .find(|link| link.contains("/kp_"))
            .unwrap();
        let person = browser.get(&ada).await;
        assert!(person.shows("md5") && person.shows("Imported"));
        assert!(person.shows("ID at the former provider"));
        let run = person
            .links()
            .into_iter()
            .find(|link| link.contains("/users/imports/"))
            .unwrap();
        assert_eq!(browser.get(&run).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_temporary_password_signs_in_once() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        import(&kith, EXPORT).await;
        let list = browser.get("/admin/users?q=ada").await;
        let ada = list
            .links_within("table")
            .into_iter()
            .find(|link| link.contains("/kp_"))
            .unwrap();
        let path = format!("{ada}/temporary-password");
        let form = browser.get(&path).await;
        submit(&browser, &form, &path, &[("new_password", "for once only")]).await;

        let (person, page) = arrive(&kith, "").await;
        let page = sign_in(&person, &page, "ada@example.com", "for once only").await;
        assert!(
            page.shows("The password you used was temporary."),
            "{}",
            page.html
        );
    })
    .await;
}
