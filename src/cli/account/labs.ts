import { formatRemaining } from '../../core/base/format'
import { plainText } from '../../core/base/plain-text'
import { MINUTE_MS } from '../../core/base/time'
import type { Clock } from '../../core/base/clock'
import type { ProviderError } from '../../core/pods/provider'
import { MAX_ACCOUNTS } from '../../core/settings/account-record'
import { accountIdOf, labAccountId } from '../../node/account-id'
import { openKeyUsageFile } from '../../node/data-folder/key-usage-file'
import { createHubifyKeys, type HubifyKeys } from '../../providers/hubify/hubify-keys'
import type { Lab } from '../../providers/hubify/parse-lab'
import { CliExit, exitCodes } from '../output/exit'
import type { AccountFailure, ChosenKey, HubifyEnvironmentKey } from './account'

/**
 * One client for each key of Hubify, so that its labs share its quota, also with the app and with other commands that
 * use this data folder. `folder`: null where nothing can be kept.
 */
export const createCliHubifyKeys = (clock: Clock, version: string, folder: string | null): HubifyKeys =>
  createHubifyKeys({
    version,
    hosts: 'any',
    proxyEnvironment: process.env,
    now: () => clock.now(),
    random: Math.random,
    usageOf: (baseUrl, key) =>
      folder === null
        ? undefined
        : openKeyUsageFile(folder, accountIdOf(new URL(baseUrl), key), () => clock.now().wallMs),
  })

/** The labs of a key. The error is the exit of a command that needs them. */
export async function readLabs(
  { key, baseUrl }: HubifyEnvironmentKey,
  hubify: HubifyKeys,
): Promise<readonly Lab[] | CliExit> {
  const labs = await hubify.open(baseUrl.href, key).listLabs()
  if (!labs.ok) return labsExit(labs.error)
  return labs.value.length > 0
    ? labs.value
    : new CliExit(
        exitCodes.noKey,
        'The key works but has no access to any lab. It needs permission to read labs (labs:read).',
      )
}

function labsExit({ kind, message, retryAfterMs }: ProviderError): CliExit {
  switch (kind) {
    case 'unauthorized':
      return new CliExit(exitCodes.noKey, `Hubify does not accept this key. ${message}`)
    case 'forbidden':
      return new CliExit(exitCodes.noKey, `The key is valid but has no permission to read labs. ${message}`)
    case 'unreadable':
      return new CliExit(
        exitCodes.unreachable,
        `Something between you and Hubify, such as a proxy, answered instead, so the labs could not be read. ${message}`,
      )
    case 'rate-limited':
      return new CliExit(
        exitCodes.unreachable,
        `This key has reached its request limit for now, so the labs could not be read. Try again in ${formatRemaining(retryAfterMs ?? MINUTE_MS)}.`,
      )
    default:
      return new CliExit(exitCodes.unreachable, `The labs could not be read. ${message}`)
  }
}

export interface EnvironmentLabs {
  readonly keys: readonly ChosenKey[]
  readonly failures: readonly AccountFailure[]
}

/** Every lab of the environment's key, each an account of its own. `usesAnnouncedRoutes`: by the id of the account. */
export async function environmentLabs(
  environment: HubifyEnvironmentKey,
  hubify: HubifyKeys,
  usesAnnouncedRoutes: (accountId: string) => boolean,
): Promise<EnvironmentLabs> {
  const labs = await readLabs(environment, hubify)
  if (labs instanceof CliExit) return { keys: [], failures: [{ name: 'Hubify', exit: labs }] }
  const { key, baseUrl } = environment
  const keys = labs.slice(0, MAX_ACCOUNTS).map((lab): ChosenKey => {
    const accountId = labAccountId(baseUrl, lab.id)
    return {
      source: 'environment',
      baseUrl,
      key,
      accountId,
      name: plainText(lab.name),
      lab: { id: lab.id, slug: lab.slug, usesAnnouncedRoutes: usesAnnouncedRoutes(accountId) },
    }
  })
  const text = `The key has access to ${labs.length} labs, and you can have up to ${MAX_ACCOUNTS} accounts. Choose the labs that matter: podkeeper login --provider hubify --lab LAB`
  const tooMany = { name: 'Hubify', exit: new CliExit(exitCodes.failed, text) }
  return { keys, failures: labs.length > MAX_ACCOUNTS ? [tooMany] : [] }
}

/** Throws a `CliExit` for one that the key does not see. None named: all. */
export function chooseLabs(labs: readonly Lab[], names: readonly string[]): readonly Lab[] {
  if (names.length === 0) return labs
  const isNamed =
    (name: string) =>
    (lab: Lab): boolean =>
      [lab.slug, lab.id, lab.name].some((each) => each.toLowerCase() === name.trim().toLowerCase())
  for (const name of names) {
    const found = labs.filter(isNamed(name))
    if (found.length === 1) continue
    const list = labs.map((lab) => `${plainText(lab.name)} (${plainText(lab.slug)})`).join(', ')
    const problem = found.length === 0 ? 'The key has no access to a lab called' : 'Several labs are called'
    throw new CliExit(
      exitCodes.usage,
      `${problem} ${plainText(name)}. Labs of this key: ${list}. Nothing was saved.`,
    )
  }
  return labs.filter((lab) => names.some((name) => isNamed(name)(lab)))
}
