import { type ChildProcess, fork } from 'node:child_process'
import { expect, onTestFinished, test } from 'vitest'
import { createTerminalProcess } from '../../../../src/main/terminals/process/terminal-process'
import type { RemoteEmulator } from '../../../../src/main/terminals/process/remote-emulator'
import { buildProgram } from '../../../harness/setup/build-program'

const program = await buildProgram('test/harness/terminal/terminal-child.ts')

/** The app allows 512 MB, which takes longer to fill. */
const MAX_HEAP_MB = 48
const SIZE = { columns: 80, rows: 24 }
/** As many characters in each cell as are let in, in a line of its own. */
const FULL_LINE = Buffer.from(`${`a${'\u0300'.repeat(29)}`.repeat(SIZE.columns)}\r\n`)

const print = (emulator: RemoteEmulator, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve) => emulator.write(bytes, false, resolve))

test('output that fills the heap of the real process ends it, then its own terminal; the other one is drawn anew', async () => {
  const children: ChildProcess[] = []
  const reports: string[] = []
  const createEmulator = createTerminalProcess({
    start() {
      const child = fork(program, [], {
        execArgv: [`--max-old-space-size=${MAX_HEAP_MB}`],
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      })
      children.push(child)
      return {
        post: (request) => void child.send(request, () => {}),
        onMessage: (listener) => void child.on('message', listener),
        onExit: (listener) => void child.on('exit', listener),
        kill: () => void child.kill('SIGKILL'),
      }
    },
    // Nothing counts as hung, however slow a full heap is.
    clock: { schedule: () => () => {} },
    report: (message) => reports.push(message),
  })
  const [greedy, calm] = [createEmulator(SIZE, 10_000), createEmulator(SIZE, 10_000)]
  onTestFinished(() => {
    greedy.dispose()
    calm.dispose()
  })
  const failures: string[] = []
  greedy.onFailure((reason) => failures.push(reason))
  calm.onFailure((reason) => failures.push(`the calm one: ${reason}`))
  await print(calm, Buffer.from('still \u001B[1mhere'))
  for (let lines = 0; failures.length === 0 && lines < 60_000; lines += 100)
    await print(greedy, Buffer.concat(Array.from({ length: 100 }, () => FULL_LINE)))
  expect(failures).toEqual(['Podkeeper closed this shell because its output could not be processed.'])
  expect(reports).toEqual(['The terminal process ended.', 'The terminal process ended.'])
  expect(children.slice(0, 2).map(({ signalCode }) => signalCode)).toEqual(['SIGABRT', 'SIGABRT'])
  expect(await calm.serialize()).toBe('still \u001B[1mhere')
  await print(calm, Buffer.from(', and more'))
  expect(await calm.serialize()).toBe('still \u001B[1mhere, and more')
  expect(children).toHaveLength(3)
}, 120_000)
