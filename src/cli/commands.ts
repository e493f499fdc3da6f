import { setTimeout as setTimeoutPromise } from 'node:timers/promises'
import type { ReadStream } from 'node:tty'
import type { Command } from 'commander'
import { createSystemClock } from '../node/clock'
import { costsFolder, openLedgerFiles } from '../node/data-folder/ledger-files'
import { recordedPodIds } from '../node/data-folder/recorded-pods'
import { createFolderLock, type FolderLock, type LockRole } from '../node/data-folder/lock/folder-lock'
import type { LockService } from '../node/data-folder/lock/lock-socket'
import {
  type CliAccount,
  createProvider,
  findBaseUrl,
  ignoredAddressText,
  type KeySources,
  openAccount,
  openDemo,
} from './account/account'
import { look } from './commands/look'
import { createCliLookInside } from './account/cli-look-inside'
import { activityLines } from './commands/activity'
import { completionsFor } from './commands/completions'
import { costsCsvText, costsJson, costsText, readCosts } from './commands/costs'
import { type CliConfig, dataFiles, readConfig } from './account/config'
import { chooseDataFolder, chooseWritableDataFolder } from './account/data-folder'
import { createCliMonitor } from './account/create-monitor'
import { createControlCommands } from './control-commands'
import { exitCodes } from './output/exit'
import { accountsBefore, identifyAccount } from './account/identify-account'
import { deleteStoredKey, readEarlierKey, readStoredKey } from './account/key-file'
import { login, promptSameAccount, readSecret } from './commands/login'
import { colorize, wantsColor } from './output/color'
import type { Commands, GlobalOptions, LogFormat } from './command-types'
import { createWatchScreen } from './watch/screen'
import { readStatus, statusLines, statusText } from './commands/status'
import { asTerminal, createOutput } from './output/terminal'
import type { WatchOutput } from './watch/watch'
import { watchAccount } from './watch/watch-account'

export interface CommandOptions {
  readonly version: string
  /** Removed from the environment first, so that no child process inherits it. */
  readonly environmentKey: string | undefined
  readonly program: () => Command
}

const IDENTIFY_RETRY_MS = 30_000

