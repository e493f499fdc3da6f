import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { errorText } from '../../src/core/base/text/error-text'
import { openFolder } from './open-folder'
import { stepsOf } from './steps'

/*
 * A program that takes every step on a data folder: `folder-program FOLDER WHO [wait]`. Prints `> NAME` before a step
 * and `< NAME` (ok) or `! NAME: why` after it, and `~ TEXT` for what else a person is told. With `wait` it waits for a
 * line of input after it took the lock.
 */
const [, , path = '', who = 'a', mode] = process.argv
const say = (line: string): void => void writeSync(1, `${line.replaceAll('\n', ' ')}\n`)

async function run(): Promise<void> {
  const folder = await openFolder(path, who === 'a' ? 'app' : 'cli')
  say(`= ${folder.lock.role().kind}`)
  while (folder.lock.role().kind === 'passive') await pause(5)
  if (mode === 'wait') await once(process.stdin, 'data')
  for (const problem of folder.drainProblems()) say(`~ ${problem}`)
  for (const step of stepsOf(who)) {
    say(`> ${step.name}`)
    try {
      const outcome = step.write(folder)
      say(outcome.ok ? `< ${step.name}` : `! ${step.name}: ${outcome.error}`)
    } catch (cause) {
      say(`x ${step.name}: ${errorText(cause)}`)
    }
  }
  for (const problem of folder.drainProblems()) say(`~ ${problem}`)
  folder.close()
}

void run().then(
  () => process.exit(0),
  (cause: unknown) => {
    say(`x ${errorText(cause)}`)
    process.exit(1)
  },
)
