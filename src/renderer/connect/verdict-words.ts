import { formatUsd } from '../../core/format'
import type { KeyVerdict } from '../../shared/ipc'

/** What became of a key, in words; of an accepted one also where it lies. */
export function verdictWords(verdict: KeyVerdict): string {
  switch (verdict.kind) {
    case 'accepted': {
      const pods = verdict.podCount === 1 ? '1 pod' : `${verdict.podCount} pods`
      const balance = verdict.balanceUsd === null ? '' : ` Balance ${formatUsd(verdict.balanceUsd)}.`
      // That a key lasts for this session only is said for as long as it is so, elsewhere.
      const place =
        verdict.storage === 'system-keyring'
          ? ` The key ending in ${verdict.ending} is kept in the system keyring.`
          : ''
      return `Works. ${pods} seen.${balance}${place}`
    }
    case 'refused':
    case 'not-a-key':
    case 'undecided':
      return verdict.message
  }
}
