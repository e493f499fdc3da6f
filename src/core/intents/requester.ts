import { type Intent, intentOrigins } from './intent'

/** Who asked for it: the user in Podkeeper, on the command line or by an API token, or a rule that the user set. */
export const intentRequesters = [...intentOrigins, 'command-line', 'api-token'] as const
export type IntentRequester = (typeof intentRequesters)[number]

export function requesterOf({
  origin,
  isFromCommandLine,
  tokenName,
}: Pick<Intent, 'origin' | 'isFromCommandLine' | 'tokenName'>): IntentRequester {
  if (origin !== 'person') return origin
  if (tokenName !== undefined) return 'api-token'
  return isFromCommandLine ? 'command-line' : origin
}
