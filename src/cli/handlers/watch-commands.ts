import { setTimeout as setTimeoutPromise } from 'node:timers/promises'
import { createHeartbeatSender } from '../../providers/channels/heartbeat-sender'
import { createAddressSender } from '../../providers/channels/send-to-address'
import { createPhoneServices } from '../../providers/phone/phone-services'
import { type CliAccount, openDemo } from '../account/account'
import { type CliConfig, dataFiles } from '../account/config'
import { accountsBefore, identifyAccount } from '../account/identify-account'
import { readEarlierKeys, readStoredKeys } from '../account/key-file'
import { CliExit, exitCodes } from '../output/exit'
import { createWatchScreen } from '../watch/screen'
import type { WatchOutput } from '../watch/watch'
import { watchAccounts, type WatchAccountsOptions } from '../watch/watch-accounts'
import type { CliContext } from './context/cli-context'
import { optionText, watchCommandText } from './context/cli-text'
import type { Commands, GlobalOptions, LogFormat } from '../program/command-types'

const IDENTIFY_RETRY_MS = 30_000
const REFUSED_RETRY_MS = 300_000

/** The commands that watch until the user ends them. */
export function createWatchCommands(context: CliContext): Pick<Commands, 'watch' | 'demo'> {
  const { clock, output, version, environmentKeys } = context
  const { stdout, env, events, stderr, suspend, showNotification, buildFolder } = context.process

  function createWatchOutput(
    options: GlobalOptions & { log?: LogFormat; writeLine?: (line: string) => void },
  ): WatchOutput {
    if (options.writeLine !== undefined)
      return { kind: 'lines', format: options.log ?? 'text', write: options.writeLine }
    if (options.log !== undefined || !stdout.isTTY || env['TERM'] === 'dumb')
      return { kind: 'lines', format: options.log ?? 'text', write: (line) => output.result(line) }
    return {
      kind: 'screen',
      screen: createWatchScreen(stdout, context.hasColor(options), events),
      keyboard: context.runOf(options).keyboard,
    }
  }

  const watch = (
    options: Parameters<Commands['watch']>[0],
    config: CliConfig,
    watched: Pick<WatchAccountsOptions, 'accounts' | 'accountCount' | 'problems' | 'identify'>,
  ): Promise<number> =>
    watchAccounts({
      ...watched,
      version,
      folder: context.dataFolderOf(options),
      config,
      clock,
      process: { onSignal: context.onSignal, env, events, stderr, suspend, showNotification, buildFolder },
      watchOutput: createWatchOutput(options),
      ...(options.ending && { ending: options.ending }),
      sendToChannel: createAddressSender({ version, proxyEnvironment: env, now: () => clock.now() }),
      sendHeartbeat: createHeartbeatSender({ version, proxyEnvironment: env }),
      phoneServices: createPhoneServices({ version, proxyEnvironment: env }),
      createFolderLock: (onRole) => context.lockDataFolder(options, onRole),
    })

  async function demo(options: GlobalOptions & { log?: LogFormat }): Promise<number> {
    const config = context.readFolderConfig(options)
    const accounts = [await openDemo(context)]
    return watch(options, config, { accounts, accountCount: 1, problems: [], identify: alreadyIdentified })
  }

  /** Asks Runpod which account the key belongs to until it answers. */
  function identify(
    options: GlobalOptions,
    config: CliConfig,
    account: CliAccount,
    report: (problem: string) => void,
  ): Promise<CliAccount> {
    const stored = readEarlierKeys(dataFiles(context.dataFolderOf(options)).key)
    // Of the other keys it was not found out yet which accounts they belong to.
    const identified = stored.filter(({ accountId }) => accountId !== undefined)
    const known = accountsBefore(config, identified)
    return identifyAccount(account, known, context.podIdsOf(options, config), ({ kind, message }) => {
      const isRefused = kind === 'unauthorized'
      report(watchCommandText.startsLater(message, isRefused))
      return setTimeoutPromise(isRefused ? REFUSED_RETRY_MS : IDENTIFY_RETRY_MS)
    })
  }

  return {
    async watch(options) {
      if (options.orDemo && !hasKey(options)) return demo(options)
      const config = context.readFolderConfig(options)
      const { accounts, failures, known } = await context.openAccounts(options, config)
      const isPaused = ({ view }: CliAccount): boolean =>
        known.some(({ id, isPaused: paused }) => id === view.id && paused)
      // One that is named is meant, whatever the app does with it.
      const paused = options.account === undefined ? accounts.filter(isPaused) : []
      const active = accounts.filter((account) => !paused.includes(account))
      const pauses = paused.map(({ name }) => watchCommandText.paused(name))
      if (active.length === 0) throw new CliExit(exitCodes.failed, pauses.join('\n'))
      const problems = [...pauses, ...failures.map(({ name, exit }) => `${name}: ${exit.message}`)]
      const [first] = active
      if (first !== undefined && active.length === 1) {
        const identified = await identify(options, config, first, (text) => output.progress(text))
        return watch(options, config, {
          accounts: [identified],
          accountCount: known.length,
          problems,
          identify: alreadyIdentified,
        })
      }
      return watch(options, config, {
        accounts: active,
        accountCount: known.length,
        problems,
        identify: (account, report) => identify(options, config, account, report),
      })
    },

    demo(options) {
      if (options.account !== undefined) throw new CliExit(exitCodes.usage, optionText.demoHasOwnPods)
      return demo(options)
    },
  }

  function hasKey(options: GlobalOptions): boolean {
    const { runpod, hubify } = environmentKeys
    return (
      Boolean(runpod || hubify) || readStoredKeys(dataFiles(context.dataFolderOf(options)).key).length > 0
    )
  }
}

const alreadyIdentified = (account: CliAccount): Promise<CliAccount> => Promise.resolve(account)
