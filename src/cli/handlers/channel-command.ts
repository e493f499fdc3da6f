import { join } from 'node:path'
import { openChannelStore } from '../../node/channels/channel-store'
import { chosenNameOf } from '../../node/data-folder/computer-file'
import { readOutbox } from '../../node/data-folder/journal/journal'
import { createAddressSender } from '../../providers/channels/send-to-address'
import { createPhoneServices } from '../../providers/phone/phone-services'
import type { CliContext } from './context/cli-context'
import { prepareFolder } from './context/prepare-folder'
import { runChannelCommand } from '../commands/channel/channel'
import type { Commands } from '../program/command-types'

/** The commands about channels. They change files of the data folder, whichever program is active on it. */
export function createChannelCommand(context: CliContext): Pick<Commands, 'channel'> {
  const { clock, output } = context
  const { stdin, stderr, env } = context.process

  return {
    async channel(command, options) {
      const isReading = command.verb === 'list' || command.verb === 'test'
      const folder = isReading ? context.dataFolderOf(options) : await prepareFolder(context, options)
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
        clock,
        services: createPhoneServices({
          version: context.version,
          proxyEnvironment: env,
          telegramOrigin: context.process.telegramOrigin,
        }),
        now: () => clock.now(),
        computer: chosenNameOf(context.readFolderConfig(options).settings),
      })
    },
  }
}
