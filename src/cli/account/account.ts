import { parseApiKey } from '../../core/settings/api-key'
import type { Clock } from '../../core/base/time/clock'
import type { Provider } from '../../core/pods/provider'
import type { LabRecord, ProviderKind } from '../../core/settings/account-record'
import type { Settings } from '../../core/settings/settings'
import type { AccountView } from '../../core/view/snapshot'
import { accountIdOf } from '../../node/account-id'
import type { HubifyKeys } from '../../providers/hubify/hubify-keys'
import { chooseBaseUrl } from '../../providers/choose-base-url'
import { providers } from '../../providers/index'
import { CliExit, exitCodes, NoKeyExit } from '../output/exit'
import type { StoredCliKey } from './key-file'
import { keyText } from './account-text'

/** An account for the monitor, with its provider. */
export interface CliAccount {
  /** What a person calls it. */
  readonly name: string
  readonly view: Omit<AccountView, 'isMonitorOnly'>
  readonly provider: Provider
  /** The lab that it is; absent: an account at Runpod, or the demo. */
  readonly lab?: LabRecord
  /** The key in use and its address; null for the demo. `isNewAccount`: the user stated that it is another account. */
  readonly key: { readonly id: string; readonly baseUrl: string; readonly isNewAccount: boolean } | null
  /** Why rules of the data folder don't apply, and what to do; null: they do. */
  readonly question: string | null
  /** The only SSH key of its pods, for the demo. */
  readonly sshKey?: string
  /** Overrides the user's settings. */
  readonly settings: Partial<Settings>
  /** See `QueueAccount`. */
  readonly addedAtMs?: number | undefined
  readonly close: () => Promise<void>
}

/** Possible sources of keys and their addresses. The settings are none: a file must not decide where a key goes. */
export interface KeySources {
  /** Only accounts of this one, and what `baseUrlOption` is for; undefined: all, and Runpod. */
  readonly providerOption?: ProviderKind | undefined
  readonly environmentKey: string | undefined
  /** The same at Hubify. */
  readonly environmentHubifyKey?: string | undefined
  readonly environmentHubifyBaseUrl?: string | undefined
  readonly storedKeys: () => readonly StoredCliKey[]
  readonly baseUrlOption: string | undefined
  readonly environmentBaseUrl: string | undefined
}

/** The address of the API to use. Throws a `CliExit` if it is invalid. */
export function findBaseUrl(
  sources: KeySources,
  stored: StoredCliKey | null,
  provider: ProviderKind = stored?.lab === undefined ? 'runpod' : 'hubify',
): URL {
  const isForOption = provider === (sources.providerOption ?? 'runpod')
  const url = chooseBaseUrl(
    [
      { source: '--base-url', text: isForOption ? sources.baseUrlOption : undefined },
      provider === 'runpod'
        ? { source: 'RUNPOD_API_BASE_URL', text: sources.environmentBaseUrl }
        : { source: 'HUBIFY_API_BASE_URL', text: sources.environmentHubifyBaseUrl },
      { source: keyText.savedAddress, text: stored?.baseUrl },
    ],
    'any',
    provider,
  )
  if (!url.ok) throw new CliExit(exitCodes.usage, url.error)
  return url.value
}

/** States that the address of the settings is not used, if the user may expect it; otherwise null. */
export function ignoredAddressText(
  { environmentKey, baseUrlOption, environmentBaseUrl }: KeySources,
  setting: string | null,
): string | null {
  if (setting === null || !environmentKey) return null
  if (baseUrlOption !== undefined || environmentBaseUrl !== undefined) return null
  return keyText.ignoredAddress(setting)
}

/** What the key of the environment is called as an account. */
export const ENVIRONMENT = 'environment'

export interface ChosenKey {
  readonly source: 'environment' | 'kept'
  readonly baseUrl: URL
  readonly key: string
  /** The id of its account, once it was found out. */
  readonly accountId?: string
  readonly name?: string
  /** When its account was added here, Unix ms; absent: not known. */
  readonly addedAtMs?: number
  /** Present where the key is for a lab. */
  readonly lab?: LabRecord
}

/** A key of Hubify in the environment, whose labs are not known yet. */
export interface HubifyEnvironmentKey {
  readonly baseUrl: URL
  readonly key: string
}

/** An account that cannot be asked, and why. */
export interface AccountFailure {
  readonly name: string
  readonly exit: CliExit
}

export interface ChosenKeys {
  readonly keys: readonly ChosenKey[]
  readonly failures: readonly AccountFailure[]
  /** Kept for another address than the one that was asked for. */
  readonly leftOut: readonly AccountFailure[]
  /** Null: there is none. */
  readonly hubify: HubifyEnvironmentKey | null
}

/**
 * The keys and the addresses to send them to: that of the environment, and those that are kept. Throws a `CliExit` if
 * there is none, or none that can be used.
 */
