import type { CliContext } from '../context/cli-context'
import { type ChosenKey, chooseKeys, type KeySources } from '../../account/account'
import { listAccounts, type ListedAccount } from '../../account/account-list'
import { dataFiles } from '../../account/config'
import { storedAccountId, type StoredCliKey } from '../../account/key-file'
import { CliExit } from '../../output/exit'
import type { GlobalOptions } from '../../program/command-types'

/** The file of the kept keys. */
export const keyPathOf = (context: CliContext, options: GlobalOptions): string =>
  dataFiles(context.dataFolderOf(options)).key

/** All accounts, whatever address they are at. `keys`: those that are kept. */
export function listAll(
  context: CliContext,
  options: GlobalOptions,
  keys: readonly StoredCliKey[],
  labs: readonly ChosenKey[] = [],
): readonly ListedAccount[] {
  const ofEnvironment = [...environmentKeyOf(context, context.keySourcesOf(options)), ...labs]
  const kept = keys.flatMap((key): ChosenKey[] =>
    URL.canParse(key.baseUrl)
      ? [{ ...key, source: 'kept', baseUrl: new URL(key.baseUrl), accountId: storedAccountId(key) }]
      : [],
  )
  return listAccounts(context.readFolderConfig(options), [...ofEnvironment, ...kept])
}

function environmentKeyOf(context: CliContext, sources: KeySources): readonly ChosenKey[] {
  if (!context.environmentKeys.runpod) return []
  try {
    return chooseKeys({ ...sources, storedKeys: () => [] }).keys
  } catch (cause) {
    if (cause instanceof CliExit) return []
    throw cause
  }
}
