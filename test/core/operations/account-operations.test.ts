import { expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import type { CreatePlan } from '../../../src/core/creation/create-plan'
import type { Monitor } from '../../../src/core/monitor/monitor-types'
import { accountOperations, type OperationRequester } from '../../../src/core/operations/account-operations'
import { bindOperations } from '../../../src/core/operations/bind-operations'

const plan = { name: 'new' } as CreatePlan

/** What a monitor is asked for by somebody. */
function askedBy(by?: OperationRequester) {
  const asked: unknown[][] = []
  const monitor = new Proxy({} as Monitor, {
    get:
      (_, name) =>
      (...args: unknown[]) => (asked.push([name, ...args]), ok(undefined)),
  })
  return { asked, operations: accountOperations(monitor, by) }
}

test('what a command asks for names the command line and the person, and is sent at once only where it says so', () => {
  const by = { isFromCommandLine: true, personName: 'ada' }
  const { asked, operations } = askedBy(by)
  operations.act('p', 'stop', true)
  operations.act('p', 'stop')
  operations.startWhenFree('p')
  operations.createPod(plan, {})
  expect(asked).toEqual([
    ['act', 'p', 'stop', { ...by, isImmediate: true }],
    ['act', 'p', 'stop', { ...by, isImmediate: false }],
    ['waitForGpu', 'p', by],
    ['createPod', { ...plan, personName: 'ada' }, {}, true],
  ])
})

test('what a window asks for can be undone, and names neither', async () => {
  const { asked, operations } = askedBy()
  operations.act('p', 'stop')
  operations.startWhenFree('p')
  operations.createPod(plan, {})
  await operations.editPod('p', {}, null)
  expect(asked).toEqual([
    ['act', 'p', 'stop', { isImmediate: false }],
    ['waitForGpu', 'p', {}],
    ['createPod', plan, {}, false],
    ['editPod', 'p', {}, null, false],
  ])
})

test('no choice of how long a pod is kept running ends that', () => {
  const { asked, operations } = askedBy()
  operations.keepOn('p', '4-hours')
  operations.keepOn('p', null)
  expect(asked).toEqual([
    ['keepOn', 'p', '4-hours'],
    ['endKeepOn', 'p'],
  ])
})

test('a bound operation looks up what it is asked of each time, and says why there is none', async () => {
  const found = { first: () => ok(1), second: (count: number) => ok(count) }
  let isThere = true
  const bound = bindOperations<typeof found, 'first' | 'second', string>(['first', 'second'], async (run) =>
    isThere ? await run(found) : { ok: false, error: 'gone' },
  )
  expect([await bound.first(), await bound.second(2)]).toEqual([ok(1), ok(2)])
  isThere = false
  expect(await bound.second(2)).toEqual({ ok: false, error: 'gone' })
})
