import type { ReadStream } from 'node:tty'
import type { Command } from 'commander'
import type { Intent } from '../core/intents'
import type { Clock } from '../core/ports'
import { MINUTE_MS, SECOND_MS } from '../core/time'
import { createSystemClock } from '../node/clock'
import type { Role, Writer } from '../node/writer'
import { createWriter, holderWords, refusal } from '../node/writer'
import type { Account, KeySources } from './account'
import { chooseBaseUrl, openAccount, openDemo, providerFor } from './account'
import { act, actJson } from './act'
import { completionsFor } from './completions'
import { dataFiles, openMarks, readConfig } from './config'
import type { Config } from './config'
import { appDataFolder } from './data-folder'
import { createDesk } from './desk'
import { Ending, exitCodes } from './ending'
import { forgetKeptKey, readKeptKey } from './kept-key'
import { login, readSecret } from './login'
import { showNatively } from './notifier'
import { paint, wantsColor } from './paint'
import type { Commands, Format, GlobalOptions } from './program'
import { createScreen } from './screen'
import { lookOnce, statusLines, statusText } from './status'
import { createInterrupts, createOutput, terminalOf } from './terminal'
import type { Show } from './watch'
import { createWatch } from './watch'

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

  const folderOf = ({ dataDir }: GlobalOptions): string => dataDir ?? appDataFolder(env)
  const colorOf = ({ color }: GlobalOptions): boolean => wantsColor(env, stdout.isTTY, color)

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
    for (const problem of config.problems) output.progress(problem)
    return { account: openAccount(sourcesOf(options, config), clock, version), config }
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

  async function watchAccount(
    options: GlobalOptions & { log?: Format },
    account: Account,
    config: Config,
  ): Promise<number> {
    return watch({ options, account, config, clock, show: showOf(options), writerFor })
  }

  async function demo(options: GlobalOptions & { log?: Format }): Promise<number> {
    const account = await openDemo(clock, version)
    return watchAccount(options, account, readConfig(dataFiles(folderOf(options)).config))
  }

  return {
    async status(options) {
      const { account, config } = open(options)
      const monitor = createDesk({
        account,
        clock,
        settings: config.settings,
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
      return watchAccount(options, account, config)
    },

    demo,

    async act(action, wanted, options) {
      const { account, config } = open(options)
      const writer = writerFor(options, () => {})
      const role = await writer.start()
      if (role.kind !== 'acting')
        throw new Ending(
          role.kind === 'reading' ? exitCodes.held : exitCodes.failed,
          `Nothing was done: ${refusal(role)}`,
        )
      if (writer.journal.damagedCopy !== null)
        output.progress(
          `The journal of actions was damaged; what could be read goes on, the file is kept as ${writer.journal.damagedCopy}.`,
        )
      let onRecord = (_intent: Intent): void => {}
      const settings = options.yes ? { ...config.settings, undoS: 0 } : config.settings
      const deadlineMs =
        action === 'stop' ? settings.stopDeadlineS * SECOND_MS : settings.startDeadlineMin * MINUTE_MS
      const outcome = await act({
        monitor: createDesk({
          account,
          clock,
          settings,
          journal: writer.journal,
          onRecord: (intent) => onRecord(intent),
          report: (text) => output.progress(text),
        }),
        onRecord: (listener) => (onRecord = listener),
        action,
        wanted,
        isWaiting: options.wait,
        giveUpAfterMs: deadlineMs + MINUTE_MS,
        output,
        interrupts: createInterrupts(options.yes ? null : terminalOf<ReadStream>(stdin), 'u'),
      })
      if (options.json) output.result(actJson(action, outcome))
      else if (outcome.exitCode === exitCodes.ok) output.result(outcome.message)
      if (outcome.exitCode !== exitCodes.ok) output.progress(outcome.message)
      return outcome.exitCode
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

/** Watches until a person ends it. The demo has no journal, and nobody to share it with. */
async function watch(given: {
  readonly options: GlobalOptions
  readonly account: Account
  readonly config: Config
  readonly clock: Clock
  readonly show: Show
  readonly writerFor: (options: GlobalOptions, onRole: (role: Role) => void) => Writer
}): Promise<number> {
  const { options, account, config, clock, show } = given
  let role: Role = { kind: 'acting' }
  const roleNote = (): string | null => {
    if (role.kind === 'reading')
      return `Looking only: ${holderWords(role.holder)} alerts and acts. This watch takes over when that ends.`
    return role.kind === 'unlocked' ? `Looking only. ${role.problem}` : null
  }
  const watching = createWatch(show, clock, roleNote)
  const say = (text: string): void => watching.tell({ event: 'notice', text, fields: { podId: null } })
  const tellRole = (next: Role): void => {
    role = next
    const text = roleNote() ?? 'This watch alerts and acts now.'
    watching.tell({ event: 'role', text, fields: { role: next.kind === 'acting' ? 'acting' : 'reading' } })
  }
  const writer = account.view.isDemo ? null : given.writerFor(options, tellRole)
  try {
    if (writer) {
      role = await writer.start()
      if (role.kind !== 'acting') tellRole(role)
    }
    const folder = options.dataDir ?? appDataFolder(process.env)
    const monitor = createDesk({
      account,
      clock,
      settings: config.settings,
      journal: writer?.journal ?? null,
      openingNotices: config.problems,
      report: say,
      notifier: {
        show(alert) {
          if (role.kind !== 'acting') return
          watching.alert(alert)
          showNatively(alert)
        },
      },
      ...(account.view.isDemo ? {} : { marks: openMarks(dataFiles(folder).marks, config.marks, say) }),
    })
    const exitCode = await watching.run(monitor)
    monitor.dispose()
    return exitCode
  } finally {
    writer?.dispose()
    await account.close()
  }
}
