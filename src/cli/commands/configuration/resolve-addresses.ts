import type { Channel } from '../../../core/channels/channel'
import type { ChannelEntry, Configuration, SecretReference } from '../../../core/configuration/configuration'
import {
  comparableName,
  type ConfigurationProblem,
  type GivenAddress,
} from '../../../core/configuration/configuration-plan'
import type { ChannelAddress, ChannelStore } from '../../../node/channels/channel-store'
import {
  hostOfTarget,
  parseChannelTarget,
  parseSecretAddress,
} from '../../../providers/channels/channel-target'
import { configurationText } from './configuration-text'
import { errorText } from '../../../core/base/text/error-text'
import { fail, ok, type Result } from '../../../core/base/result'
import { readDataFile } from '../../../node/data-folder/files/read-data-file'

const MAX_BYTES = 10_000

/** The secret that a file of configuration refers to; the error is a sentence without it. */
function readSecret(reference: SecretReference, env: NodeJS.ProcessEnv): Result<string, string> {
  if ('env' in reference) {
    const value = env[reference.env]?.trim() ?? ''
    return value === '' ? fail(configurationText.noVariable(reference.env)) : ok(value)
  }
  const { file } = reference
  try {
    const value = readDataFile(file, MAX_BYTES)?.trim()
    if (value === undefined) return fail(configurationText.missingSecretFile(file))
    return value === '' ? fail(configurationText.emptySecretFile(file)) : ok(value)
  } catch (cause) {
    return fail(configurationText.noSecretFile(file, errorText(cause)))
  }
}

export interface ResolvedAddress extends GivenAddress {
  readonly address: ChannelAddress
}

export interface ResolvedAddresses {
  /** By the place of the channel in the file. */
  readonly addresses: ReadonlyMap<number, ResolvedAddress>
  readonly problems: readonly ConfigurationProblem[]
}

/** Reads the addresses that channels of the file refer to, and compares them with those that are kept. */
export async function resolveAddresses(
  entries: readonly ChannelEntry[],
  store: Pick<ChannelStore, 'list' | 'addressOf'>,
  env: NodeJS.ProcessEnv,
  report: (text: string) => void,
): Promise<ResolvedAddresses> {
  const addresses = new Map<number, ResolvedAddress>()
  const problems: ConfigurationProblem[] = []
  for (const [at, entry] of entries.entries()) {
    if (entry.address === undefined) continue
    const address = readSecret(entry.address, env)
    const token = entry.token === undefined ? null : readSecret(entry.token, env)
    const place = ['channels', at]
    if (!address.ok) problems.push({ path: [...place, 'address'], message: address.error })
    if (token !== null && !token.ok) problems.push({ path: [...place, 'token'], message: token.error })
    if (!address.ok || (token !== null && !token.ok)) continue
    const given = { address: address.value, token: token === null ? null : token.value }
    const target = parseChannelTarget(entry.kind, given.address, given.token)
    if (!target.ok) {
      problems.push({ path: [...place, 'address'], message: target.error })
      continue
    }
    const host = hostOfTarget(target.value)
    const channel = store.list().find((each) => comparableName(each.name) === comparableName(entry.name))
    const isKept = channel !== undefined && (await isSame(channel, host, given, store, report))
    addresses.set(at, { host, isKept, address: given })
  }
  return { addresses, problems }
}

export interface ResolvedHeartbeat {
  /** Null: the file names none. */
  readonly address: (GivenAddress & { readonly url: string }) | null
  readonly problems: readonly ConfigurationProblem[]
}

/** The same for the address of the dead-man's switch. `kept`: the one that is set; null: none is. */
export function resolveHeartbeat(
  entry: Configuration['heartbeat'],
  kept: string | null,
  env: NodeJS.ProcessEnv,
): ResolvedHeartbeat {
  if (entry?.address === undefined) return { address: null, problems: [] }
  const secret = readSecret(entry.address, env)
  const url = secret.ok ? parseSecretAddress(secret.value, 'any') : secret
  if (!url.ok) return { address: null, problems: [{ path: ['heartbeat', 'address'], message: url.error }] }
  const { host, href } = url.value
  return { address: { host, isKept: href === kept, url: href }, problems: [] }
}

async function isSame(
  channel: Channel,
  host: string,
  given: ChannelAddress,
  store: Pick<ChannelStore, 'addressOf'>,
  report: (text: string) => void,
): Promise<boolean> {
  const kept = await store.addressOf(channel.id)
  if (kept.ok) return kept.value.address === given.address && kept.value.token === given.token
  // Only the app can read it.
  if (channel.host !== host) return false
  report(configurationText.addressNotCompared(channel.name))
  return true
}
