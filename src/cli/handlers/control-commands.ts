import { serviceNameOf, RUNPOD_NAME } from '../../core/pods/labs/service-name'
import { deadlineMs } from '../../core/intents/intent-observation'
import { intentRulesOf } from '../../core/settings/settings'
import { plainText } from '../../core/base/text/plain-text'
import { MINUTE_MS } from '../../core/base/time/time'
import { readIntents } from '../../node/data-folder/journal/journal'
import { type AccountServer, hostOf, serverOf } from '../../node/servers/servers-file'
import { findAccount, listAccounts, accountsText } from '../account/account-list'
import { keyText } from '../account/account-text'
import { type CliConfig, dataFiles } from '../account/config'
import {
  type Control,
  type ControlAccount,
  controlAccountId,
  openControl,
  openControls,
} from '../account/open-control'
import { act, outcomeJson } from '../commands/act/act'
import { actAtServer, withServer } from '../commands/control/at-server'
import { atServerText } from '../commands/control/at-server-text'
import { autoStop, showAutoStops } from '../commands/control/auto-stop'
import { guard } from '../commands/control/guard'
import { keep } from '../commands/control/keep'
import { next } from '../commands/control/next'
import { type CommandPod, findPodAccount, type SearchedAccount } from '../commands/control/pod-account'
import { podRules } from '../commands/control/rules'
import { settings } from '../commands/control/settings'
import type { CommandRun } from '../output/command-run'
import type { NamedAccount } from '../output/json'
import { CliExit, exitCodes, NoKeyExit } from '../output/exit'
import { createInterrupts } from '../output/terminal'
import type { CliContext } from './context/cli-context'
import { chooseAccountText, optionText } from './context/cli-text'
import type { Commands, GlobalOptions } from '../program/command-types'

