export const hardeningText = {
  terminalLinkProblem: 'From a terminal, Podkeeper only opens https addresses without a name or password.',
  webAppProblem: (address: string) =>
    `The web app is at ${address}, which is not opened: only https addresses are.`,
  proxyOnly: 'Podkeeper opens ports of pods through Runpod’s proxy only.',
  knownPagesOnly: 'Podkeeper opens pages of Runpod and Hubify in the browser, and no others.',
} as const
