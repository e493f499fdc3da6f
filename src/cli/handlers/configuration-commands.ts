import { readFileSync, statSync } from 'node:fs'
import { errorText } from '../../core/base/text/error-text'
import type { CurrentConfiguration } from '../../core/configuration/configuration-plan'
import { openChannelStore } from '../../node/channels/channel-store'
import { openHeartbeatFile } from '../../node/data-folder/heartbeat-file'
import { openApiTokensFile } from '../../node/pods-api/api-tokens-file'
import { hostOf, openServersFile } from '../../node/servers/servers-file'
import { listAccounts } from '../account/account-list'
import { openControl } from '../account/open-control'
import { apply } from '../commands/configuration/apply'
import { configurationText } from '../commands/configuration/configuration-text'
import { exportYaml } from '../commands/configuration/export'
import { CliExit, exitCodes } from '../output/exit'
import type { Commands, GlobalOptions } from '../program/command-types'
import type { CliContext } from './context/cli-context'
import { prepareFolder } from './context/prepare-folder'

const MAX_BYTES = 1_000_000
const STDIN = '-'

/** The commands that read and write the configuration as a file. */
export function createConfigurationCommands(context: CliContext): Pick<Commands, 'apply' | 'export'> {
  const { clock, env, output } = context
  const nowMs = (): number => clock.now().wallMs
  const openStore = (folder: string) => openChannelStore(folder, null, (what) => output.progress(what))

  async function currentOf(options: GlobalOptions, folder: string): Promise<CurrentConfiguration> {
    const config = context.readFolderConfig(options)
    for (const problem of config.problems) output.progress(problem)
    const store = openStore(folder)
    const channelProblem = store.problem()
    const tokens = openApiTokensFile(folder).list()
    const heartbeat = openHeartbeatFile(folder).load()
    for (const problem of [
      channelProblem,
      ...[tokens, heartbeat].map((read) => (read.ok ? null : read.error)),
    ])
      if (problem !== null) output.progress(problem)
    // What can't be read may be all that the file would change.
    if (!config.isRead || channelProblem !== null || !tokens.ok || !heartbeat.ok)
      throw new CliExit(exitCodes.failed, configurationText.configUnread)
    const isAskedAbout = (id: string): boolean =>
      config.appAccounts.some((each) => each.id === id && each.possibleAccountId !== undefined)
    const servers = openServersFile(folder).load()
    if (!servers.ok) throw new CliExit(exitCodes.failed, servers.error)
    const keptBy = new Map(Object.entries(servers.value).map(([id, server]) => [id, hostOf(server)]))
    return {
      settings: config.settings,
      accounts: listAccounts(config, await context.listedKeys(options))
        .filter(({ id }) => !isAskedAbout(id))
        .map(({ id, name }) => ({ id, name, rules: config.rulesOf(id), keptBy: keptBy.get(id) })),
      channels: store.list(),
      tokens: tokens.value,
      heartbeat: heartbeat.value && {
        host: new URL(heartbeat.value.url).host,
        everyMinutes: heartbeat.value.everyMinutes,
      },
    }
  }

  return {
    async apply(path, options) {
      const text = await readText(path, context)
      const isCheck = options.check === true
      const folder = isCheck ? context.dataFolderOf(options) : await prepareFolder(context, options)
      return apply({
        path: path === STDIN ? 'stdin' : path,
        text,
        current: await currentOf(options, folder),
        store: openStore(folder),
        tokens: openApiTokensFile(folder),
        heartbeat: openHeartbeatFile(folder),
        env,
        isCheck,
        isDiff: options.diff === true,
        isJson: options.json === true,
        allowsDataLoss: options.allowDataLoss === true,
        keyboard: context.runOf(options).keyboard,
        output,
        nowMs,
        async withControl(run) {
          const control = await openControl(context.controlOptions(options, { problems: [] }, false), null)
          try {
            return await run(control)
          } finally {
            control.close()
          }
        },
      })
    },

    async export(options) {
      const current = await currentOf(options, context.dataFolderOf(options))
      for (const { name, keptBy } of current.accounts)
        if (keptBy !== undefined) output.progress(configurationText.keptBy(name, keptBy))
      output.result(exportYaml(current).trimEnd())
      return exitCodes.ok
    },
  }
}

async function readText(path: string, { process: { stdin } }: CliContext): Promise<string> {
  try {
    if (path !== STDIN) {
      if (statSync(path).size > MAX_BYTES) throw new Error(configurationText.tooLarge)
      return readFileSync(path, 'utf8')
    }
    let text = ''
    for await (const chunk of stdin.setEncoding('utf8')) {
      text += String(chunk)
      if (text.length > MAX_BYTES) throw new Error(configurationText.tooLarge)
    }
    return text
  } catch (cause) {
    throw new CliExit(exitCodes.usage, configurationText.notRead(path, errorText(cause)))
  }
}
