import type { ReadStream } from 'node:tty'
import { deadlineMs } from '../core/intents/intent-observation'
import { intentRulesOf } from '../core/settings/settings'
import { plainText } from '../core/base/plain-text'
import { MINUTE_MS } from '../core/base/time'
import type { Clock } from '../core/base/clock'
import type { FolderLock } from '../node/data-folder/lock/folder-lock'
import { readIntents } from '../node/data-folder/journal'
import type { CliAccount } from './account/account'
import { type CliConfig, dataFiles } from './account/config'
import { type Control, type ControlOptions, openControl } from './account/open-control'
import { act, outcomeJson } from './commands/act'
import { autoStop } from './commands/control/auto-stop'
import { keep } from './commands/control/keep'
import { next } from './commands/control/next'
import { podRules } from './commands/control/rules'
import { settings } from './commands/control/settings'
import { exitCodes, NoKeyExit } from './output/exit'
import { asTerminal, type CliOutput, createInterrupts } from './output/terminal'
import type { Commands, GlobalOptions } from './command-types'

export interface ControlCommandsOptions {
  readonly clock: Clock
  readonly output: CliOutput
  readonly stdin: NodeJS.ReadStream
  readonly dataFolderOf: (options: GlobalOptions) => string
  readonly readFolderConfig: (options: GlobalOptions) => CliConfig
  /** Throws a `CliExit` without a key. */
  readonly openAccount: (options: GlobalOptions, config: CliConfig) => CliAccount
  readonly lockDataFolder: (options: GlobalOptions) => FolderLock
}

/** The commands that act on pods or change what does: here, or in the program that holds the data folder. */
export function createControlCommands(
  context: ControlCommandsOptions,
): Pick<Commands, 'act' | 'keep' | 'rules' | 'autoStop' | 'settings' | 'next'> {
  const { clock, output, stdin } = context

  async function withControl(
    options: GlobalOptions,
    isReadOnly: boolean,
    accountOf: (config: CliConfig) => ControlOptions['account'],
    run: (control: Control, config: CliConfig) => Promise<number>,
  ): Promise<number> {
    const config = context.readFolderConfig(options)
    const account = accountOf(config)
    for (const problem of config.problems) output.progress(problem)
    const control = await openControl({
      folder: context.dataFolderOf(options),
      clock,
      createFolderLock: () => context.lockDataFolder(options),
      account,
      isReadOnly,
      reportedProblems: config.problems,
      report: (text) => output.progress(text),
    })
    try {
      return await run(control, config)
    } finally {
      control.close()
    }
  }

  /**
   * Without a key of its own, a command asks about the account that the app stored. One that was given a key or an
   * address that cannot be used acts on nothing instead.
   */
  const accountFor =
    (options: GlobalOptions) =>
    (config: CliConfig): ControlOptions['account'] => {
      try {
        return context.openAccount(options, config)
      } catch (cause) {
        const id = config.appAccountId
        if (id === null || !(cause instanceof NoKeyExit) || options.baseUrl !== undefined) throw cause
        return { id, noKey: cause }
      }
    }

  return {
    act: (action, podQuery, options) =>
      withControl(options, false, accountFor(options), async (control, config) => {
        const keyboard = asTerminal<ReadStream>(stdin)
        const outcome = await act({
          control,
          action,
          waitsForGpu: options.whenFree ?? false,
          isImmediate: options.yes ?? false,
          confirmation: { nameOption: options.confirmName ?? null, keyboard, output },
          podQuery,
          waitsForResult: options.wait,
          timeoutMs: deadlineMs(action, intentRulesOf(config.settings)) + MINUTE_MS,
          output,
          interrupts: createInterrupts(options.yes ? null : keyboard, 'u'),
          readJournal: () => readIntents(dataFiles(context.dataFolderOf(options)).journal),
        })
        if (options.json) output.result(outcomeJson(action, outcome))
        else if (outcome.exitCode === exitCodes.ok) output.result(plainText(outcome.message))
        if (outcome.exitCode !== exitCodes.ok) output.progress(outcome.message)
        return outcome.exitCode
      }),

    keep: (podQuery, choice, options) =>
      withControl(options, false, accountFor(options), (control) =>
        keep({
          control,
          podQuery,
          choice,
          isJson: options.json === true,
          nowMs: () => clock.now().wallMs,
          output,
        }),
      ),

    rules: (podQuery, verb, assignments, options) =>
      withControl(options, verb === 'get', accountFor(options), (control) =>
        podRules({
          control,
          podQuery,
          verb,
          assignments,
          isJson: options.json === true,
          confirmName: options.confirmName ?? null,
          allowsDataLoss: options.allowDataLoss ?? false,
          keyboard: asTerminal<ReadStream>(stdin),
          output,
        }),
      ),

    autoStop: (mode, options) =>
      withControl(options, mode === undefined, accountFor(options), (control) =>
        autoStop({ control, mode, isJson: options.json === true, output }),
      ),

    settings: (verb, name, value, options) =>
      withControl(
        options,
        verb !== 'set',
        () => null,
        (control) => settings({ control, verb, name, value, isJson: options.json === true, output }),
      ),

    next: (options) =>
      withControl(options, true, accountFor(options), (control) =>
        next({ control, isJson: options.json === true, output }),
      ),
  }
}
