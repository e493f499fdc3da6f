import { formatUsd } from '../../core/base/format'
import type { KeyStorage } from '../../core/view/snapshot'
import type { KeyVerdict } from '../../shared/ipc'

/** What each system calls it; the settings page says what it is worth. */
const PLACES: { readonly [K in KeyStorage]?: string } = {
  keychain: 'the Keychain',
  dpapi: 'the settings file, encrypted by Windows',
  'system-keyring': 'the system keyring',
}

/** What became of a key, in words; of an accepted one also where it lies. */
export function verdictWords(verdict: KeyVerdict): string {
  switch (verdict.kind) {
    case 'accepted': {
      const pods = verdict.podCount === 1 ? '1 pod' : `${verdict.podCount} pods`
      const balance = verdict.balanceUsd === null ? '' : ` Balance ${formatUsd(verdict.balanceUsd)}.`
      // That a key lasts for this session only is said for as long as it is so, elsewhere.
      const place = PLACES[verdict.storage]
        ? ` The key ending in ${verdict.ending} is kept in ${PLACES[verdict.storage]}.`
        : ''
      return `Works. ${pods} seen.${balance}${place}`
    }
    case 'refused':
    case 'not-a-key':
    case 'undecided':
      return verdict.message
  }
}
