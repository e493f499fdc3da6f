import { noKeyringText } from '../../../core/settings/key-storage-text'

/** Why a key can’t be used or stored. */
export const keyText = {
  noKeyring: noKeyringText,
  keyringSilent: 'the system keyring doesn’t respond; it may be asking for its password in another window',
  keyringLocked: 'the system keyring is locked',
  /** `podNames`: of pods with an action in progress. `again`: what to do after that. */
  openActions: (podNames: readonly string[], again: string) =>
    `This has to wait: an action is in progress (${podNames.join(', ')}) and Podkeeper would lose track of it. Undo it or wait until it ends, then ${again}.`,
} as const
