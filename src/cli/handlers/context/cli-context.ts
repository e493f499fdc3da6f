import { createSystemClock } from '../../../node/clock'
import { SECOND_MS } from '../../../core/base/time/time'
import type { Clock } from '../../../core/base/time/clock'
import { createFolderLock, type FolderLock, type LockRole } from '../../../node/data-folder/lock/folder-lock'
import { recordedPodIds } from '../../../node/data-folder/records/recorded-pods'
import {
  type AccountFailure,
  type ChosenKey,
  chooseKeys,
  type ChosenKeys,
  type CliAccount,
  ignoredAddressText,
  type KeySources,
  openAccount,
} from '../../account/account'
import { findAccount, listAccounts, type ListedAccount } from '../../account/account-list'
import { type CliConfig, dataFiles, readConfig } from '../../account/config'
import { chooseDataFolder, chooseWritableDataFolder } from '../../account/data-folder'
import { accountsBefore, identifyByApi } from '../../account/identify-account'
import { readEarlierKeys, readStoredKeys } from '../../account/key-file'
import { chooseAccountText } from './cli-text'
import { createCliHubifyKeys, type EnvironmentLabs, environmentLabs } from '../../account/labs'
import type { ControlOptions } from '../../account/open-control'
import type { CliSshOptions } from '../../account/cli-ssh'
import type { CliProcess } from '../../output/cli-process'
import { colorize, wantsColor } from '../../output/color'
import type { CommandRun } from '../../output/command-run'
import { CliExit } from '../../output/exit'
import type { HubifyKeys } from '../../../providers/hubify/hubify-keys'
import {
  type CliOutput,
  createOnSignal,
  createOutput,
  type OnSignal,
  openKeyboard,
} from '../../output/terminal'
import type { GlobalOptions } from '../../program/command-types'

export interface EnvironmentKeys {
  readonly runpod: string | undefined
  readonly hubify: string | undefined
}

/** What commands share: their process, data folder and accounts. */
export interface CliContext {
  readonly process: CliProcess
  readonly env: NodeJS.ProcessEnv
  readonly clock: Clock
  readonly output: CliOutput
  readonly onSignal: OnSignal
  readonly hasColor: (options: GlobalOptions) => boolean
  readonly runOf: (options: RunOptions) => CommandRun
  readonly version: string
  readonly environmentKeys: EnvironmentKeys
  readonly hubifyKeysOf: (options: GlobalOptions) => HubifyKeys
  readonly dataFolderOf: (options: GlobalOptions) => string
  readonly readFolderConfig: (options: GlobalOptions) => CliConfig
  readonly keySourcesOf: (options: GlobalOptions) => KeySources
  /** As far as they can be used, with the labs that the key of the environment sees, where Hubify says so soon. */
  readonly listedKeys: (options: GlobalOptions) => Promise<readonly ChosenKey[]>
  /** The keys that are kept, as far as they can be used, and that of Runpod in the environment. Asks nobody. */
  readonly keptKeys: (options: GlobalOptions) => readonly ChosenKey[]
  /** The accounts of which this process has a key. Throws a `CliExit` if there are none. */
  readonly openAccounts: (options: GlobalOptions, config: CliConfig) => Promise<OpenAccounts>
  /** What connections to pods are made of. */
  readonly sshOptions: (options: GlobalOptions, config: CliConfig) => Omit<CliSshOptions, 'account'>
  /** `config`: its problems were told already. */
  readonly controlOptions: (
    options: GlobalOptions,
    config: Pick<CliConfig, 'problems'>,
    isReadOnly: boolean,
  ) => ControlOptions
  readonly lockDataFolder: (options: GlobalOptions, onRole?: (role: LockRole) => void) => FolderLock
  /** For a command that writes there. Throws a `CliExit` if the folder cannot be used. */
  readonly writableFolderOf: (options: GlobalOptions) => string
  /** The pods by which an account is known again. */
  readonly podIdsOf: (options: GlobalOptions, config: CliConfig) => (accountId: string) => ReadonlySet<string>
}

