import { parseApiKey } from '../../core/settings/api-key'
import type { Clock } from '../../core/base/clock'
import type { Provider } from '../../core/pods/provider'
import type { Settings } from '../../core/settings/settings'
import type { AccountView } from '../../core/view/snapshot'
import { accountIdOf } from '../../node/account-id'
import { chooseBaseUrl } from '../../providers/choose-base-url'
import { providers } from '../../providers/index'
import { createDemo, demoSettings } from '../../simulator/demo'
import { CliExit, exitCodes, NoKeyExit } from '../output/exit'
import type { StoredCliKey } from './key-file'

/** An account for the monitor, with its provider. */
export interface CliAccount {
  readonly view: Omit<AccountView, 'isMonitorOnly'>
  readonly provider: Provider
  /** The key in use and its address; null for the demo. `isNewAccount`: the person said that it is another account. */
  readonly key: { readonly id: string; readonly baseUrl: string; readonly isNewAccount: boolean } | null
  /** Why rules of the data folder don't apply, and what to do; null: they do. */
  readonly question: string | null
  /** The only SSH key of its pods, for the demo. */
  readonly sshKey?: string
  /** Overrides the user's settings. */
  readonly settings: Partial<Settings>
  readonly close: () => Promise<void>
}

/**
 * Possible sources of a key and its address; the first of each that is set counts. The settings are none: a file must
 * not decide where a key from the environment goes.
 */
export interface KeySources {
  readonly environmentKey: string | undefined
  readonly storedKey: () => StoredCliKey | null
  /** The same, and null where it cannot be read. */
  readonly earlierKey: () => StoredCliKey | null
  readonly baseUrlOption: string | undefined
  readonly environmentBaseUrl: string | undefined
}

/** The address of the API to use. Throws a `CliExit` if it is invalid. */
export function findBaseUrl(sources: KeySources, stored: StoredCliKey | null): URL {
  const url = chooseBaseUrl(
    [
      { source: '--base-url', text: sources.baseUrlOption },
      { source: 'RUNPOD_API_BASE_URL', text: sources.environmentBaseUrl },
      { source: 'The address beside the kept key', text: stored?.baseUrl },
    ],
    'any',
  )
  if (!url.ok) throw new CliExit(exitCodes.usage, url.error)
  return url.value
}

/** Says that the address of the settings is not used, where somebody may expect it; otherwise null. */
export function ignoredAddressText(
  { environmentKey, baseUrlOption, environmentBaseUrl }: KeySources,
  setting: string | null,
): string | null {
  if (setting === null || !environmentKey) return null
  if (baseUrlOption !== undefined || environmentBaseUrl !== undefined) return null
  return `RUNPOD_API_KEY goes to Runpod, not to ${setting}, which only the app uses. To send it there: --base-url ${setting}`
}

interface ChosenKey {
  readonly baseUrl: URL
  readonly key: string
  /** The account of a kept key, once it was found out. */
  readonly accountId?: string
}

/** The key and the address to send it to. Throws a `CliExit` if there is none or it belongs to another address. */
export function chooseKey(sources: KeySources): ChosenKey {
  const { environmentKey } = sources
  if (environmentKey !== undefined && environmentKey !== '') {
    const key = parseApiKey(environmentKey)
    if (key === null)
      throw new CliExit(exitCodes.noKey, 'RUNPOD_API_KEY holds nothing that looks like an API key.')
    const baseUrl = findBaseUrl(sources, null)
    // What the person answered at `podkeeper login` for this very key holds for it here, too.
    const earlier = sources.earlierKey()
    const isSame = earlier?.key === key && earlier.baseUrl === baseUrl.href
    return {
      baseUrl,
      key,
      ...(isSame && earlier.accountId !== undefined && { accountId: earlier.accountId }),
    }
  }
  const stored = sources.storedKey()
  if (stored === null)
    throw new NoKeyExit(
      'There is no key yet. Keep one with `podkeeper login`, set RUNPOD_API_KEY, or look around with `podkeeper demo`.',
    )
  const baseUrl = findBaseUrl(sources, stored)
  // A key is never sent to a host other than the one it was given for.
  if (baseUrl.href !== stored.baseUrl)
    throw new CliExit(
      exitCodes.noKey,
      `The kept key is for ${stored.baseUrl}. Give one for ${baseUrl.href}: podkeeper login --base-url ${baseUrl.href}`,
    )
  const { key, accountId } = stored
  return { baseUrl, key, ...(accountId !== undefined && { accountId }) }
}

export function createProvider(baseUrl: URL, key: string, clock: Clock, version: string): Provider {
  return providers.runpod.create({
    baseUrl: baseUrl.href,
    apiKey: key,
    version,
    hosts: 'any',
    proxyEnvironment: process.env,
    now: () => clock.now(),
    random: Math.random,
  })
}

/** `accountIdFor` returns the id under which the account of a key is stored. */
export function openAccount(
  sources: KeySources,
  accountIdFor: (keyId: string) => string,
  clock: Clock,
  version: string,
): CliAccount {
  const { baseUrl, key, accountId } = chooseKey(sources)
  const keyId = accountIdOf(baseUrl, key)
  return {
    key: { id: keyId, baseUrl: baseUrl.href, isNewAccount: accountId === keyId },
    question: null,
    view: {
      id: accountId ?? accountIdFor(keyId),
      isDemo: false,
      host: baseUrl.host,
      keyStorage: 'session-only',
    },
    provider: createProvider(baseUrl, key, clock, version),
    settings: {},
    close: () => Promise.resolve(),
  }
}

/** Simulated pods on a simulator inside this process. */
export async function openDemo(clock: Clock, version: string): Promise<CliAccount> {
  const demo = await createDemo()
  const baseUrl = new URL(`${demo.simulator.url}/v2`)
  return {
    key: null,
    question: null,
    view: { id: 'demo', isDemo: true, host: 'this computer', keyStorage: 'none-needed' },
    provider: createProvider(baseUrl, demo.key, clock, version),
    sshKey: demo.sshKey,
    settings: demoSettings,
    close: () => demo.simulator.close(),
  }
}
