use super::*;

#[tokio::test]
async fn a_panic_is_one_500_and_the_next_request_is_answered() {
    let app = app();

    let page = get_page(&app, "/panic").await;
    let data = get_page(&app, "/api/panic").await;
    let auth = get_page(&app, "/api/auth/panic").await;

    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(page.text.contains("Your data is safe."), "{}", page.text);
    assert!(page.text.contains(page.header("x-request-id")), "the reference is shown");
    assert!(!page.text.contains("a bug"));
    assert_eq!(
        data.json(),
        json!({
            "error": "INTERNAL",
            "message": "Something went wrong on our side. Your data is safe.",
            "requestId": data.header("x-request-id"),
        })
    );
    assert_eq!(
        (auth.status.as_u16(), auth.text.as_str(), auth.header("content-type")),
        (500, "", "")
    );
    assert_eq!(send(&app, get_request("/")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn browsers_get_pages_and_programs_get_json() {
    let app = app();
    for (path, accept, kind) in [
        ("/nothing", "text/html,application/xhtml+xml", "text/html; charset=utf-8"),
        ("/nothing", "*/*", "application/json"),
        ("/api/nothing", "text/html", "application/json"),
        ("/api/auth/nothing", "text/html", ""),
    ] {
        let answer =
            send(&app, request(Method::GET, path, &[("accept", accept)], Body::empty())).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.header("content-type"), kind, "{path} {accept}");
    }
}

#[tokio::test]
async fn the_inline_style_of_the_small_page_carries_the_nonce_of_its_header() {
    let page = get_page(&app(), "/nothing").await;

    let nonce = page.text.split("<style nonce=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(page.header("content-security-policy").contains(&format!("'nonce-{nonce}'")));
}

#[tokio::test]
async fn a_failure_on_our_side_shows_the_id_of_its_request() {
    let router =
        Router::new().route("/broken", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }));
    let app = wrap(router, settings(), deps());

    let answer = get_page(&app, "/broken").await;

    assert!(answer.text.contains("data-testid=\"error-500\""), "{}", answer.text);
    assert!(answer.text.contains(answer.header("x-request-id")), "{}", answer.text);
}

#[tokio::test]
async fn texts_of_libraries_never_leave() {
    let typed = post(|Json(_): Json<Vec<u32>>| async { "ok" });
    let router =
        Router::new().route("/api/numbers", typed.clone()).route("/api/auth/numbers", typed).route(
            "/api/n/{id}",
            get(|axum::extract::Path(_): axum::extract::Path<u32>| async { "ok" }),
        );
    let app = wrap(router, settings(), deps());
    let headers = [("content-type", "application/json")];

    for (request, code) in [
        (request(Method::POST, "/api/numbers", &headers, Body::from("[\"x\"]")), "UNPROCESSABLE"),
        (request(Method::POST, "/api/numbers", &headers, Body::from("[")), "BAD_REQUEST"),
        (request(Method::POST, "/api/numbers", &[], Body::from("[]")), "UNSUPPORTED_MEDIA_TYPE"),
        (get_request("/api/n/x"), "BAD_REQUEST"),
        (get_request("/api/numbers"), "METHOD_NOT_ALLOWED"),
    ] {
        let answer = send(&app, request).await;
        assert_eq!(answer.json()["error"], code, "{}", answer.text);
        assert!(!answer.text.contains("u32") && !answer.text.contains("column"), "{}", answer.text);
    }
    let auth = request(Method::POST, "/api/auth/numbers", &headers, Body::from("["));
    assert_eq!(send(&app, auth).await.json()["code"], "BAD_REQUEST");
}

#[tokio::test]
async fn a_wrong_method_is_405_and_below_auth_404() {
    let app = app();

    let own = send(&app, get_request("/save")).await;
    let auth = send(&app, get_request("/api/auth/sign-out")).await;

    assert_eq!((own.status.as_u16(), own.header("allow")), (405, "POST"));
    assert_eq!((auth.status.as_u16(), auth.header("allow"), auth.text.as_str()), (404, "", ""));
}

#[tokio::test]
async fn a_handlers_failure_keeps_its_fields_cookies_and_headers() {
    let fail =
        post(|| async {
            let failure =
                Failure::new(StatusCode::UNPROCESSABLE_ENTITY, "INVALID", "Check the fields.")
                    .field("name", "name_required", "Enter a name.");
            ([(header::SET_COOKIE, "a=b")], failure).into_response()
        });
    let app = wrap(Router::new().route("/api/fail", fail), settings(), deps());

    let answer = send(&app, request(Method::POST, "/api/fail", &[], Body::empty())).await;

    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.header("set-cookie"), "a=b");
    assert_eq!(
        answer.json(),
        json!({
            "error": "INVALID",
            "message": "Check the fields.",
            "requestId": answer.header("x-request-id"),
            "fields": { "name": [{ "code": "name_required", "message": "Enter a name." }] },
        })
    );
}

#[tokio::test]
async fn answers_that_are_finished_are_left_alone() {
    let custom = get(|| async { (StatusCode::CONFLICT, Json(json!({ "code": "OWN" }))) });
    let empty = get(|| async { StatusCode::UNAUTHORIZED });
    let router = Router::new().route("/api/own", custom).route("/api/auth/empty", empty);
    let app = wrap(router, settings(), deps());

    assert_eq!(send(&app, get_request("/api/own")).await.json(), json!({ "code": "OWN" }));
    let answer = send(&app, get_request("/api/auth/empty")).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (401, ""));
}
