import { createSystemClock } from '../node/clock'
import { SECOND_MS } from '../core/base/time'
import type { Clock } from '../core/base/clock'
import { createFolderLock, type FolderLock, type LockRole } from '../node/data-folder/lock/folder-lock'
import type { LockService } from '../node/data-folder/lock/lock-socket'
import { recordedPodIds } from '../node/data-folder/recorded-pods'
import {
  type AccountFailure,
  chooseKeys,
  type ChosenKeys,
  type CliAccount,
  ignoredAddressText,
  type KeySources,
  openAccount,
} from './account/account'
import { findAccount, listAccounts, type ListedAccount } from './account/account-list'
import { type CliConfig, dataFiles, readConfig } from './account/config'
import { chooseDataFolder, chooseWritableDataFolder } from './account/data-folder'
import { accountsBefore, identifyByApi } from './account/identify-account'
import { readEarlierKeys, readStoredKeys } from './account/key-file'
import { type CliOutput, createOutput } from './output/terminal'
import type { GlobalOptions } from './command-types'

/** What commands share: this process, its data folder and its accounts. */
export interface CliContext {
  readonly clock: Clock
  readonly output: CliOutput
  readonly version: string
  readonly environmentKey: string | undefined
  /** Without a terminal no line is cut. */
  readonly columns: () => number
  readonly dataFolderOf: (options: GlobalOptions) => string
  readonly readFolderConfig: (options: GlobalOptions) => CliConfig
  readonly keySourcesOf: (options: GlobalOptions) => KeySources
  /** Throws a `CliExit` if there is none that can be used. */
  readonly chooseKeys: (options: GlobalOptions) => ChosenKeys
  /** The accounts of which this process has a key. Throws a `CliExit` if there are none. */
  readonly openAccounts: (options: GlobalOptions, config: CliConfig) => Promise<OpenAccounts>
  readonly lockDataFolder: (
    options: GlobalOptions,
    onRole?: (role: LockRole) => void,
    service?: LockService,
  ) => FolderLock
  /** For a command that writes there. Throws a `CliExit` if the folder cannot be used. */
  readonly writableFolderOf: (options: GlobalOptions) => string
  /** The pods by which an account is known again. */
  readonly podIdsOf: (options: GlobalOptions, config: CliConfig) => (accountId: string) => ReadonlySet<string>
}

export interface OpenAccounts {
  /** Those that are asked for. */
  readonly accounts: readonly CliAccount[]
  /** Keys that are asked for, and cannot be used. */
  readonly failures: readonly AccountFailure[]
  /** All that the command line knows, those that only the app has a key of included. */
  readonly known: readonly ListedAccount[]
}

/** How long the start of a command waits to find out which account the key of the environment belongs to. */
const IDENTIFY_MS = 5 * SECOND_MS

export function createCliContext(version: string, environmentKey: string | undefined): CliContext {
  const { env, stdout, stderr } = process
  const clock = createSystemClock()
  const output = createOutput(stdout, stderr)
  const dataFolderOf = ({ dataDir }: GlobalOptions): string => chooseDataFolder(dataDir, env)

  const keySourcesOf = (options: GlobalOptions): KeySources => ({
    environmentKey,
    storedKeys: () => readStoredKeys(dataFiles(dataFolderOf(options)).key),
    baseUrlOption: options.baseUrl,
    environmentBaseUrl: env['RUNPOD_API_BASE_URL'],
  })

  function lockDataFolder(
    options: GlobalOptions,
    onRole: (role: LockRole) => void = () => {},
    service?: LockService,
  ): FolderLock {
    const folder = chooseWritableDataFolder(options.dataDir, env)
    return createFolderLock({
      dataFolder: folder,
      journalPath: dataFiles(folder).journal,
      program: 'cli',
      canActUnlocked: false,
      nowMs: () => clock.now().wallMs,
      onRole,
      ...(service && { service }),
    })
  }

  async function openAccounts(options: GlobalOptions, config: CliConfig): Promise<OpenAccounts> {
    const sources = keySourcesOf(options)
    const ignored = ignoredAddressText(sources, config.settings.runpodBaseUrl)
    if (ignored !== null) output.progress(ignored)
    const chosen = chooseKeys(sources)
    const earlier = readEarlierKeys(dataFiles(dataFolderOf(options)).key)
    const keys = await Promise.all(
      chosen.keys.map(async (key) => {
        if (key.source === 'kept' || earlier.length === 0) return key
        return identifyByApi(key, accountsBefore(config, earlier), { clock, version, limitMs: IDENTIFY_MS })
      }),
    )
    const known = listAccounts(config, keys)
    const open = ({ id, name, key }: ListedAccount): CliAccount[] =>
      key === null ? [] : [openAccount(key, { id, name }, clock, version)]
    if (options.account === undefined) {
      for (const { name, exit } of chosen.leftOut) output.progress(`${name} is left out. ${exit.message}`)
      return { accounts: known.flatMap(open), failures: chosen.failures, known }
    }
    const asked = findAccount(known, options.account)
    return { accounts: open(asked), failures: [], known }
  }

  return {
    clock,
    output,
    version,
    environmentKey,
    columns: () => stdout.columns ?? Number.MAX_SAFE_INTEGER,
    dataFolderOf,
    writableFolderOf: ({ dataDir }) => chooseWritableDataFolder(dataDir, env),
    readFolderConfig: (options) => readConfig(dataFiles(dataFolderOf(options)).config),
    keySourcesOf,
    chooseKeys: (options) => chooseKeys(keySourcesOf(options)),
    openAccounts,
    lockDataFolder,
    podIdsOf: (options, config) => (accountId) =>
      new Set([...config.rulePodIds(accountId), ...recordedPodIds(dataFolderOf(options), accountId)]),
  }
}
