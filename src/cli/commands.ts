import { resolve } from 'node:path'
import type { ReadStream } from 'node:tty'
import type { Command } from 'commander'
import type { Intent } from '../core/intents/intent'
import { deadlineMs } from '../core/intents/intent-observation'
import { intentRulesOf } from '../core/settings/settings'
import { MINUTE_MS } from '../core/base/time'
import { createSystemClock } from '../node/clock'
import { problemsOfJournal } from '../node/data-folder/journal'
import { costsFolder, openLedgerFiles } from '../node/data-folder/ledger-files'
import { createWriter, refusal, type Role, type Writer } from '../node/data-folder/folder-lock'
import {
  type Account,
  chooseBaseUrl,
  type KeySources,
  openAccount,
  openDemo,
  providerFor,
} from './account/account'
import { act, actJson } from './commands/act'
import { confirmTerminate } from './commands/confirm-terminate'
import { activityLines } from './commands/activity'
import { completionsFor } from './commands/completions'
import { costsCsvText, costsJson, costsText, readCosts } from './commands/costs'
import { type Config, dataFiles, readConfig } from './account/config'
import { appDataFolder } from './account/data-folder'
import { createDesk } from './account/create-monitor'
import { Ending, exitCodes } from './output/exit'
import { forgetKeptKey, readKeptKey } from './account/key-file'
import { login, readSecret } from './commands/login'
import { paint, wantsColor } from './output/color'
import type { Commands, Format, GlobalOptions } from './program'
import { createScreen } from './watch/screen'
import { lookOnce, statusLines, statusText } from './commands/status'
import { createInterrupts, createOutput, terminalOf } from './output/terminal'
import type { Show } from './watch/watch'
import { openActivity, startWriter, watchAccount } from './watch/watch-account'

export interface CommandOptions {
  readonly version: string
  /** Taken out of the environment before anything else, so that no child inherits it. */
  readonly keyOfEnvironment: string | undefined
  readonly program: () => Command
}

