// The plugins of Better Auth that some scenarios ask for: at the reference, and in the client.
import { passkey } from "@better-auth/passkey";
import { passkeyClient } from "@better-auth/passkey/client";
import { twoFactorClient } from "better-auth/client/plugins";
import { twoFactor } from "better-auth/plugins";
import { twoFactorClient as oldTwoFactorClient } from "better-auth-1-2-8/client/plugins";

const PLUGINS = {
  "two-factor": {
    server: ({ sendCode }) => twoFactor({ otpOptions: { sendOTP: ({ user, otp }) => sendCode(user.email, otp) } }),
    clients: { "1.7.24": () => twoFactorClient(), "1.2.8": () => oldTwoFactorClient() },
  },
  passkey: {
    server: ({ base }) => passkey({ rpName: "Coffer", rpID: new URL(base).hostname, origin: base }),
    clients: { "1.7.24": () => passkeyClient() },
  },
};

export const serverPlugins = (names, given) => names.map((name) => PLUGINS[name].server(given));
export const clientPlugins = (names, version) => names.map((name) => PLUGINS[name].clients[version]());
