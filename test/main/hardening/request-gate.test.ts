import fc from 'fast-check'
import * as v from 'valibot'
import { expect, test, vi } from 'vitest'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { createRequestGate, type Sender } from '../../../src/main/hardening/request-gate'
import { pageUrl } from '../../../src/main/hardening/app-pages'
import { podForm } from '../../harness/samples/pod-forms'
import { oddArgumentLists, valueOfCode } from '../../harness/samples/odd-arguments'
import { type RequestName, requestNames } from '../../../src/shared/ipc'
import { requestSchemas } from '../../../src/shared/request-schemas'

const ours: Sender = { url: pageUrl('index.html'), isTopFrame: true, isInAppWindow: true }

const gateAt = (nowMs = () => 0) => createRequestGate(nowMs)

test('a request of our own window reaches its handler with its arguments', () => {
  expect(gateAt().admit('act', ours, ['account/pod-1', 'stop'])).toEqual({
    ok: true,
    value: ['account/pod-1', 'stop'],
  })
  expect(gateAt().admit('snapshot', ours, [])).toEqual({ ok: true, value: [] })
})

test('what a handler returns reaches the window, its error as a message', async () => {
  const answer = (result: Result<unknown, string>) => gateAt().answer('snapshot', ours, [], () => result)
  expect(await answer(ok('done'))).toEqual({ ok: true, value: 'done' })
  expect(await answer(fail('Not now.'))).toEqual({ ok: false, error: { message: 'Not now.' } })
})

test('nothing is run for a request that is not admitted', async () => {
  const run = vi.fn(() => ok('done'))
  expect(await gateAt().answer('snapshot', { ...ours, isTopFrame: false }, [], run)).toEqual({
    ok: false,
    error: { message: 'This page may not request that.' },
  })
  expect(run).not.toHaveBeenCalled()
})

test.each<[string, Partial<Sender>]>([
  ['a page of the web', { url: 'https://evil.example/' }],
  ['a page that only looks like ours', { url: 'podkeeper://app.evil.example/index.html' }],
  ['a data: page', { url: 'data:text/html,hello' }],
  ['a file', { url: 'file:///tmp/index.html' }],
  ['an empty page', { url: 'about:blank' }],
  ['a frame within a page', { isTopFrame: false }],
  ['a frame that is gone', { url: null, isTopFrame: false }],
  ['a window that the app did not make', { isInAppWindow: false }],
])('%s may send no requests', (_who, difference) => {
  for (const name of requestNames)
    expect(gateAt().admit(name, { ...ours, ...difference }, ['pod-1'])).toEqual({
      ok: false,
      error: 'This page may not request that.',
    })
})

test('any arguments pass unchanged according to the schema, or are rejected with a message', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...requestNames),
      fc.array(fc.anything({ withMap: true, withDate: true, withTypedArray: true, withBigInt: true })),
      (name, args) => {
        const admitted = gateAt().admit(name, ours, args)
        if (admitted.ok) expect(admitted.value).toEqual(args)
        else expect(admitted.error).toMatch(/^[A-Z].*\.$/)
      },
    ),
    { numRuns: 2_000 },
  )
})

/** As they are when they arrive; what has no copy doesn't. */
const oddArguments = oddArgumentLists.flatMap((list) => {
  try {
    const args: unknown = structuredClone(valueOfCode(list))
    return Array.isArray(args) ? [args] : []
  } catch {
    return []
  }
})

test.each(requestNames)('%s is rejected with a message for each list of odd arguments', (name) => {
  expect(oddArguments.length).toBeGreaterThan(30)
  const rejected = oddArguments.filter((args) => {
    const admitted = gateAt().admit(name, ours, args)
    if (admitted.ok) expect(v.parse(requestSchemas[name], args)).toEqual(args)
    else expect(admitted.error).toMatch(/^[A-Z].*\.$/)
    return !admitted.ok
  })
  expect(rejected.length).toBeGreaterThan(oddArguments.length - 8)
})

