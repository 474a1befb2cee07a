// Scenarios in which AUTH_PROFILE=hardened has to answer differently, each with its one reason.
// One that does not differ fails the run: then its line goes.
export const mayDiffer = {};
