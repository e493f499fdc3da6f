import { join } from 'node:path'
import { openChannelStore } from '../../node/channels/channel-store'
import { readOutbox } from '../../node/data-folder/journal/journal'
import { writeProblem } from '../../node/data-folder/format/folder-format'
import { createAddressSender } from '../../providers/channels/send-to-address'
import type { CliContext } from './cli-context'
import { runChannelCommand } from '../commands/channel/channel'
import { CliExit, exitCodes } from '../output/exit'
import type { Commands, GlobalOptions } from '../program/command-types'

/** The commands about channels. They change files of the data folder, whichever program is active on it. */
export function createChannelCommand(context: CliContext): Pick<Commands, 'channel'> {
  const { clock, output } = context
  const { stdin, stderr, env } = context.process

  /** A folder that is new, or not in the present format, can be written to once a program has held it. */
  async function prepareFolder(options: GlobalOptions): Promise<string> {
    const folder = context.writableFolderOf(options)
    if (writeProblem(folder) === null) return folder
    const lock = context.lockDataFolder(options)
    await lock.start().catch(() => {})
    lock.dispose()
    const problem = writeProblem(folder)
    if (problem !== null) throw new CliExit(exitCodes.failed, problem)
    return folder
  }

  return {
    async channel(command, options) {
      const isReading = command.verb === 'list' || command.verb === 'test'
      const folder = isReading ? context.dataFolderOf(options) : await prepareFolder(options)
      return runChannelCommand({
        ...context.runOf(options),
        store: openChannelStore(folder, null, (what) => output.progress(what)),
        command,
        stdin,
        prompt: (text) => void stderr.write(text),
        secretsPath: join(folder, 'channel-secrets.json'),
        readOutbox: () => readOutbox(join(folder, 'outbox.jsonl')) ?? [],
        send: createAddressSender({
          version: context.version,
          proxyEnvironment: env,
          now: () => clock.now(),
        }),
        now: () => clock.now(),
      })
    },
  }
}