test('too many, too few and wrong arguments are rejected', () => {
  for (const args of [[], ['a', 'b'], [1], [''], ['x'.repeat(201)], [['a']], [{ toString: () => 'a' }]])
    expect(gateAt().admit('undo', ours, args).ok).toBe(false)
  const ofAccount = 'account/pod-1'
  for (const podKey of [1, '', 'pod-1', `a/${'x'.repeat(400)}`, [ofAccount], { toString: () => ofAccount }])
    expect(gateAt().admit('act', ours, [podKey, 'stop']).ok).toBe(false)
  for (const args of [[], ['a/b'], ['a/b', 'stop', 'b'], ['a/b', 'Stop'], ['a/b', ['stop']]])
    expect(gateAt().admit('act', ours, args).ok).toBe(false)
  expect(gateAt().admit('snapshot', ours, [undefined]).ok).toBe(false)
  const isLogOpened = (after: unknown) => gateAt().admit('openLog', ours, [ofAccount, after]).ok
  for (const after of [null, { id: null, atMs: null }, { id: '7', atMs: 8.64e15 }])
    expect(isLogOpened(after)).toBe(true)
  for (const atMs of [1e300, -1, Number.NaN, Number.POSITIVE_INFINITY, '5'])
    expect(isLogOpened({ id: null, atMs })).toBe(false)
  expect(gateAt().admit('openPage', ours, ['https://evil.example']).ok).toBe(false)
})

/** The types of all schemas that a schema consists of. */
function schemaTypes(schema: unknown, seen = new Set<unknown>()): readonly string[] {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return []
  seen.add(schema)
  const own = 'type' in schema && typeof schema.type === 'string' ? [schema.type] : []
  return [...own, ...Object.values(schema).flatMap((part) => schemaTypes(part, seen))]
}

test('no request passes on properties of an object that its schema does not name', () => {
  const open = requestNames.filter((name) =>
    schemaTypes(requestSchemas[name]).some((type) => ['loose_object', 'object_with_rest'].includes(type)),
  )
  expect(open).toEqual([])
  expect(requestNames.flatMap((name) => schemaTypes(requestSchemas[name]))).toContain('strict_object')
})

test('a terminate cannot be requested as an action', () => {
  expect(gateAt().admit('act', ours, ['account/pod-1', 'terminate']).ok).toBe(false)
})

test('terminal input, resizing and acknowledgements are admitted at normal rates, and loops are not', () => {
  let nowMs = 0
  const gate = gateAt(() => nowMs)
  const size = { columns: 80, rows: 24 }
  const admits = (name: RequestName, args: readonly unknown[], times: number): number =>
    Array.from({ length: times }, () => gate.admit(name, ours, args)).filter(({ ok }) => ok).length
  // A pasted megabyte, 200 MB drawn within 5 s, and a window dragged for one second.
  expect(admits('typeInTerminal', ['id', 'x'.repeat(8_000), 'text'], 125)).toBe(125)
  for (let part = 0; part < 50; part++) {
    expect(admits('ackTerminal', [1, 64 * 1024], 64)).toBe(64)
    nowMs += 100
  }
  expect(admits('resizeTerminal', ['id', size], 60)).toBe(60)
  for (const name of ['typeInTerminal', 'ackTerminal', 'resizeTerminal'] as const) {
    const args = { typeInTerminal: ['id', 'x', 'text'], ackTerminal: [1, 1], resizeTerminal: ['id', size] }[
      name
    ]
    expect(admits(name, args, 10_000)).toBeLessThan(10_000)
  }
})

test('more than 64 KiB is too much for every request, and more than 512 KiB for a pod with long arguments', () => {
  const large: readonly RequestName[] = ['createPod', 'editPod']
  for (const name of requestNames) {
    const maxBytes = large.includes(name) ? 512 * 1024 : 64 * 1024
    const admitted = gateAt().admit(name, ours, ['x'.repeat(maxBytes / 2)])
    expect(admitted).toEqual({
      ok: false,
      error: `Podkeeper’s window sent too much with ${name}.`,
    })
  }
})

test('a pod with arguments that fill a request to the API is created and changed', () => {
  const args = 'x'.repeat(102_000)
  const form = podForm({ args })
  expect(gateAt().admit('createPod', ours, ['account', form, null, null, 'draft-1-abcdef']).ok).toBe(true)
  const configuration = {
    name: 'pod',
    image: 'a/b',
    args,
    registryId: null,
    isRegistryKnown: true,
    hasGlobalNetworking: null,
    containerDiskGb: 50,
    storage: null,
    ports: [],
    variables: null,
  }
  expect(gateAt().admit('editPod', ours, ['account/pod-1', { args: `${args}y` }, configuration]).ok).toBe(
    true,
  )
})

