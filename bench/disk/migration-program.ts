import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { errorText } from '../../src/core/base/text/error-text'
import { presentFormat } from '../../src/node/data-folder/format/folder-format'
import { createFolderLock } from '../../src/node/data-folder/lock/folder-lock'
import { nextFormat } from './next-format'
import { NOW_MS } from './times'
import { intentsByState } from '../../test/harness/samples/intents'

/*
 * A program of the present format, or of the next one, that records three actions once it may act: `migration-program
 * FOLDER present|next ID [wait]`. Ends at once where the folder is newer than the program, with `wait` after a line of
 * input.
 */
const [, , dataFolder = '', version, id = '', mode] = process.argv
const say = (line: string): void => void writeSync(1, `${line}\n`)
const lock = createFolderLock({
  dataFolder,
  journalPath: join(dataFolder, 'intents.jsonl'),
  program: 'cli',
  canActUnlocked: false,
  nowMs: () => NOW_MS,
  onRole: ({ kind }) => say(`= ${kind}`),
  format: version === 'next' ? nextFormat : presentFormat,
  retryMs: 5,
})
async function run(): Promise<void> {
  const role = await lock.start().catch((cause: unknown) => say(`~ ${errorText(cause)}`))
  if (role) say(`= ${role.kind}`)
  while (lock.role().kind === 'passive') await pause(2)
  const { scheduled } = intentsByState('stop')
  for (const number of [1, 2, 3]) {
    const name = `${id}-${number}`
    say(`> ${name}`)
    const recorded = lock.journal.record({ ...scheduled, id: name })
    say(recorded.ok ? `< ${name}` : `! ${name}: ${recorded.error}`)
    await pause(1)
  }
  if (mode === 'wait') await once(process.stdin, 'data')
  lock.dispose()
}

void run().then(() => process.exit(0))
