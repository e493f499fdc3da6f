import { PassThrough } from 'node:stream'
import type { ReadStream } from 'node:tty'
import { expect, test } from 'vitest'
import type { Control } from '../../../src/cli/account/open-control'
import { act } from '../../../src/cli/commands/act/act'
import { ok } from '../../../src/core/base/result'

const pod = {
  id: 'a',
  name: 'llama',
  phase: 'running',
  actions: ['stop'],
  hardware: null,
  service: 'Runpod',
  costPerHourUsd: null,
  stopImpactText: 'Nothing is kept.',
  isDataKept: false,
  openAction: null,
  rules: {},
  isAutoStopEnabled: false,
  keepOn: null,
}

/** Stops the pod on a terminal where yes is typed; `later` is how it is seen after that. */
function stopAndSee(later: readonly object[]): { result: Promise<unknown>; acts: unknown[] } {
  const lists = [[pod], later]
  const acts: unknown[] = []
  const requests = {
    account: async () => ok({ connection: { kind: 'live' }, pods: lists.shift() }),
    act: async (...args: unknown[]) => {
      acts.push(args)
      return ok(undefined)
    },
  }
  const keyboard = new PassThrough()
  const output = { progress: () => {}, status: () => {}, clearStatus: () => {}, result: () => {} }
  const result = act({
    control: { requests, notices: () => [] } as unknown as Control,
    action: 'stop',
    waitsForGpu: false,
    isImmediate: false,
    confirmation: {
      nameOption: null,
      keyboard: { keys: keyboard as unknown as ReadStream, screen: new PassThrough() },
      output,
    },
    podQuery: 'llama',
    waitsForResult: true,
    timeoutMs: 1_000,
    output,
    interrupts: { hint: '', listen: () => () => {} },
    readJournal: () => [],
  })
  keyboard.write('yes\n')
  return { result, acts }
}

test.each([
  ['lost another disk', [{ ...pod, stopImpactText: 'Nothing is kept, and another disk is lost.' }]],
  ['is gone', []],
])('a pod that %s while the command asks is not stopped', async (_change, later) => {
  const { result, acts } = stopAndSee(later)
  await expect(result).rejects.toMatchObject({
    exitCode: 1,
    message: 'llama changed before you answered, so nothing was done.',
  })
  expect(acts).toEqual([])
})