test.each(['constructor', '__proto__', 'toString', 'nonsense', ''])('%s is not a request', (name) => {
  expect(gateAt().admit(name as RequestName, ours, [])).toEqual({
    ok: false,
    error: 'Podkeeper doesn’t know this request.',
  })
})

/** Arguments that are valid for most requests. */
const sensible = [[], ['pod-1'], ['pods'], ['console']]

const refusedAsTooOften = { ok: false, error: expect.stringContaining('Too many requests') }

test('stops in a row are admitted at the rate of clicks, and a loop is rejected, never queued', () => {
  let nowMs = 0
  const gate = gateAt(() => nowMs)
  const admitted = Array.from({ length: 1_000 }, (_, index) =>
    gate.admit('act', ours, [`account/pod-${index}`, 'stop']),
  )
  const passed = admitted.filter(({ ok }) => ok).length
  expect(passed).toBeGreaterThanOrEqual(20)
  expect(passed).toBeLessThanOrEqual(50)
  expect(admitted.at(-1)).toEqual(refusedAsTooOften)
  nowMs += 2_000
  expect(gate.admit('act', ours, ['account/pod-1', 'stop']).ok).toBe(true)
})

test('a flood of one request does not affect others, above all undo', () => {
  const gate = gateAt()
  for (let i = 0; i < 1_000; i++) gate.admit('act', ours, ['account/pod-1', 'stop'])
  expect(gate.admit('undo', ours, ['intent-1']).ok).toBe(true)
  expect(gate.admit('snapshot', ours, []).ok).toBe(true)
})

test('the undo of a stop of a thousand pods passes whole, again and again', () => {
  const gate = gateAt()
  const intentIds = Array.from({ length: 200 }, (_, at) => `${'x'.repeat(36)}${at}`)
  for (let part = 0; part < 50; part++) expect(gate.admit('undoAll', ours, [intentIds]).ok).toBe(true)
  for (const args of [[[]], [[...intentIds, 'one more']], [['']], ['intent']])
    expect(gateAt().admit('undoAll', ours, args).ok).toBe(false)
})

test('hundreds of pods are stopped with one request, a thousand with five, and a loop is rejected', () => {
  const gate = gateAt()
  const podKeys = (count: number) =>
    Array.from({ length: count }, (_, at) => `account/${'x'.repeat(100)}${at}`)
  for (let part = 0; part < 5; part++) expect(gate.admit('stopPods', ours, [podKeys(200)]).ok).toBe(true)
  for (const args of [[[]], [podKeys(201)], [['pod-1']], [['a/b'], 'stop'], ['a/b']])
    expect(gateAt().admit('stopPods', ours, args).ok).toBe(false)
  const passed = Array.from({ length: 100 }, () => gate.admit('stopPods', ours, [podKeys(1)])).filter(
    ({ ok }) => ok,
  )
  expect(passed.length).toBeLessThanOrEqual(5)
  expect(gateAt().admit('selectForAutoStop', ours, [podKeys(2), 'yes']).ok).toBe(false)
})

test('every request has a rate limit', () => {
  for (const name of requestNames) {
    const args = sensible.find((some) => v.safeParse(requestSchemas[name], some).success)
    if (args === undefined) continue
    const gate = gateAt()
    for (let i = 0; i < 2_000; i++) gate.admit(name, ours, args)
    expect(gate.admit(name, ours, args)).toEqual(refusedAsTooOften)
  }
})

test('invalid requests do not use up the user’s rate', () => {
  const gate = gateAt()
  for (let i = 0; i < 1_000; i++) gate.admit('act', ours, [i, 'stop'])
  expect(gate.admit('act', ours, ['account/pod-1', 'stop']).ok).toBe(true)
})

test('foreign requests do not use up the rate of our own windows', () => {
  const gate = gateAt()
  for (let i = 0; i < 1_000; i++)
    gate.admit('act', { ...ours, isInAppWindow: false }, ['account/pod-1', 'stop'])
  expect(gate.admit('act', ours, ['account/pod-1', 'stop']).ok).toBe(true)
})

test('no request of the contract can carry a key', () => {
  expect(Object.keys(requestSchemas).filter((name) => /secret|password|token/i.test(name))).toEqual([])
})
