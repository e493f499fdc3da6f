import { formatUsd } from '../../core/base/text/format'
import type { KeyStorage } from '../../core/settings/key-storage-text'
import type { FailedKeyCheck, KeyCheckResult } from '../../shared/requests/account-requests'

/** Name of each platform's keyring. */
const STORAGE_NAMES: { readonly [K in KeyStorage]?: string } = {
  keychain: 'the Keychain',
  dpapi: 'the settings file, encrypted by Windows',
  'system-keyring': 'the system keyring',
}

/** The result of a key check as text; for an accepted key, also where it is stored. */
export function verdictText(verdict: KeyCheckResult): string {
  switch (verdict.kind) {
    case 'accepted': {
      const pods = verdict.podCount === 1 ? '1 pod' : `${verdict.podCount} pods`
      const balance = verdict.balanceUsd === null ? '' : ` Balance ${formatUsd(verdict.balanceUsd)}.`
      // A key that lasts for the session only is reported by a permanent message, not here.
      const storageText = STORAGE_NAMES[verdict.storage]
        ? ` The key ending in ${verdict.ending} is stored in ${STORAGE_NAMES[verdict.storage]}.`
        : ''
      return `Watching ${pods}.${balance}${storageText}`
    }
    case 'refused':
    case 'not-a-key':
    case 'undecided':
      return failedKeyText(verdict)
  }
}

/** Why a key was not accepted, and what to do. */
export function failedKeyText({ kind, message }: FailedKeyCheck): string {
  const sentence = /[.!?…]$/.test(message) ? message : `${message}.`
  switch (kind) {
    case 'refused':
      return `${sentence} Copy the key again, or create one with read access.`
    case 'undecided':
      return `${sentence} Try again in a moment.`
    case 'not-a-key':
      return sentence
  }
}
