// The settings both sides must run with. README.md says what each one means for the candidate.
export const SECRET = "coffer-compat-secret-7f3b1c9d5e2a4806";
export const GOOGLE = { clientId: "coffer-google-client", clientSecret: "coffer-google-secret" };
export const EXTRA_ORIGINS = ["http://trusted.example", "https://*.wild.example", "cofferapp://"];
export const COOKIE_CACHE_SECONDS = 300;
export const SECURE_BASE = "https://secure.coffer.test";

// default: everything on, rate limit off, http base URL
// strict:  requireEmailVerification (sign-up gives no session, unverified sign-in is 403)
// limited: rate limiter on, memory store, stock rules
// secure:  base URL is https (cookie prefix and Secure attribute), still served over plain http
export const PROFILES = ["default", "strict", "limited", "secure"];
