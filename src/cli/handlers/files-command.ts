import { openTerminalInputFile } from '../../node/data-folder/terminal-input-file'
import { createCliFiles } from '../account/cli-ssh'
import type { CliContext } from './cli-context'
import { copyFiles } from '../commands/files/copy'
import { listFiles } from '../commands/files/list-files'
import { parseCopyPath, parseCopyPaths } from '../commands/files/pod-path'
import type { ReachablePod } from '../commands/files/reach-pod'
import type { Commands, GlobalOptions } from '../program/command-types'

/** The commands about files of pods. */
export function createFilesCommands(context: CliContext): Pick<Commands, 'cp' | 'ls'> {
  const { clock, env, output } = context
  const report = (text: string): void => output.progress(text)

  async function open(options: GlobalOptions) {
    const config = context.readFolderConfig(options)
    const folder = context.dataFolderOf(options)
    const { accounts, failures } = await context.openAccounts(options, config)
    const openFiles = ({ account, target }: ReachablePod) =>
      createCliFiles({ folder, account, clock, env, settings: () => config.settings, report }, target)
    return { accounts, failures, openFiles, folder }
  }

  return {
    async cp(texts, options) {
      const paths = parseCopyPaths(texts, process.platform)
      const { folder, ...opened } = await open(options)
      const inUse = openTerminalInputFile(folder, () => clock.now().wallMs, report)
      return copyFiles({
        ...opened,
        paths,
        resumes: options.resume,
        maxBytes: options.maxSize ?? null,
        isJson: options.json === true,
        output,
        onActive: ({ account, pod }) => inUse.record(account.view.id, pod.id),
        onSignal: context.onSignal,
        nowMs: () => clock.now().monotonicMs,
      })
    },
    async ls(text, options) {
      const path = parseCopyPath(text, process.platform)
      const { accounts, failures, openFiles } = await open(options)
      return listFiles({
        accounts,
        failures,
        openFiles,
        path,
        isJson: options.json === true,
        output,
        nowMs: () => clock.now().wallMs,
      })
    },
  }
}
