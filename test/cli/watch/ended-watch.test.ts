import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { exitCodes } from '../../../src/cli/output/exit'
import { createWatch } from '../../../src/cli/watch/watch'
import { createFakeClock } from '../../harness/base/fake-clock'

/** Runs a watch until `ending` ends it; resolves to its exit code and whether it began to watch. */
async function watchUntil(ending: AbortSignal, onStart: () => void = () => {}) {
  let hasStarted = false
  const watch = createWatch({
    watchOutput: { kind: 'lines', format: 'text', write: () => {} },
    clock: createFakeClock(),
    process: {
      events: new EventEmitter(),
      stderr: { write: () => true },
      suspend: () => {},
      onSignal: () => () => {},
    },
    roleNote: () => null,
    computer: () => 'lab-server',
    hasSeveral: false,
    ending,
  })
  const exitCode = await watch.run({
    snapshot: () => {
      throw new Error('Nothing is shown on a screen.')
    },
    start() {
      hasStarted = true
      onStart()
    },
  })
  return { exitCode, hasStarted }
}

test('a watch that was ended while its folder was being opened ends at once, and watches nothing', async () => {
  expect(await watchUntil(AbortSignal.abort())).toEqual({ exitCode: exitCodes.ok, hasStarted: false })
})

test('a watch that is ended later ends then', async () => {
  const ending = new AbortController()
  const ended = watchUntil(ending.signal, () => setImmediate(() => ending.abort()))
  expect(await ended).toEqual({ exitCode: exitCodes.ok, hasStarted: true })
})
