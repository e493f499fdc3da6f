import { openTerminalInputFile } from '../../node/data-folder/terminal-input-file'
import { createHostFiles } from '../../ssh/hosts/host-files'
import type { CliAccount } from '../account/account'
import { createCliHosts } from '../account/cli-hosts'
import { homeFolder } from '../account/data-folder'
import type { CliContext } from './context/cli-context'
import { editorsText } from '../commands/editors/editors-text'
import { openPod } from '../commands/editors/open'
import { sshConfig } from '../commands/editors/ssh-config'
import { CliExit, exitCodes } from '../output/exit'
import type { Commands, GlobalOptions } from '../program/command-types'

/** The commands that open pods in editors. */
export function createEditorCommands(context: CliContext): Pick<Commands, 'open' | 'sshConfig'> {
  const { clock, env, output } = context

  function prepare(options: GlobalOptions & { yes?: true }) {
    const home = homeFolder(env)
    if (home === null) throw new CliExit(exitCodes.failed, editorsText.noHome)
    const config = context.readFolderConfig(options)
    const folder = context.dataFolderOf(options)
    const files = createHostFiles(home, folder)
    return {
      folder,
      config,
      home,
      shared: {
        ...context.runOf(options),
        files,
        hostsOf: (account: CliAccount) =>
          createCliHosts({ ...context.sshOptions(options, config), account }, files),
      },
    }
  }

  return {
    async open(podQuery, options) {
      const { folder, config, home, shared } = prepare(options)
      const inUse = openTerminalInputFile(
        folder,
        () => clock.now().wallMs,
        (line) => output.progress(line),
      )
      return openPod({
        ...(await context.openAccounts(options, config)),
        ...shared,
        podQuery,
        editor: options.with ?? null,
        folder: options.folder ?? null,
        locations: {
          home,
          env,
          platform: process.platform,
          customCommand: () => config.settings.editorCommand,
        },
        onActive: (accountId, podId) => inUse.record(accountId, podId),
      })
    },
    async sshConfig(options) {
      const { config, shared } = prepare(options)
      const verb = options.remove === true ? 'remove' : options.write === true ? 'write' : 'print'
      const found =
        verb === 'remove' ? { accounts: [], failures: [] } : await context.openAccounts(options, config)
      return sshConfig({ ...found, ...shared, verb })
    },
  }
}
