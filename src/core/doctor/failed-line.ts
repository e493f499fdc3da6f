import type { ProviderError } from '../pods/provider'
import type { DoctorCheckId, DoctorLine } from './doctor-line'
import { accountCheckText, permissionEffects } from './doctor-text'

/**
 * What a failed read says of the key and the API. A missing permission (403 in the API's own format), a key that isn't
 * accepted (401), an address that doesn't exist (404) and a reply of something between are told apart.
 */
export function failedLine(
  id: Exclude<DoctorCheckId, 'key'> & keyof typeof permissionEffects,
  { kind, message, status }: ProviderError,
  providerName: string,
): DoctorLine {
  const [what, effect] = permissionEffects[id]
  switch (kind) {
    case 'forbidden':
      return {
        id,
        verdict: id === 'pods' ? 'problem' : 'warning',
        text: accountCheckText.noPermission(what, status, effect),
      }
    case 'unauthorized':
      return { id, verdict: 'problem', text: accountCheckText.unauthorized(what) }
    case 'rate-limited':
      return { id, verdict: 'not-checked', text: accountCheckText.heldBack }
    case 'not-found':
      return { id, verdict: 'warning', text: accountCheckText.notServed(providerName) }
    case 'invalid':
      // GraphQL refuses a whole query with status 200 and its own words.
      if (id === 'balance')
        return { id, verdict: 'warning', text: accountCheckText.refused(what, message, effect) }
      return { id, verdict: 'problem', text: accountCheckText.failed(message) }
    default:
      return { id, verdict: 'problem', text: accountCheckText.failed(message) }
  }
}
