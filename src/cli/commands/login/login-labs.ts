import { freeLabName, MAX_ACCOUNTS } from '../../../core/settings/account-record'
import { parseApiKey } from '../../../core/settings/api-key'
import { labAccountId } from '../../../node/account-id'
import type { HubifyKeys } from '../../../providers/hubify/hubify-keys'
import type { Lab } from '../../../providers/hubify/parse-lab'
import {
  changeStoredKeys,
  readEarlierKeys,
  storedAccountId,
  type StoredCliKey,
  withStoredKey,
} from '../../account/key-file'
import { chooseLabs, readLabs } from '../../account/labs'
import { CliExit, exitCodes } from '../../output/exit'
import type { NamedAccount } from '../../output/json'
import { newNameProblem } from './login'
import { keyFileText } from '../../account/account-text'
import { loginText } from './login-text'

export interface LoginLabsOptions {
  readonly text: string
  readonly baseUrl: URL
  readonly path: string
  readonly hubify: HubifyKeys
  /** Names, slugs or ids; none: all that the key sees. */
  readonly labs: readonly string[]
  /** What the person calls the account, where one lab is kept; null: as before, or like the lab. */
  readonly name: string | null
  /** Null: as before. */
  readonly usesAnnouncedRoutes: boolean | null
  /** The kept keys and the app's accounts, as they are called. */
  readonly named: readonly NamedAccount[]
}

/** Asks Hubify for the labs of the key, and keeps the key for each of them that is wanted. */
export async function loginLabs(
  options: LoginLabsOptions,
): Promise<{ readonly message: string; readonly accounts: readonly NamedAccount[] }> {
  const { text, baseUrl, path, named } = options
  const key = parseApiKey(text, 'hubify')
  if (key === null) throw new CliExit(exitCodes.noKey, loginText.notAHubifyKey)
  const labs = await readLabs({ baseUrl, key }, options.hubify)
  if (labs instanceof CliExit) throw new CliExit(labs.exitCode, loginText.refused(labs.message))
  const chosen = chooseLabs(labs, options.labs)
  if (options.name !== null && chosen.length > 1) throw new CliExit(exitCodes.usage, loginText.oneLabOnly)
  const idOf = (lab: Lab): string => labAccountId(baseUrl, lab.id)
  const newCount = chosen.filter((lab) => !named.some(({ id }) => id === idOf(lab))).length
  if (named.length + newCount > MAX_ACCOUNTS) throw new CliExit(exitCodes.failed, loginText.tooManyLabs)
  const accounts = nameLabs(chosen, options, idOf)
  changeStoredKeys(
    path,
    (keys) =>
      chosen.reduce((all, lab, index) => {
        const before = all.find((each) => storedAccountId(each) === idOf(lab))?.lab?.usesAnnouncedRoutes
        const kept: StoredCliKey = {
          baseUrl: baseUrl.href,
          key,
          accountId: idOf(lab),
          name: accounts[index]?.name ?? lab.slug,
          lab: {
            id: lab.id,
            slug: lab.slug,
            usesAnnouncedRoutes: options.usesAnnouncedRoutes ?? before ?? false,
          },
        }
        return withStoredKey(all, kept)
      }, keys),
    { read: readEarlierKeys, refusal: keyFileText.nothingSaved },
  )
  const names = accounts.map(({ name }) => name)
  return { accounts, message: loginText.savedForLabs(key.slice(-4), names, baseUrl.host, path) }
}

function nameLabs(
  chosen: readonly Lab[],
  { name, named }: LoginLabsOptions,
  idOf: (lab: Lab) => string,
): readonly NamedAccount[] {
  const accounts: NamedAccount[] = []
  for (const lab of chosen) {
    const id = idOf(lab)
    const problem = name === null ? null : newNameProblem(named, id, name)
    if (problem !== null) throw new CliExit(exitCodes.usage, loginText.refused(problem))
    const known = named.find((each) => each.id === id)?.name
    accounts.push({ id, name: name ?? known ?? freeLabName([...named, ...accounts], lab) })
  }
  return accounts
}
