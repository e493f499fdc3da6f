import { expect, test } from 'vitest'
import { newDataFolder, runCli, startCli } from '../../harness/cli/cli'
import { KEY, startHostileApi } from '../../harness/cli/hostile-api'
import { json, problem, type ScriptedReply, startHttpServer, text } from '../../harness/http/http-server'

/* The command line against an API whose reads go wrong in every way. */

const LIST = /^GET \/pods$/
const html = (status: number): ScriptedReply =>
  text('<html>Bad Gateway</html>', { status, headers: { 'content-type': 'text/html' } })
const half: ScriptedReply = { kind: 'half', status: 200, body: JSON.stringify({ pods: [] }) }

const lists: readonly (readonly [string, ScriptedReply, RegExp])[] = [
  ['a web page', html(200), /answered instead/],
  ['a 502 as a web page', html(502), /a web page instead of data/],
  ['a list that is cut in the middle', half, /was cut off/],
  ['a 204', text('', { status: 204 }), /not a list of pods/],
  ['an empty 200', text(''), /answered with nothing/],
  ['a list of something else', json({ pods: 'none' }), /not a list of pods/],
  ['a connection that is reset', { kind: 'reset' }, /could not be reached/],
  ['a 429', problem(429, 'Slow down.', { 'retry-after': '0' }), /It is used again at/],
  ['a 500', problem(500, 'Oh no.'), /could not be reached.*Oh no/],
]

test('a list that cannot be had ends every command with 4 and the reason, and no action', async () => {
  const commands = [
    ['status'],
    ['status', '--json'],
    ['stop', 'a', '--yes'],
    ['terminate', 'a', '--confirm-name', 'a'],
  ]
  const ends = lists.map(async ([name, reply, words], index) => {
    const api = await startHostileApi(['a'])
    api.answer(LIST, reply)
    const args = commands[index % commands.length] ?? []
    const { code, stdout, stderr } = await runCli({ args, env: api.env })
    expect([name, code, stdout, stderr]).toEqual([name, 4, '', expect.stringMatching(words)])
    expect(stderr).not.toMatch(/Something went wrong|\n {4}at /)
    expect(stderr).not.toContain(KEY)
    expect(api.actions()).toEqual([])
  })
  await Promise.all(ends)
})

test('a list, a balance or a bill that is redirected is not followed, and the key goes nowhere else', async () => {
  const elsewhere = await startHttpServer(json({ pods: [] }))
  const reads = [302, 307, 308].flatMap((status) =>
    (
      [
        [LIST, 'status', 4],
        [/graphql/, 'status', 0],
        [/billing/, 'costs', 4],
      ] as const
    ).map(async ([line, command, exitCode]) => {
      const api = await startHostileApi(['a'])
      api.answer(line, text('', { status, headers: { location: `${elsewhere.origin}/v2` } }))
      const { code } = await runCli({ args: [command], env: api.env })
      expect([status, command, code]).toEqual([status, command, exitCode])
    }),
  )
  await Promise.all(reads)
  await elsewhere.close()
  expect(elsewhere.requests).toEqual([])
})

test('a balance that drips in does not hold up a status, and is not known', async () => {
  const api = await startHostileApi(['a'])
  api.answer(/graphql/, { kind: 'drip', body: JSON.stringify({ data: 'x'.repeat(10_000) }), everyMs: 50 })
  const { code, stdout } = await runCli({ args: ['status', '--json'], env: api.env })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ balance: null, pods: [{ id: 'a' }] })
})

/** The second day of the month before this one. */
const LAST_MONTH = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - 1, 2))
const ofLastMonth = ['--month', LAST_MONTH.toISOString().slice(0, 7)]
const row = (more: object): object => ({
  startTime: LAST_MONTH.toISOString(),
  endTime: new Date(LAST_MONTH.getTime() + 3_600_000).toISOString(),
  podId: 'a',
  totalAmount: 1.5,
  diskAmount: 0.5,
  ...more,
})
const bill = (...rows: readonly object[]): ScriptedReply => json({ records: rows, metadata: {} })

