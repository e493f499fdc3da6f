export const hardeningText = {
  terminalLinkProblem: 'From a terminal, Podkeeper only opens https addresses without a name or password.',
  webAppProblem: (address: string) =>
    `The web app at ${address} was not opened: only https addresses are allowed.`,
  unsafeSwitches: (names: readonly string[]) =>
    `Podkeeper does not start with ${names.map((name) => `--${name}`).join(', ')}.`,
  proxyOnly: 'Podkeeper opens ports of pods through Runpod’s proxy only.',
  forwardsOnly: 'Podkeeper opens forwarded ports of this computer only.',
  knownPagesOnly: 'Podkeeper opens pages of Runpod and Hubify in the browser, and no others.',
} as const

/** Why a request of a page was not carried out. */
export const gateText = {
  foreignPage: 'This page may not request that.',
  unknownRequest: 'Podkeeper doesn’t know this request.',
  tooLarge: (request: string) => `Podkeeper’s window sent too much with ${request}.`,
  invalid: (request: string) => `Podkeeper’s window sent an invalid request: ${request}.`,
} as const
