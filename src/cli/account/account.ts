import { parseKey } from '../../core/settings/api-key'
import type { Clock } from '../../core/base/clock'
import type { Provider } from '../../core/pods/provider'
import type { Settings } from '../../core/settings/settings'
import type { AccountView } from '../../core/view/snapshot'
import { accountIdOf } from '../../node/account-id'
import { parseBaseUrl } from '../../providers/http/base-url'
import { providers } from '../../providers/index'
import { createDemo, demoSettings } from '../../simulator/demo'
import { Ending, exitCodes } from '../output/exit'
import type { KeptKey } from './key-file'

/** An account as the monitor takes it, and how to reach it. */
export interface Account {
  readonly view: Omit<AccountView, 'isMonitorOnly'>
  readonly provider: Provider
  /** Laid over the settings of the person. */
  readonly settings: Partial<Settings>
  readonly close: () => Promise<void>
}

/** Where a key and its address may come from, as found; the first of each that is set counts. */
export interface KeySources {
  readonly keyOfEnvironment: string | undefined
  readonly keptKey: () => KeptKey | null
  readonly baseUrlOption: string | undefined
  readonly baseUrlOfEnvironment: string | undefined
  readonly baseUrlSetting: string | null
}

/** The address of the API to use. Throws an `Ending` for one that cannot be used. */
export function chooseBaseUrl(sources: KeySources, kept: KeptKey | null): URL {
  const [where, text] = [
    ['--base-url', sources.baseUrlOption],
    ['RUNPOD_API_BASE_URL', sources.baseUrlOfEnvironment],
    ['The address beside the kept key', kept?.baseUrl],
    ['The base URL of the settings', sources.baseUrlSetting],
    ['The address', providers.runpod.defaultBaseUrl],
  ].find(([, each]) => each !== undefined && each !== null && each !== '') as [string, string]
  const url = parseBaseUrl(text, 'any')
  if (!url.ok) throw new Ending(exitCodes.usage, `${where} (${text}) cannot be used. ${url.error}`)
  return url.value
}

/** The key and where to send it. Throws an `Ending` when there is none, or it was not given for that address. */
export function chooseKey(sources: KeySources): { baseUrl: URL; key: string } {
  const { keyOfEnvironment } = sources
  if (keyOfEnvironment !== undefined && keyOfEnvironment !== '') {
    const key = parseKey(keyOfEnvironment)
    if (key === null)
      throw new Ending(exitCodes.noKey, 'RUNPOD_API_KEY holds nothing that looks like an API key.')
    return { baseUrl: chooseBaseUrl(sources, null), key }
  }
  const kept = sources.keptKey()
  if (kept === null)
    throw new Ending(
      exitCodes.noKey,
      'There is no key yet. Keep one with `podkeeper login`, set RUNPOD_API_KEY, or look around with `podkeeper demo`.',
    )
  const baseUrl = chooseBaseUrl(sources, kept)
  // A key is never shown to another host than the one that it was given for.
  if (baseUrl.href !== kept.baseUrl)
    throw new Ending(
      exitCodes.noKey,
      `The kept key is for ${kept.baseUrl}. Give one for ${baseUrl.href}: podkeeper login --base-url ${baseUrl.href}`,
    )
  return { baseUrl, key: kept.key }
}

export function providerFor(baseUrl: URL, key: string, clock: Clock, version: string): Provider {
  return providers.runpod.create({
    baseUrl: baseUrl.href,
    apiKey: key,
    version,
    hosts: 'any',
    now: () => clock.now(),
    random: Math.random,
  })
}

/** `accountIdFor`: by what name the account of a key is known. */
export function openAccount(
  sources: KeySources,
  accountIdFor: (keyId: string) => string,
  clock: Clock,
  version: string,
): Account {
  const { baseUrl, key } = chooseKey(sources)
  return {
    view: {
      id: accountIdFor(accountIdOf(baseUrl, key)),
      isDemo: false,
      host: baseUrl.host,
      keyStorage: 'session-only',
    },
    provider: providerFor(baseUrl, key, clock, version),
    settings: {},
    close: () => Promise.resolve(),
  }
}

/** Made-up pods on a simulator inside this process. */
export async function openDemo(clock: Clock, version: string): Promise<Account> {
  const demo = await createDemo()
  const baseUrl = new URL(`${demo.simulator.url}/v2`)
  return {
    view: { id: 'demo', isDemo: true, host: 'this computer', keyStorage: 'none-needed' },
    provider: providerFor(baseUrl, demo.key, clock, version),
    settings: demoSettings,
    close: () => demo.simulator.close(),
  }
}