type RunOptions = GlobalOptions & { json?: true; yes?: true; dryRun?: true; confirmName?: string }

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

export function createCliContext(
  version: string,
  environmentKeys: EnvironmentKeys,
  cliProcess: CliProcess,
): CliContext {
  const { env, stdout, stderr } = cliProcess
  const clock = createSystemClock()
  const shared = { clock, version, env }
  const output = createOutput(stdout, stderr, env)
  const onSignal = createOnSignal(cliProcess.events)
  const report = (text: string): void => output.progress(text)
  const hasColor = ({ color }: GlobalOptions): boolean => wantsColor(env, stdout.isTTY === true, color)
  const dataFolderOf = ({ dataDir }: GlobalOptions): string => chooseDataFolder(dataDir, env)
  const openedHubifyKeys = new Map<string | null, HubifyKeys>()

  function hubifyKeysOf(options: GlobalOptions): HubifyKeys {
    const folder = keptIn(options)
    const keys = openedHubifyKeys.get(folder) ?? createCliHubifyKeys(shared, folder)
    openedHubifyKeys.set(folder, keys)
    return keys
  }

  /** Null where a command that writes there would fail. */
  function keptIn({ dataDir }: GlobalOptions): string | null {
    try {
      return chooseWritableDataFolder(dataDir, env)
    } catch (cause) {
      if (cause instanceof CliExit) return null
      throw cause
    }
  }

  const keySourcesOf = (options: GlobalOptions): KeySources => ({
    providerOption: options.provider,
    environmentKey: environmentKeys.runpod,
    environmentHubifyKey: environmentKeys.hubify,
    environmentHubifyBaseUrl: env['HUBIFY_API_BASE_URL'],
    storedKeys: () => readStoredKeys(dataFiles(dataFolderOf(options)).key),
    baseUrlOption: options.baseUrl,
    environmentBaseUrl: env['RUNPOD_API_BASE_URL'],
  })

  function lockDataFolder(options: GlobalOptions, onRole: (role: LockRole) => void = () => {}): FolderLock {
    const folder = chooseWritableDataFolder(options.dataDir, env)
    return createFolderLock({
      dataFolder: folder,
      journalPath: dataFiles(folder).journal,
      program: 'cli',
      canActUnlocked: false,
      nowMs: () => clock.now().wallMs,
      onRole,
    })
  }

  /**
   * The labs of the environment's key. They are asked for each time, because a key sees others from one day to the
   * next.
   */
  async function environmentLabsOf(
    { keys, hubify }: ChosenKeys,
    config: CliConfig,
    options: GlobalOptions,
  ): Promise<EnvironmentLabs> {
    if (hubify === null) return { keys: [], failures: [] }
    const records = [...config.appAccounts, ...keys.map((key) => ({ id: key.accountId, lab: key.lab }))]
    const usesAnnouncedRoutes = (accountId: string): boolean =>
      records.find(({ id }) => id === accountId)?.lab?.usesAnnouncedRoutes === true
    return environmentLabs(hubify, hubifyKeysOf(options), usesAnnouncedRoutes)
  }

  async function listedKeys(options: GlobalOptions): Promise<readonly ChosenKey[]> {
    try {
      const chosen = chooseKeys(keySourcesOf(options))
      const config = readConfig(dataFiles(dataFolderOf(options)).config)
      let cancel = (): void => {}
      const tooLate = new Promise<null>(
        (resolve) => (cancel = clock.schedule(IDENTIFY_MS, () => resolve(null))),
      )
      const labs = await Promise.race([environmentLabsOf(chosen, config, options), tooLate])
      cancel()
      return withLabs(chosen.keys, labs?.keys ?? [])
    } catch (cause) {
      if (cause instanceof CliExit) return []
      throw cause
    }
  }

  function keptKeys(options: GlobalOptions): readonly ChosenKey[] {
    try {
      return chooseKeys(keySourcesOf(options)).keys
    } catch (cause) {
      if (cause instanceof CliExit) return []
      throw cause
    }
  }

  async function openAccounts(options: GlobalOptions, config: CliConfig): Promise<OpenAccounts> {
    const sources = keySourcesOf(options)
    const ignored = ignoredAddressText(sources, config.settings.runpodBaseUrl)
    if (ignored !== null) output.progress(ignored)
    const chosen = chooseKeys(sources)
    const earlier = readEarlierKeys(dataFiles(dataFolderOf(options)).key)
    const runpodKeys = await Promise.all(
      chosen.keys.map(async (key) => {
        if (key.source === 'kept' || key.lab !== undefined || earlier.length === 0) return key
        return identifyByApi(key, accountsBefore(config, earlier), { ...shared, limitMs: IDENTIFY_MS })
      }),
    )
    const labs = await environmentLabsOf(chosen, config, options)
    const keys = withLabs(runpodKeys, labs.keys)
    const failures = [...chosen.failures, ...labs.failures]
    const [failure] = failures
    if (keys.length === 0 && failure !== undefined) throw failure.exit
    const known = listAccounts(config, keys).filter(isAsked(options))
    const open = ({ id, name, key }: ListedAccount): CliAccount[] =>
      key === null ? [] : [openAccount(withRoutes(key, options), { id, name }, shared, hubifyKeysOf(options))]
    if (options.account === undefined) {
      for (const { name, exit } of chosen.leftOut)
        output.progress(chooseAccountText.skipping(name, exit.message))
      return { accounts: known.flatMap(open), failures, known }
    }
    const asked = findAccount(known, options.account)
    return { accounts: open(asked), failures: [], known }
  }

  return {
    process: cliProcess,
    ...shared,
    output,
    onSignal,
    hasColor,
    runOf: (options) => ({
      output,
      keyboard: openKeyboard(cliProcess),
      onSignal,
      columns: stdout.columns ?? Number.MAX_SAFE_INTEGER,
      print: (line) => output.result(colorize(line, hasColor(options))),
      isJson: options.json === true,
      isConfirmed: options.yes === true,
      isDryRun: options.dryRun === true,
      confirmName: options.confirmName ?? null,
    }),
    environmentKeys,
    hubifyKeysOf,
    dataFolderOf,
    writableFolderOf: ({ dataDir }) => chooseWritableDataFolder(dataDir, env),
    readFolderConfig: (options) => readConfig(dataFiles(dataFolderOf(options)).config),
    keySourcesOf,
    listedKeys,
    keptKeys,
    openAccounts,
    sshOptions: (options, config) => ({
      folder: dataFolderOf(options),
      clock,
      env,
      settings: () => config.settings,
      report,
    }),
    controlOptions: (options, config, isReadOnly) => ({
      folder: dataFolderOf(options),
      clock,
      env,
      createFolderLock: () => lockDataFolder(options),
      isReadOnly,
      reportedProblems: config.problems,
      report,
    }),
    lockDataFolder,
    podIdsOf: (options, config) => (accountId) =>
      new Set([...config.rulePodIds(accountId), ...recordedPodIds(dataFolderOf(options), accountId)]),
  }
}

/** Those of the environment come before kept ones, which they go before. */
const withLabs = (keys: readonly ChosenKey[], labs: readonly ChosenKey[]): readonly ChosenKey[] => [
  ...keys.filter(({ source }) => source === 'environment'),
  ...labs,
  ...keys.filter(({ source }) => source === 'kept'),
]

const isAsked =
  ({ provider }: GlobalOptions) =>
  (account: ListedAccount): boolean =>
    provider === undefined || account.provider === provider

function withRoutes(key: ChosenKey, { announcedRoutes }: GlobalOptions): ChosenKey {
  return key.lab === undefined || announcedRoutes !== true
    ? key
    : { ...key, lab: { ...key.lab, usesAnnouncedRoutes: true } }
}
