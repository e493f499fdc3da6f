import { openTerminalInputFile } from '../../node/data-folder/terminal-input-file'
import { createCliFiles } from '../account/cli-ssh'
import type { CliContext } from './context/cli-context'
import { copyFiles } from '../commands/files/copy'
import { listFiles } from '../commands/files/list-files'
import { parseCopyPath, parseCopyPaths } from '../commands/files/pod-path'
import type { ReachablePod } from '../commands/files/reach-pod'
import type { Commands, GlobalOptions } from '../program/command-types'

/** The commands about files of pods. */
export function createFilesCommands(context: CliContext): Pick<Commands, 'cp' | 'ls'> {
  const { clock, output } = context

  async function open(options: GlobalOptions & { json?: true }) {
    const config = context.readFolderConfig(options)
    const { accounts, failures } = await context.openAccounts(options, config)
    const openFiles = ({ account, target }: ReachablePod) =>
      createCliFiles({ ...context.sshOptions(options, config), account }, target)
    return { ...context.runOf(options), accounts, failures, openFiles }
  }

  return {
    async cp(texts, options) {
      const paths = parseCopyPaths(texts, process.platform)
      const opened = await open(options)
      const folder = context.dataFolderOf(options)
      const inUse = openTerminalInputFile(
        folder,
        () => clock.now().wallMs,
        (line) => output.progress(line),
      )
      return copyFiles({
        ...opened,
        paths,
        resumes: options.resume,
        maxBytes: options.maxSize ?? null,
        onActive: ({ account, pod }) => inUse.record(account.view.id, pod.id),
        nowMs: () => clock.now().monotonicMs,
      })
    },
    async ls(text, options) {
      const path = parseCopyPath(text, process.platform)
      return listFiles({ ...(await open(options)), path, nowMs: () => clock.now().wallMs })
    },
  }
}
