import type { Commands, GlobalOptions } from '../program/command-types'
import type { CliContext } from './context/cli-context'
import { chooseAccountText, creationCommandText } from './context/cli-text'
import type { CliAccount } from '../account/account'
import { accountsText, findAccount } from '../account/account-list'
import { keyText } from '../account/account-text'
import { homeFolder } from '../account/data-folder'
import type { CliConfig } from '../account/config'
import { type Control, openControl } from '../account/open-control'
import { isEndpointVerb, showEndpoints } from '../commands/catalog/endpoints'
import { showGpus } from '../commands/catalog/gpus'
import { showTemplates } from '../commands/catalog/templates'
import { changeVolumes, isVolumeVerb } from '../commands/catalog/volumes'
import { editPod } from '../commands/control/edit'
import { createInCloud } from '../commands/create/create'
import { createInLab } from '../commands/create/create-lab-pod'
import { presetBase } from '../commands/create/preset'
import { rebuildBase } from '../commands/create/rebuild'
import { environmentLines } from '../commands/create/environment-lines'
import type { NamedAccount } from '../output/json'
import { CliExit, exitCodes, NoKeyExit } from '../output/exit'
import { withNothing } from '../output/nothing-text'
import { createInterrupts } from '../output/terminal'

/** The commands that create pods, and about what they are made from. */
export function createCreationCommands(
  context: CliContext,
): Pick<Commands, 'create' | 'rebuild' | 'edit' | 'gpus' | 'templates' | 'volumes' | 'endpoints'> {
  /** The account to create in, with a key: the one that is asked for, or the only one. */
  async function oneAccount(options: GlobalOptions, config: CliConfig): Promise<CliAccount> {
    const { accounts, known } = await context.openAccounts({ ...options, announcedRoutes: true }, config)
    const [account, ...others] = accounts
    if (account !== undefined && others.length === 0) return account
    if (account !== undefined)
      throw new CliExit(exitCodes.usage, chooseAccountText.toActIn(accountsText(accounts.map(toNamed))))
    const asked = options.account === undefined ? known[0] : findAccount(known, options.account)
    if (asked === undefined) throw new NoKeyExit(creationCommandText.noKeys)
    throw new NoKeyExit(keyText.noKeyFor(asked.name))
  }

  /** The account that is asked for, or the only one that has a catalog. */
  async function cloudAccount(options: GlobalOptions): Promise<CliAccount> {
    const config = context.readFolderConfig(options)
    const { accounts } = await context.openAccounts(options, config)
    const clouds = accounts.filter(({ provider }) => provider.listGpus !== undefined)
    const [account, ...others] = clouds
    if (account === undefined)
      throw accounts.length === 0
        ? new NoKeyExit(keyText.noKeyForIt)
        : new CliExit(exitCodes.usage, creationCommandText.noListForLabs)
    if (others.length > 0)
      throw new CliExit(exitCodes.usage, chooseAccountText.toRead(accountsText(clouds.map(toNamed))))
    return account
  }

  const controlOf = (
    options: GlobalOptions,
    account: CliAccount,
    config: CliConfig,
    isReadOnly: boolean,
    followsNewPods = false,
  ): Promise<Control> =>
    openControl({ ...context.controlOptions(options, config, isReadOnly), followsNewPods }, account)

  /** Creates a pod; `likePod`: like this one, which stays as it is. */
  async function create(options: Parameters<Commands['create']>[1], likePod: string | null): Promise<number> {
    const config = context.readFolderConfig(options)
    const account = await oneAccount(options, config)
    if (account.lab !== undefined && (likePod !== null || options.preset !== undefined))
      throw new CliExit(exitCodes.usage, withNothing(creationCommandText.notForLabs, 'created'))
    const run = context.runOf(options)
    const lines = environmentLines(options.env ?? [], options.envFile, context.env)
    const control = await controlOf(options, account, config, run.isDryRun, options.wait === true)
    const createThere = account.lab === undefined ? createInCloud : createInLab
    try {
      const base =
        likePod !== null
          ? rebuildBase(account.provider, control, likePod, options.takeover !== false)
          : options.preset === undefined
            ? null
            : presetBase(context.dataFolderOf(options), options.preset, lines)
      return await createThere({
        ...run,
        ...(base !== null && { base }),
        account: toNamed(account),
        control,
        provider: account.provider,
        choices: options,
        environmentLines: lines,
        waits: options.wait ?? false,
        home: homeFolder(context.env),
        interrupts: createInterrupts(context.onSignal, null, ''),
      })
    } finally {
      control.close()
    }
  }

  return {
    create: (accountQuery, options) =>
      create({ ...options, ...(accountQuery !== undefined && { account: accountQuery }) }, null),
    rebuild: (podQuery, options) => create(options, podQuery),
    async edit(podQuery, options) {
      const config = context.readFolderConfig(options)
      const account = await oneAccount(options, config)
      const control = await controlOf(options, account, config, options.dryRun === true)
      try {
        return await editPod({
          ...context.runOf(options),
          account: toNamed(account),
          provider: account.provider,
          control,
          podQuery,
          choices: options,
          environmentLines: environmentLines(options.env ?? [], options.envFile, context.env),
        })
      } finally {
        control.close()
      }
    },
    async gpus(options) {
      const { provider } = await cloudAccount(options)
      const cloud = options.cloud === 'community' ? 'COMMUNITY' : 'SECURE'
      return showGpus(provider, {
        ...context.runOf(options),
        cloud,
        count: options.count ?? 1,
        isAvailableOnly: options.available === true,
      })
    },
    async templates(options) {
      const { provider } = await cloudAccount(options)
      return showTemplates(provider, { ...context.runOf(options), source: options.source ?? 'own' })
    },
    async volumes(verb, volume, value, options) {
      if (!isVolumeVerb(verb)) throw new CliExit(exitCodes.usage, creationCommandText.unknownVerb(verb))
      const account = await cloudAccount(options)
      return changeVolumes(account.provider, {
        openControl: () => controlOf(options, account, context.readFolderConfig(options), false),
        ...context.runOf(options),
        verb,
        volume,
        value,
        dataCenterId: options.dataCenter,
        kind: options.highPerformance === true ? 'high-performance' : 'standard',
      })
    },
    async endpoints(verb, endpoint, options) {
      if (!isEndpointVerb(verb))
        throw new CliExit(exitCodes.usage, creationCommandText.unknownEndpointVerb(verb))
      const account = await cloudAccount(options)
      return showEndpoints(account.provider, {
        openControl: () => controlOf(options, account, context.readFolderConfig(options), false),
        ...context.runOf(options),
        verb,
        endpoint,
      })
    },
  }
}

const toNamed = ({ view, name }: CliAccount): NamedAccount => ({ id: view.id, name })