/** The commands that act on pods or change what does: here, or in the program that holds the data folder. */
export function createControlCommands(
  context: CliContext,
): Pick<Commands, 'act' | 'keep' | 'guard' | 'rules' | 'autoStop' | 'settings' | 'next'> {
  const { clock, output } = context

  /**
   * The accounts that are asked for. Without a key of its own, a command asks about the accounts of the app. One that
   * was given a key or an address that cannot be used acts on nothing instead.
   */
  async function searchedAccounts(
    options: GlobalOptions,
    config: CliConfig,
  ): Promise<readonly SearchedAccount[]> {
    try {
      const { accounts, failures, known } = await context.openAccounts(options, config)
      for (const { name, exit } of failures) output.progress(`${name}: ${exit.message}`)
      const own = accounts.map((account) => ({ account, isOptional: false }))
      const ofApp = known.filter(({ key, isPaused }) => key === null && !isPaused)
      const keyless = ofApp.map(({ id, name }) => keylessAccount(id, name, true))
      if (options.account !== undefined)
        return own.length > 0 ? own : [askedKeyless(findAccount(known, options.account))]
      return options.baseUrl === undefined ? [...own, ...keyless] : own
    } catch (cause) {
      if (!(cause instanceof NoKeyExit) || options.baseUrl !== undefined) throw cause
      const known = listAccounts(config, [])
      const asked = options.account === undefined ? known : [findAccount(known, options.account)]
      if (asked.length === 0) throw cause
      return asked.map(({ id, name }) => ({ account: { id, name, noKey: cause }, isOptional: false }))
    }
  }

  /** Reads or changes one account. */
  async function withControl(
    options: GlobalOptions,
    config: CliConfig,
    isReadOnly: boolean,
    account: ControlAccount | null,
    run: (control: Control) => Promise<number>,
  ): Promise<number> {
    const control = await openControl(context.controlOptions(options, config, isReadOnly), account)
    try {
      return await run(control)
    } finally {
      control.close()
    }
  }

  /** Finds the pod among all accounts, and goes on with the one that has it. */
  async function withPod(
    options: Parameters<typeof context.runOf>[0],
    podQuery: string,
    { isReadOnly, isAboutRules }: { readonly isReadOnly: boolean; readonly isAboutRules: boolean },
    run: (target: PodTarget) => Promise<number>,
  ): Promise<number> {
    const config = context.readFolderConfig(options)
    const accounts = await searchedAccounts(options, config)
    for (const problem of config.problems) output.progress(problem)
    const found = await findPodAccount({
      accounts,
      podQuery,
      open: (all) => openControls(context.controlOptions(options, config, true), all),
      output,
    })
    const account = { id: controlAccountId(found.account), name: found.account.name }
    const server = serverOf(context.dataFolderOf(options), account.id)
    if (!server.ok) throw new CliExit(exitCodes.failed, server.error)
    return withControl(options, config, isReadOnly, found.account, (control) =>
      run({
        ...context.runOf(options),
        server: server.value,
        control:
          server.value === null || !isAboutRules
            ? control
            : withServer(control, server.value, found.podQuery),
        config,
        account,
        podQuery: found.podQuery,
        webApp: webAppOf(found.account),
        service: 'provider' in found.account ? serviceNameOf(found.account.provider) : RUNPOD_NAME,
        isLab: 'lab' in found.account && found.account.lab !== undefined,
      }),
    )
  }

  /** That a server decides for the account; null: none does. Throws where nobody can say. */
  function autoStopElsewhere(options: GlobalOptions, account: ControlAccount): string | null {
    const server = serverOf(context.dataFolderOf(options), controlAccountId(account))
    if (!server.ok) throw new CliExit(exitCodes.failed, server.error)
    return server.value && atServerText.autoStopThere(hostOf(server.value))
  }

  return {
    act(action, query, options) {
      context.hubifyKeysOf(options).readForAction()
      return withPod(
        options,
        query,
        { isReadOnly: false, isAboutRules: false },
        async ({ config, webApp, service, isLab, ...pod }) => {
          const { keyboard, isConfirmed, server } = pod
          const goesThere = server !== null && options.directly !== true && options.whenFree !== true
          const isPower = action === 'start' || action === 'stop'
          const sent = goesThere && isPower ? await actAtServer({ ...pod, server, action }) : null
          if (server !== null && sent === null) output.progress(atServerText.fromHere(action, hostOf(server)))
          const ownAct = () =>
            act({
              ...pod,
              action,
              service,
              isLab,
              waitsForGpu: options.whenFree ?? false,
              isImmediate: isConfirmed,
              confirmation: { nameOption: pod.confirmName, keyboard, output },
              webApp,
              waitsForResult: options.wait,
              timeoutMs: deadlineMs(action, intentRulesOf(config.settings)) + MINUTE_MS,
              interrupts: createInterrupts(context.onSignal, isConfirmed ? null : keyboard, 'u'),
              readJournal: () =>
                readIntents(dataFiles(context.dataFolderOf(options)).journal)?.filter(
                  ({ accountId }) => accountId === pod.account.id,
                ) ?? null,
            })
          const outcome = sent ?? (await ownAct())
          if (options.json) output.result(outcomeJson(action, outcome, pod.account))
          else if (outcome.exitCode === exitCodes.ok) output.result(plainText(outcome.message))
          if (outcome.exitCode !== exitCodes.ok) output.progress(outcome.message)
          return outcome.exitCode
        },
      )
    },

    keep: (query, choice, options) =>
      withPod(options, query, { isReadOnly: false, isAboutRules: true }, (pod) =>
        keep({ ...pod, choice, nowMs: () => clock.now().wallMs }),
      ),

    guard: (verb, query, { byMs, whose }, options) =>
      withPod(options, query, { isReadOnly: verb === 'status', isAboutRules: true }, (pod) => {
        if (pod.server !== null)
          throw new CliExit(exitCodes.failed, atServerText.guardThere(hostOf(pod.server)))
        return guard({ ...pod, verb, byMs, whose, onlyReports: options.reportOnly === true })
      }),

    rules: (query, verb, assignments, options) =>
      withPod(options, query, { isReadOnly: verb === 'get', isAboutRules: true }, (pod) =>
        podRules({ ...pod, verb, assignments, allowsDataLoss: options.allowDataLoss ?? false }),
      ),

    async autoStop(mode, options) {
      const config = context.readFolderConfig(options)
      const searched = await searchedAccounts(options, config)
      for (const problem of config.problems) output.progress(problem)
      const asked = searched.filter(({ isOptional }) => !isOptional).map(({ account }) => account)
      const elsewhere = asked.flatMap((one) => autoStopElsewhere(options, one) ?? [])
      const accounts = asked.filter((one) => autoStopElsewhere(options, one) === null)
      if (elsewhere.length > 0 && (mode !== undefined || accounts.length === 0))
        throw new CliExit(exitCodes.failed, elsewhere.join('\n'))
      for (const text of elsewhere) output.progress(text)
      const [account] = accounts
      const run = context.runOf(options)
      if (accounts.length === 1 && account !== undefined)
        return withControl(options, config, mode === undefined, account, (control) =>
          autoStop({ ...run, control, account: toNamed(account), mode }),
        )
      if (mode !== undefined)
        throw new CliExit(exitCodes.usage, chooseAccountText.toChange(accountsText(accounts.map(toNamed))))
      const controls = await openControls(context.controlOptions(options, config, true), accounts)
      try {
        return await showAutoStops({ ...run, accounts: accounts.map(toNamed), controls })
      } finally {
        controls.close()
      }
    },

    async settings(verb, name, value, options) {
      if (options.account !== undefined) throw new CliExit(exitCodes.usage, optionText.settingsAreShared)
      const config = context.readFolderConfig(options)
      for (const problem of config.problems) output.progress(problem)
      return withControl(options, config, verb !== 'set', null, (control) =>
        settings({ ...context.runOf(options), control, verb, name, value }),
      )
    },

    async next(options) {
      const config = context.readFolderConfig(options)
      const searched = await searchedAccounts(options, config)
      for (const problem of config.problems) output.progress(problem)
      for (const { account } of searched) {
        const server = serverOf(context.dataFolderOf(options), controlAccountId(account))
        if (server.ok && server.value !== null)
          output.progress(atServerText.nextThere(account.name, hostOf(server.value)))
      }
      const controls = await openControls(
        context.controlOptions(options, config, true),
        searched.map(({ account }) => account),
      )
      try {
        return await next({
          ...context.runOf(options),
          accounts: searched.map(({ account, isOptional }) => ({ ...toNamed(account), isOptional })),
          controls,
        })
      } finally {
        controls.close()
      }
    },
  }
}

interface PodTarget extends CommandRun, CommandPod {
  readonly config: CliConfig
  /** Where to terminate a pod, where the API cannot; null: here. */
  readonly webApp: string | null
  /** Which keeps the account; null: this computer does. */
  readonly server: AccountServer | null
  /** Whose API the account uses. */
  readonly service: string
  readonly isLab: boolean
}

function webAppOf(account: ControlAccount): string | null {
  const fallback = 'provider' in account ? account.provider.webFallback?.() : undefined
  return fallback?.features.includes('terminate') === true ? fallback.url : null
}

const toNamed = (account: ControlAccount): NamedAccount => ({
  id: controlAccountId(account),
  name: account.name,
})

const askedKeyless = ({ id, name }: NamedAccount): SearchedAccount => keylessAccount(id, name, false)

const keylessAccount = (id: string, name: string, isOptional: boolean): SearchedAccount => ({
  account: {
    id,
    name,
    noKey: new NoKeyExit(keyText.noKeyFor(name)),
  },
  isOptional,
})
