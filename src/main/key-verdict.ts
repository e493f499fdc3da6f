import type { ProviderError } from '../core/ports'
import type { KeyVerdict } from '../shared/ipc'

/** What a failed try says of a key. */
export function verdictOf(error: ProviderError): KeyVerdict {
  switch (error.kind) {
    case 'unauthorized':
      return { kind: 'refused', message: `Runpod does not accept this key. ${error.message}` }
    case 'forbidden':
      return { kind: 'refused', message: `The key is valid, but may not see pods. ${error.message}` }
    case 'unreadable':
      return {
        kind: 'undecided',
        message: `Something between us and Runpod answered in its place, so the key could not be tried. ${error.message}`,
      }
    default:
      return { kind: 'undecided', message: `The key could not be tried. ${error.message}` }
  }
}