/** The commands bound to this process: its terminal, files and signals. */
export function createCommands({ version, environmentKey, program }: CommandOptions): Commands {
  const { env, stdin, stdout, stderr } = process
  const clock = createSystemClock()
  const output = createOutput(stdout, stderr)

  const dataFolderOf = ({ dataDir }: GlobalOptions): string => chooseDataFolder(dataDir, env)
  const hasColor = ({ color }: GlobalOptions): boolean => wantsColor(env, stdout.isTTY, color)

  function keySourcesOf(options: GlobalOptions): KeySources {
    return {
      environmentKey,
      storedKey: () => readStoredKey(dataFiles(dataFolderOf(options)).key),
      earlierKey: () => readEarlierKey(dataFiles(dataFolderOf(options)).key),
      baseUrlOption: options.baseUrl,
      environmentBaseUrl: env['RUNPOD_API_BASE_URL'],
    }
  }

  function openConfiguredAccount(options: GlobalOptions): { account: CliAccount; config: CliConfig } {
    const config = readConfig(dataFiles(dataFolderOf(options)).config)
    return { account: openAccountOf(options, config), config }
  }

  function openAccountOf(options: GlobalOptions, config: CliConfig): CliAccount {
    const sources = keySourcesOf(options)
    const ignored = ignoredAddressText(sources, config.settings.runpodBaseUrl)
    if (ignored !== null) output.progress(ignored)
    return openAccount(sources, (id) => config.accountIdFor(id), clock, version)
  }

  function lockDataFolder(
    options: GlobalOptions,
    onRole: (role: LockRole) => void,
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

  /** The pods by which an account is known again. */
  const podIdsOf =
    (options: GlobalOptions, config: CliConfig) =>
    (accountId: string): ReadonlySet<string> =>
      new Set([...config.rulePodIds(accountId), ...recordedPodIds(dataFolderOf(options), accountId)])

  function createWatchOutput(options: GlobalOptions & { log?: LogFormat }): WatchOutput {
    if (options.log !== undefined || !stdout.isTTY || env['TERM'] === 'dumb')
      return { kind: 'lines', format: options.log ?? 'text', write: (line) => output.result(line) }
    return {
      kind: 'screen',
      screen: createWatchScreen(stdout, hasColor(options)),
      keyboard: asTerminal<ReadStream>(stdin),
    }
  }

  const watch = (
    options: GlobalOptions & { log?: LogFormat },
    account: CliAccount,
    config: CliConfig,
  ): Promise<number> =>
    watchAccount({
      folder: dataFolderOf(options),
      account,
      config,
      clock,
      watchOutput: createWatchOutput(options),
      createFolderLock: (onRole, service) => lockDataFolder(options, onRole, service),
    })

  async function demo(options: GlobalOptions & { log?: LogFormat }): Promise<number> {
    const account = await openDemo(clock, version)
    return watch(options, account, readConfig(dataFiles(dataFolderOf(options)).config))
  }

  return {
    ...createControlCommands({
      clock,
      output,
      stdin,
      dataFolderOf,
      readFolderConfig: (options) => readConfig(dataFiles(dataFolderOf(options)).config),
      openAccount: openAccountOf,
      lockDataFolder: (options) => lockDataFolder(options, () => {}),
    }),

    async status(options) {
      const { account, config } = openConfiguredAccount(options)
      const monitor = createCliMonitor({
        account,
        clock,
        settings: () => config.settings,
        journal: null,
        report: (text) => output.progress(text),
      })
      const snapshot = await readStatus(monitor)
      if (options.json) output.result(statusText(snapshot))
      else
        for (const line of statusLines(snapshot, stdout.columns ?? Number.MAX_SAFE_INTEGER))
          output.result(colorize(line, hasColor(options)))
      return exitCodes.ok
    },

    async watch(options) {
      if (options.orDemo && !hasKey(options)) return demo(options)
      const { account, config } = openConfiguredAccount(options)
      const identified = await identifyAccount(account, config, podIdsOf(options, config), (problem) => {
        output.progress(`${problem} The watch begins when Runpod answers.`)
        return setTimeoutPromise(IDENTIFY_RETRY_MS)
      })
      return watch(options, identified, config)
    },

    demo,

    async look(podQuery, options) {
      const { account, config } = openConfiguredAccount(options)
      const settings = () => config.settings
      const report = (text: string): void => output.progress(text)
      const lookInside = createCliLookInside({
        folder: dataFolderOf(options),
        account,
        clock,
        settings,
        report,
      })
      const monitor = createCliMonitor({ account, clock, settings, journal: null, report, lookInside })
      return look({ monitor, podQuery, isJson: options.json === true, output })
    },

    async costs(options) {
      const { account } = openConfiguredAccount(options)
      const files = openLedgerFiles(costsFolder(dataFolderOf(options), account.view.id), () => false)
      const month = await readCosts(options.month, { provider: account.provider, files, clock })
      if (options.json) output.result(JSON.stringify(costsJson(month, options.by), null, 2))
      else if (options.csv) output.result(costsCsvText(month, options.by))
      else
        for (const line of costsText(month, options.by, stdout.columns ?? Number.MAX_SAFE_INTEGER))
          output.result(colorize(line, hasColor(options)))
      if (!month.isIncomplete) return exitCodes.ok
      output.progress(['Not everything could be read.', ...month.unread].join(' '))
      return exitCodes.failed
    },

    activity(options) {
      const pod = options.pod ?? null
      const lines = activityLines(dataFiles(dataFolderOf(options)).activity, {
        pod,
        count: options.lines,
        isJson: options.json === true,
      })
      for (const line of lines) output.result(line)
      if (lines.length === 0)
        output.progress(pod === null ? 'Nothing was written down yet.' : `The log holds nothing of ${pod}.`)
      return Promise.resolve(exitCodes.ok)
    },

    async login(options) {
      const folder = chooseWritableDataFolder(options.dataDir, env)
      const config = readConfig(dataFiles(folder).config)
      const baseUrl = findBaseUrl(keySourcesOf(options), null)
      const keyboard = asTerminal<ReadStream>(stdin)
      const prompt = (message: string): unknown => stderr.write(message)
      const text = await readSecret(keyboard, baseUrl.host, prompt)
      const path = dataFiles(folder).key
      output.result(
        await login({
          text,
          baseUrl,
          path,
          createProvider: (key) => createProvider(baseUrl, key, clock, version),
          accounts: accountsBefore(config, readEarlierKey(path)),
          podIdsOf: podIdsOf(options, config),
          isSameAccount: options.sameAccount || options.otherAccount ? options.sameAccount === true : null,
          askSameAccount: async (account) => keyboard && promptSameAccount(keyboard, account, prompt),
        }),
      )
      if (environmentKey) output.progress('RUNPOD_API_KEY is set, and goes before the kept key.')
      return exitCodes.ok
    },

    logout(options) {
      const path = dataFiles(dataFolderOf(options)).key
      const message = deleteStoredKey(path)
        ? `The kept key was removed (${path}). It stays valid until you revoke it in Runpod.`
        : 'No key was kept.'
      output.result(message)
      if (environmentKey) output.progress('RUNPOD_API_KEY is still set.')
      return Promise.resolve(exitCodes.ok)
    },

    completions(shell) {
      stdout.write(completionsFor(shell, program()))
      return Promise.resolve(exitCodes.ok)
    },
  }

  function hasKey(options: GlobalOptions): boolean {
    return Boolean(environmentKey) || readStoredKey(dataFiles(dataFolderOf(options)).key) !== null
  }
}