const unknownCosts: readonly (readonly [string, readonly string[], ScriptedReply, number, RegExp])[] = [
  [
    'of a month that is not known any more',
    ['--month', '2020-01'],
    bill(),
    1,
    /2020-01 are no longer available/,
  ],
  ['of a month to come', ['--month', '2999-01'], bill(), 2, /is not a past or current month/],
  ['whose bill is a web page', [], html(200), 4, /web page instead of data/],
  ['whose bill the key may not see', [], problem(403, 'No bills for you.'), 1, /No bills for you/],
  ['whose bill needs another key', [], problem(401, 'Who are you?'), 3, /Who are you/],
  ['whose bill is put off', [], problem(429, 'Slow down.', { 'retry-after': '60' }), 4, /Slow down/],
  ['whose bill is cut in the middle', [], half, 4, /was cut off/],
  ['of which no row can be read', ofLastMonth, bill(row({ totalAmount: 'a lot' })), 1, /could not be read/],
  ['with an impossible amount alone', ofLastMonth, bill(row({ totalAmount: 1e15 })), 1, /could not be read/],
]

test('costs of which nothing is known end with a message instead of $0.00, and with the code of the reason', async () => {
  const ends = unknownCosts.map(async ([name, args, reply, exitCode, words]) => {
    const api = await startHostileApi(['a'])
    api.answer(/^GET \/billing/, reply)
    const ended = await runCli({ args: ['costs', ...args, '--json'], env: api.env })
    expect([name, ended.code, ended.stdout]).toEqual([name, exitCode, ''])
    expect(ended.stderr).toMatch(words)
    expect(ended.stderr).not.toMatch(/\$0\.00|Something went wrong/)
  })
  await Promise.all(ends)
})

test('costs with one row that cannot be read are a minimum, and end with 1', async () => {
  const api = await startHostileApi(['a'])
  api.answer(/^GET \/billing\/pods/, (count) =>
    count === 1 ? bill(row({}), row({ totalAmount: null })) : bill(),
  )
  const args = ['costs', ...ofLastMonth, '--json']
  const ended = await runCli({ args, env: api.env })
  expect(ended.code).toBe(1)
  expect(JSON.parse(ended.stdout)).toMatchObject({
    totalUsd: 1.5,
    isAtLeast: true,
    unread: [expect.any(String)],
  })
  expect(ended.stderr).toMatch(/Not everything could be read\./)
})

test('a price that cannot be read makes the rate a minimum', async () => {
  const api = await startHostileApi(['a', 'b'])
  api.pod('a')!['cost'] = 'free'
  const { code, stdout } = await runCli({ args: ['status', '--json'], env: api.env })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    burn: { isAtLeast: true },
    pods: expect.arrayContaining([
      expect.objectContaining({ id: 'a', costPerHourUsd: null }),
      expect.objectContaining({ id: 'b', costPerHourUsd: 5.5 }),
    ]),
  })
})

test('a watch lives through every kind of reply, calls no pod gone, and says when Runpod answers again', async () => {
  const api = await startHostileApi(['a', 'b'])
  const dataFolder = newDataFolder({ pollActiveS: 1, pollIdleS: 1 })
  const watching = startCli({
    args: ['watch', '--log', 'json'],
    env: api.env,
    dataFolder,
  })
  await watching.waitForOutput(/"podId":"b"/)
  let next = 0
  const replies = lists.map(([, reply]) => reply)
  api.answer(/^GET/, () => replies[next++] ?? null)
  await watching.waitForOutput(/"connection":"live","text":|The API is responding again/)
  await expect.poll(() => next).toBeGreaterThan(replies.length)
  api.perform('a', 'stop')
  await watching.waitForOutput(/a is stopped/)
  expect(watching.stdout()).not.toContain('"event":"gone"')
  watching.child.kill('SIGTERM')
  const { code, stderr } = await watching.exited
  // On a computer without notifications it says once that there are none.
  expect(stderr).toMatch(/^(?:[^\n]*Notifications can’t be shown [^\n]*\n)?$/)
  expect(code).toBe(143)
  expect(api.actions()).toEqual([])
})
