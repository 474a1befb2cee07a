// Scenarios in which AUTH_PROFILE=hardened has to answer differently, each with its one reason.
// One that does not differ fails the run: then its line goes. `{ clients, reason }` is for what only some clients see.
const page = "A mailed link leads to a page with a button, because scanners of mail open links.";
const path = "A target on our own origin leaves as a path.";
const nonce = "Every sign-in at a provider carries a nonce, which its ID token has to repeat.";

export const mayDiffer = {
  "sign-up-short-password": "Passwords have 12 characters or more.",
  "sign-in-with-callback-url": path,
  "revoked-session-lives-in-cookie-cache": "The display cache answers get-session and nothing else.",
  "delete-user-by-mail": page,
  "change-password": "Other sessions end unless the request says otherwise.",
  "reset-password": path,
  "reset-password-invalid-token": path,
  "verify-email": page,
  "verify-email-link-redirects": page,
  "send-verification-email": page,
  "change-email-unverified": page,
  "origin-wrong-without-cookie": "The origin of every change is checked, with a cookie or without.",
  "social-authorization-url": nonce,
  "social-new-user": nonce,
  "social-state-unknown": nonce,
  "social-provider-error": nonce,
  "old-access-token-by-provider": "An ID token is read once and not kept.",
  "strict-sign-up-gives-no-session": page,
  "secure-links-and-origins": page,
};
