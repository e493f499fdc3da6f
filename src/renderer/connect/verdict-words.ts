import { formatUsd } from '../../core/format'
import type { KeyVerdict } from '../../shared/ipc'

/** What became of a key, in words; of an accepted one also where it lies. */
export function verdictWords(verdict: KeyVerdict): string {
  switch (verdict.kind) {
    case 'accepted': {
      const pods = verdict.podCount === 1 ? '1 pod' : `${verdict.podCount} pods`
      const balance = verdict.balanceUsd === null ? '' : ` Balance ${formatUsd(verdict.balanceUsd)}.`
      const place =
        verdict.storage === 'system-keyring'
          ? 'is kept in the system keyring'
          : 'is kept for this session only: no system keyring was found, so it is asked for again after a restart'
      return `Works. ${pods} seen.${balance} The key ending in ${verdict.ending} ${place}.`
    }
    case 'refused':
    case 'not-a-key':
    case 'undecided':
      return verdict.message
  }
}
