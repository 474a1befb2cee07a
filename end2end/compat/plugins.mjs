// Scenarios of Better Auth's plugins in which both profiles answer differently, each with its one reason.
// One that does not differ fails the run: then its line goes.
const proven = "A passkey stands for the password and the second factor, so it has to prove who holds it.";

export const pluginsDiffer = {
  "two-factor-enable": "The answer that switches the second factor on says that it is on.",
  "two-factor-trusted-device": "A cookie that the browser does not have is not taken away.",
  "passkey-register": proven,
  "passkey-sign-in": proven,
  "passkey-unknown": proven,
  "passkey-nobody": proven,
  "passkey-rename-and-delete": "Somebody else's passkey is answered like one that is not there.",
};