export function chooseKeys(sources: KeySources): ChosenKeys {
  const keys: ChosenKey[] = []
  const failures: AccountFailure[] = []
  const leftOut: AccountFailure[] = []
  let stored: readonly StoredCliKey[] = []
  try {
    stored = sources.storedKeys()
  } catch (cause) {
    if (!(cause instanceof CliExit)) throw cause
    failures.push({ name: keyText.savedKeys, exit: cause })
  }
  const { environmentKey, environmentHubifyKey, providerOption, baseUrlOption } = sources
  const isAsked = (provider: ProviderKind): boolean =>
    providerOption === undefined || providerOption === provider
  if (isAsked('runpod') && environmentKey !== undefined && environmentKey !== '') {
    const key = parseApiKey(environmentKey)
    if (key === null)
      failures.unshift({
        name: ENVIRONMENT,
        exit: new CliExit(exitCodes.noKey, keyText.noRunpodKey),
      })
    else keys.push({ source: 'environment', ...environmentKeyOf(key, findBaseUrl(sources, null), stored) })
  }
  // An address of Runpod says that its accounts are meant.
  const areLabsAsked = isAsked('hubify') && (baseUrlOption === undefined || providerOption === 'hubify')
  let hubify: HubifyEnvironmentKey | null = null
  if (areLabsAsked && environmentHubifyKey !== undefined && environmentHubifyKey !== '') {
    const key = parseApiKey(environmentHubifyKey, 'hubify')
    if (key === null)
      failures.push({ name: 'Hubify', exit: new CliExit(exitCodes.noKey, keyText.noHubifyKey) })
    else hubify = { key, baseUrl: findBaseUrl(sources, null, 'hubify') }
  }
  for (const one of stored) {
    const { baseUrl: storedUrl, key, accountId, name, lab, addedAtMs } = one
    const label = name ?? keyText.keyEnding(key.slice(-4))
    if (lab === undefined ? !isAsked('runpod') : !areLabsAsked) {
      if (providerOption === undefined)
        leftOut.push({ name: label, exit: new CliExit(exitCodes.noKey, keyText.isLab) })
      continue
    }
    const baseUrl = findBaseUrl(sources, one)
    // A key is never sent to a host other than the one it was given for.
    if (baseUrl.href !== storedUrl)
      leftOut.push({
        name: label,
        exit: new CliExit(exitCodes.noKey, keyText.forOtherAddress(storedUrl, baseUrl.href)),
      })
    else
      keys.push({
        source: 'kept',
        baseUrl,
        key,
        ...(accountId !== undefined && { accountId }),
        ...(name !== undefined && { name }),
        ...(addedAtMs !== undefined && { addedAtMs }),
        ...(lab !== undefined && { lab }),
      })
  }
  if (keys.length > 0 || hubify !== null) return { keys, failures, leftOut, hubify }
  const [reason] = [...failures, ...leftOut]
  throw reason?.exit ?? new NoKeyExit(keyText.noKey)
}

/** What the person answered at `podkeeper login` for this very key holds for it here, too. */
function environmentKeyOf(
  key: string,
  baseUrl: URL,
  stored: readonly StoredCliKey[],
): Omit<ChosenKey, 'source'> {
  const same = stored.find((other) => other.key === key && other.baseUrl === baseUrl.href)
  return { baseUrl, key, ...(same?.accountId !== undefined && { accountId: same.accountId }) }
}

/** What clients of APIs need of the program. */
export interface ClientOptions {
  readonly clock: Clock
  readonly version: string
  /** For the addresses of proxies. */
  readonly env: NodeJS.ProcessEnv
}

export function createProvider(baseUrl: URL, key: string, { clock, version, env }: ClientOptions): Provider {
  return providers.runpod.create({
    baseUrl: baseUrl.href,
    apiKey: key,
    version,
    hosts: 'any',
    proxyEnvironment: env,
    now: () => clock.now(),
    random: Math.random,
  })
}

/** An account of this id and name, with its key. */
export function openAccount(
  { baseUrl, key, accountId, lab, addedAtMs }: ChosenKey,
  { id, name }: { readonly id: string; readonly name: string },
  options: ClientOptions,
  hubify: HubifyKeys,
): CliAccount {
  const keyId = accountIdOf(baseUrl, key)
  return {
    name,
    key: { id: keyId, baseUrl: baseUrl.href, isNewAccount: accountId === keyId },
    question: null,
    view: { id, isDemo: false, host: baseUrl.host, keyStorage: 'session-only' },
    ...(lab !== undefined && { lab }),
    provider:
      lab === undefined
        ? createProvider(baseUrl, key, options)
        : hubify.open(baseUrl.href, key).lab(lab, () => lab),
    settings: {},
    addedAtMs,
    close: () => Promise.resolve(),
  }
}

/** Simulated pods on a simulator inside this process. */
export async function openDemo(options: ClientOptions): Promise<CliAccount> {
  // The simulator is a tenth of the program, and no other command needs it.
  const { createDemo, demoSettings } = await import('../../simulator/demo')
  const demo = await createDemo()
  const baseUrl = new URL(`${demo.simulator.url}/v2`)
  return {
    name: keyText.demo,
    key: null,
    question: null,
    view: { id: 'demo', isDemo: true, host: keyText.thisComputer, keyStorage: 'none-needed' },
    provider: createProvider(baseUrl, demo.key, options),
    sshKey: demo.sshKey,
    settings: demoSettings,
    close: () => demo.simulator.close(),
  }
}
