import * as v from 'valibot'
import { type Intent, intentOrigins } from './intent'

/** Who asked for it: the user in Podkeeper, on the command line, by an API token or in advance, or a rule that the user set. */
export const intentRequesters = [...intentOrigins, 'command-line', 'api-token', 'plan'] as const
export type IntentRequester = (typeof intentRequesters)[number]

/** The account of the system that a person on the command line has. */
export const personNameSchema = v.pipe(v.string(), v.regex(/^[\w.@-]{1,64}$/))

/** Who runs a command for another account with sudo. Undefined: nobody does, or it can't be said. */
export function sudoPersonOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { SUDO_USER: name } = env
  return v.is(personNameSchema, name) ? name : undefined
}

export function requesterOf({
  origin,
  isFromCommandLine,
  tokenName,
  isPlanned,
}: Pick<Intent, 'origin' | 'isFromCommandLine' | 'tokenName' | 'isPlanned'>): IntentRequester {
  if (origin !== 'person') return origin
  if (isPlanned === true) return 'plan'
  if (tokenName !== undefined) return 'api-token'
  return isFromCommandLine ? 'command-line' : origin
}
