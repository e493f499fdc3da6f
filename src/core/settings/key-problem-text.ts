import type { ProviderError } from '../pods/provider'
import { providerName } from './account-record'

/**
 * What a key may not do, or why that could not be found out, as sentences. `provider`: absent: Runpod. `what`: what
 * could not be done then.
 */
export function keyProblemText(
  { kind, message }: Pick<ProviderError, 'kind' | 'message'>,
  provider?: string,
  what: 'The key could not be checked' | 'The labs could not be read' = 'The key could not be checked',
): string {
  const name = providerName(provider)
  switch (kind) {
    case 'unauthorized':
      return `${name} does not accept this key. ${message}`
    case 'forbidden':
      return `The key is valid but has no permission to read ${provider === 'hubify' ? 'labs' : 'pods'}. ${message}`
    case 'unreadable':
      return `Something between you and ${name}, such as a proxy, answered instead, so ${what.replace('The', 'the')}. ${message}`
    default:
      return `${what}. ${message}`
  }
}

/** Of a key of Hubify that sees nothing. */
export const noLabsText =
  'The key works but has no access to any lab. Create a lab in Hubify, or use a key with permission to read labs (labs:read).'