/** The commands on this process: its terminal, its files, its signals. */
export function createCommands({ version, keyOfEnvironment, program }: CommandOptions): Commands {
  const { env, stdin, stdout, stderr } = process
  const clock = createSystemClock()
  const output = createOutput(stdout, stderr)

  const folderOf = ({ dataDir }: GlobalOptions): string =>
    dataDir === undefined ? appDataFolder(env) : resolve(dataDir)
  const colorOf = ({ color }: GlobalOptions): boolean => wantsColor(env, stdout.isTTY, color)

  function tellProblems({ problems }: Config): void {
    for (const problem of problems) output.progress(problem)
  }

  function sourcesOf(options: GlobalOptions, config: Config): KeySources {
    return {
      keyOfEnvironment,
      keptKey: () => readKeptKey(dataFiles(folderOf(options)).key),
      baseUrlOption: options.baseUrl,
      baseUrlOfEnvironment: env['RUNPOD_API_BASE_URL'],
      baseUrlSetting: config.settings.runpodBaseUrl,
    }
  }

  function open(options: GlobalOptions): { account: Account; config: Config } {
    const config = readConfig(dataFiles(folderOf(options)).config)
    return {
      account: openAccount(sourcesOf(options, config), (id) => config.accountIdFor(id), clock, version),
      config,
    }
  }

  function writerFor(options: GlobalOptions, onRole: (role: Role) => void): Writer {
    const folder = folderOf(options)
    return createWriter({
      dataFolder: folder,
      journalPath: dataFiles(folder).journal,
      program: 'cli',
      actsUnlocked: false,
      nowMs: () => clock.now().wallMs,
      onRole,
    })
  }

  function showOf(options: GlobalOptions & { log?: Format }): Show {
    if (options.log !== undefined || !stdout.isTTY || env['TERM'] === 'dumb')
      return { kind: 'lines', format: options.log ?? 'text', write: (line) => output.result(line) }
    return {
      kind: 'screen',
      screen: createScreen(stdout, colorOf(options)),
      keys: terminalOf<ReadStream>(stdin),
    }
  }

  const watch = (
    options: GlobalOptions & { log?: Format },
    account: Account,
    config: Config,
  ): Promise<number> =>
    watchAccount({
      folder: folderOf(options),
      account,
      config,
      clock,
      show: showOf(options),
      writerFor: (onRole) => writerFor(options, onRole),
    })

  async function demo(options: GlobalOptions & { log?: Format }): Promise<number> {
    const account = await openDemo(clock, version)
    return watch(options, account, readConfig(dataFiles(folderOf(options)).config))
  }

  return {
    async status(options) {
      const { account, config } = open(options)
      const monitor = createDesk({
        account,
        clock,
        settings: () => config.settings,
        journal: null,
        report: (text) => output.progress(text),
      })
      const snapshot = await lookOnce(monitor)
      if (options.json) output.result(statusText(snapshot))
      else
        for (const line of statusLines(snapshot, stdout.columns ?? Number.MAX_SAFE_INTEGER))
          output.result(paint(line, colorOf(options)))
      return exitCodes.ok
    },

    async watch(options) {
      if (options.orDemo && !hasKey(options)) return demo(options)
      const { account, config } = open(options)
      return watch(options, account, config)
    },

    demo,

    async act(action, wanted, options) {
      const { account, config } = open(options)
      tellProblems(config)
      const writer = writerFor(options, () => {})
      const role = await startWriter(writer)
      if (role.kind !== 'acting')
        throw new Ending(
          role.kind === 'reading' ? exitCodes.held : exitCodes.failed,
          `Nothing was done: ${refusal(role)}`,
        )
      for (const problem of problemsOfJournal(writer.journal)) output.progress(problem)
      let onRecord = (_intent: Intent): void => {}
      const settings = options.yes ? { ...config.settings, undoS: 0 } : config.settings
      const rules = intentRulesOf(settings)
      const monitor = createDesk({
        account,
        clock,
        settings: () => settings,
        journal: writer.journal,
        activityLog: openActivity(folderOf(options), writer, (problem) => output.progress(problem)),
        onRecord: (intent) => onRecord(intent),
        report: (text) => output.progress(text),
      })
      const keys = terminalOf<ReadStream>(stdin)
      const outcome = await act({
        monitor,
        onRecord: (listener) => (onRecord = listener),
        action,
        waitsForGpu: options.whenFree ?? false,
        confirm: (podId) =>
          confirmTerminate(monitor, podId, {
            given: options.confirmName ?? null,
            keys,
            nowMs: clock.now().wallMs,
            output,
          }),
        wanted,
        isWaiting: options.wait,
        giveUpAfterMs: deadlineMs(action, rules) + MINUTE_MS,
        output,
        interrupts: createInterrupts(options.yes ? null : keys, 'u'),
      })
      if (options.json) output.result(actJson(action, outcome))
      else if (outcome.exitCode === exitCodes.ok) output.result(outcome.message)
      if (outcome.exitCode !== exitCodes.ok) output.progress(outcome.message)
      return outcome.exitCode
    },

    async costs(options) {
      const { account } = open(options)
      const files = openLedgerFiles(costsFolder(folderOf(options), account.view.id), () => false)
      const view = await readCosts(options.month, { provider: account.provider, files, clock })
      if (options.json) output.result(JSON.stringify(costsJson(view, options.by), null, 2))
      else if (options.csv) output.result(costsCsvText(view, options.by))
      else
        for (const line of costsText(view, options.by, stdout.columns ?? Number.MAX_SAFE_INTEGER))
          output.result(paint(line, colorOf(options)))
      return exitCodes.ok
    },

    activity(options) {
      const pod = options.pod ?? null
      const lines = activityLines(dataFiles(folderOf(options)).activity, {
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
      const folder = folderOf(options)
      const sources = sourcesOf(options, readConfig(dataFiles(folder).config))
      const baseUrl = chooseBaseUrl(sources, null)
      const text = await readSecret(terminalOf<ReadStream>(stdin), (words) => stderr.write(words))
      const path = dataFiles(folder).key
      output.result(
        await login({
          text,
          baseUrl,
          path,
          providerOf: (key) => providerFor(baseUrl, key, clock, version),
        }),
      )
      if (keyOfEnvironment) output.progress('RUNPOD_API_KEY is set, and goes before the kept key.')
      return exitCodes.ok
    },

    logout(options) {
      const path = dataFiles(folderOf(options)).key
      const words = forgetKeptKey(path)
        ? `The kept key was removed (${path}). It stays valid until you revoke it in Runpod.`
        : 'No key was kept.'
      output.result(words)
      if (keyOfEnvironment) output.progress('RUNPOD_API_KEY is still set.')
      return Promise.resolve(exitCodes.ok)
    },

    completions(shell) {
      stdout.write(completionsFor(shell, program()))
      return Promise.resolve(exitCodes.ok)
    },
  }

  function hasKey(options: GlobalOptions): boolean {
    return Boolean(keyOfEnvironment) || readKeptKey(dataFiles(folderOf(options)).key) !== null
  }
}
