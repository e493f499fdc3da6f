/** Why a key can’t be used or stored. */
export const keyText = {
  noKeyring: 'this system offers no keyring',
  keyringSilent: 'the system keyring doesn’t respond; it may be asking for its password in another window',
  keyringLocked: 'the system keyring is locked',
  refused: (provider: string, details: string) => `${provider} does not accept this key. ${details}`,
  mayNotSee: (provider: string | undefined, details: string) =>
    `The key is valid, but may not see ${provider === 'hubify' ? 'labs' : 'pods'}. ${details}`,
  answeredByOther: (provider: string, details: string) =>
    `Something between you and ${provider}, such as a proxy, answered instead, so the key could not be checked. ${details}`,
  notChecked: (details: string) => `The key could not be checked. ${details}`,
  /** `podNames`: of pods with an action in progress. `again`: what to do after that. */
  openActions: (podNames: readonly string[], again: string) =>
    `This has to wait: an action is in progress (${podNames.join(', ')}) and Podkeeper would lose track of it. Undo it or wait until it ends, then ${again}.`,
} as const
