import { plainText } from '../../core/base/text/plain-text'
import type { ProviderError } from '../../core/pods/provider'
import { MAX_ACCOUNTS } from '../../core/settings/account-record'
import { accountIdOf, labAccountId } from '../../node/account-id'
import { openKeyUsageFile } from '../../node/data-folder/key-usage-file'
import { createHubifyKeys, type HubifyKeys } from '../../providers/hubify/hubify-keys'
import type { Lab } from '../../providers/hubify/parse-lab'
import { CliExit, exitCodes } from '../output/exit'
import type { AccountFailure, ChosenKey, ClientOptions, HubifyEnvironmentKey } from './account'
import { noLabsText } from '../../core/settings/key-problem-text'
import { labsText } from './account-text'

/**
 * One client for each key of Hubify, so that its labs share its quota, also with the app and with other commands that
 * use this data folder. `folder`: null where nothing can be kept.
 */
export const createCliHubifyKeys = (
  { clock, version, env }: ClientOptions,
  folder: string | null,
): HubifyKeys =>
  createHubifyKeys({
    version,
    hosts: 'any',
    proxyEnvironment: env,
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
  return labs.value.length > 0 ? labs.value : new CliExit(exitCodes.noKey, noLabsText)
}

function labsExit(error: ProviderError): CliExit {
  const isKeyAtFault = error.kind === 'unauthorized' || error.kind === 'forbidden'
  return new CliExit(isKeyAtFault ? exitCodes.noKey : exitCodes.unreachable, labsText.problem(error))
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
  const tooMany = { name: 'Hubify', exit: new CliExit(exitCodes.failed, labsText.tooMany(labs.length)) }
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
    throw new CliExit(exitCodes.usage, labsText.notChosen(name, found.length > 1, list))
  }
  return labs.filter((lab) => names.some((name) => isNamed(name)(lab)))
}
