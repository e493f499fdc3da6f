import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newDataFolder, runCli, startCli } from '../../harness/cli/cli'
import { type HostileApi, KEY, startHostileApi } from '../../harness/cli/hostile-api'
import { json, problem, type ScriptedReply, startHttpServer, text } from '../../harness/http/http-server'

/* The command line against an API that answers an action in the worst ways. Nothing is ever sent twice, unless a
   429 said that nothing was done, and what became of it is found out by reading. */

const STOP = /^POST \/pods\/a\/action stop$/
const PAGE = '<html><body><h1>502 Bad Gateway</h1></body></html>'
const html = (status: number): ScriptedReply =>
  text(PAGE, { status, headers: { 'content-type': 'text/html' } })

const run = (api: HostileApi, args: readonly string[], settings: Record<string, unknown> = {}) =>
  runCli({ args, env: api.env, dataFolder: newDataFolder(settings) })

/** Unclear answers to a POST. */
const unclear: readonly (readonly [string, ScriptedReply])[] = [
  ['a connection that is reset', { kind: 'reset' }],
  [
    'a reply that is cut in the middle',
    { kind: 'half', status: 200, body: JSON.stringify({ id: 'a', status: 'EXITED' }) },
  ],
  ['a web page with 200', html(200)],
  ['a web page with 502', html(502)],
  ['a 200 without a body', text('')],
  ['a 200 that is no pod', json({ ok: true })],
  ['another pod', json({ id: 'b', status: 'EXITED' })],
  ['a 504 of the API', problem(504, 'It took too long.')],
]

test('a stop that took effect is seen to have stopped the pod, whatever was answered, and is sent once', async () => {
  const outcomes = unclear.map(async ([name, reply]) => {
    const api = await startHostileApi(['a', 'b'])
    api.answer(STOP, reply, true)
    const { code, stdout } = await run(api, ['stop', 'a', '--yes'])
    return { name, code, stdout, actions: api.actions() }
  })
  expect(await Promise.all(outcomes)).toEqual(
    unclear.map(([name]) => ({ name, code: 0, stdout: 'a stopped.\n', actions: ['a stop'] })),
  )
})

test('a stop that took no effect is reported as not done, whatever was answered, and sent once', async () => {
  const outcomes = unclear.map(async ([name, reply]) => {
    const api = await startHostileApi(['a', 'b'])
    api.answer(STOP, reply)
    const { code, stdout, stderr } = await run(api, ['stop', 'a', '--yes'], { stopDeadlineS: 5 })
    return {
      name,
      code,
      stdout,
      isTold: /the stop is not confirmed yet\. The pod is still running/.test(stderr),
      actions: api.actions(),
    }
  })
  expect(await Promise.all(outcomes)).toEqual(
    unclear.map(([name]) => ({ name, code: 1, stdout: '', isTold: true, actions: ['a stop'] })),
  )
})

test('a 204 accepts a stop, and only what is seen counts', async () => {
  const done = await startHostileApi(['a'])
  done.answer(STOP, text('', { status: 204 }), true)
  expect(await run(done, ['stop', 'a', '--yes'])).toMatchObject({
    code: 0,
    stdout: 'a stopped.\n',
    stderr: expect.not.stringContaining('No clear response'),
  })
  const notDone = await startHostileApi(['a'])
  notDone.answer(STOP, text('', { status: 204 }))
  expect(await run(notDone, ['stop', 'a', '--yes', '--json'], { stopDeadlineS: 5 })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('"outcome":"did-not-happen"'),
  })
})

test('a reply that drips in does not hold up what is found out by reading', async () => {
  const drip: ScriptedReply = {
    kind: 'drip',
    body: JSON.stringify({ id: 'a', x: 'x'.repeat(10_000) }),
    everyMs: 50,
  }
  const done = await startHostileApi(['a'])
  done.answer(STOP, drip, true)
  const notDone = await startHostileApi(['a'])
  notDone.answer(STOP, drip)
  const [stopped, still] = await Promise.all([
    run(done, ['stop', 'a', '--yes']),
    run(notDone, ['stop', 'a', '--yes'], { stopDeadlineS: 5 }),
  ])
  expect([stopped.code, stopped.stdout]).toEqual([0, 'a stopped.\n'])
  expect([still.code, still.stderr]).toEqual([1, expect.stringContaining('the stop is not confirmed yet')])
  expect([done.actions(), notDone.actions()]).toEqual([['a stop'], ['a stop']])
})

/** Stops a pod while the API answers with 429 and this header, `count` times. */
async function stopPutOff(retryAfter: string, count = Number.POSITIVE_INFINITY) {
  const api = await startHostileApi(['a'])
  api.answer(STOP, (nth) => (nth <= count ? problem(429, 'Slow down.', { 'retry-after': retryAfter }) : null))
  const sentAtMs = (): readonly number[] =>
    api.requests.flatMap(({ line, atMs }) => (STOP.test(line) ? [atMs] : []))
  return { api, sentAtMs }
}

test('a stop that is put off for no time or a past one is sent again after a second, and then after longer', async () => {
  const past = new Date(Date.now() - 3_600_000).toUTCString()
  const stops = ['0', '1', past].map(async (retryAfter) => {
    const { api, sentAtMs } = await stopPutOff(retryAfter, 2)
    const { code, stderr } = await run(api, ['stop', 'a', '--yes'])
    expect([code, stderr]).toEqual([0, expect.stringContaining('Runpod asks to wait. Problem: Slow down.')])
    const [first = 0, second = 0, third = 0, ...more] = sentAtMs()
    expect(second - first).toBeGreaterThanOrEqual(1_000)
    expect(third - second).toBeGreaterThanOrEqual(2_000)
    expect(more).toEqual([])
  })
  await Promise.all(stops)
})

test('a stop that is put off until nobody knows when waits, and ^C takes it back', async () => {
  const stops = ['-5', 'soon', '1e3', 'NaN', ''].map(async (retryAfter) => {
    const { api, sentAtMs } = await stopPutOff(retryAfter)
    const stopping = startCli({ args: ['stop', 'a', '--yes'], env: api.env })
    await stopping.waitForOutput(/Runpod asks to wait/)
    stopping.child.kill('SIGINT')
    const { code, stderr } = await stopping.exited
    const words = 'Canceled: nothing was sent. a is still running.'
    expect([code, stderr]).toEqual([130, expect.stringContaining(words)])
    expect(sentAtMs()).toHaveLength(1)
  })
  await Promise.all(stops)
})

test('a stop that is put off for longer than it is waited for fails at once, and says that nothing was done', async () => {
  const nextMonth = new Date(Date.now() + 30 * 86_400_000).toUTCString()
  const stops = ['86400', '99999999999999999999', nextMonth].map(async (retryAfter) => {
    const { api, sentAtMs } = await stopPutOff(retryAfter)
    const { code, stderr } = await run(api, ['stop', 'a', '--yes'])
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/a: the stop failed\. Runpod kept postponing it/),
    ])
    expect(sentAtMs()).toHaveLength(1)
  })
  await Promise.all(stops)
})

test('a 403 on one action refuses that action only', async () => {
  const api = await startHostileApi(['a', 'b'])
  api.answer(STOP, problem(403, 'Your key may not stop this pod.'))
  const dataFolder = newDataFolder()
  const stop = (id: string) => runCli({ args: ['stop', id, '--yes'], env: api.env, dataFolder })
  expect(await stop('a')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('a: the stop failed. Problem: Your key may not stop this pod.'),
  })
  expect(await stop('b')).toMatchObject({ code: 0, stdout: 'b stopped.\n' })
  expect(api.actions()).toEqual(['a stop', 'b stop'])
})

test('an action that is redirected is not followed, and the key goes nowhere else', async () => {
  const elsewhere = await startHttpServer(json({ id: 'a', status: 'EXITED' }))
  const stops = [301, 302, 303, 307, 308].map(async (status) => {
    const api = await startHostileApi(['a'])
    const location = `${elsewhere.origin}/v2/pods/a/action`
    api.answer(STOP, text('', { status, headers: { location } }), true)
    const { code, stderr } = await run(api, ['stop', 'a', '--yes'])
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('Podkeeper doesn’t follow redirects with your key'),
    ])
    expect(stderr).not.toContain(KEY)
  })
  await Promise.all(stops)
  await elsewhere.close()
  expect(elsewhere.requests).toEqual([])
})

test('a terminate whose reply was lost is sent once, and seen by the pod that is gone', async () => {
  const api = await startHostileApi(['a', 'b'])
  api.answer(/action terminate$/, { kind: 'reset' }, true)
  const { code, stdout } = await run(api, ['terminate', 'a', '--confirm-name', 'a'])
  expect([code, stdout]).toEqual([0, expect.stringContaining('a')])
  expect(api.actions()).toEqual(['a terminate'])
})

test('a terminate that is put off for longer than its confirmation holds is not sent again', async () => {
  const api = await startHostileApi(['a'])
  api.answer(/action terminate$/, problem(429, 'Slow down.', { 'retry-after': '300' }))
  const { code, stderr } = await run(api, ['terminate', 'a', '--confirm-name', 'a'])
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/longer than a confirmation holds, so a was not terminated/),
  ])
  expect(api.actions()).toEqual(['a terminate'])
})

test('a start and a restart whose replies were lost are sent once each', async () => {
  const api = await startHostileApi(['a'])
  api.answer(/action (start|restart)$/, { kind: 'half', status: 200, body: '{"id":"a"}' }, true)
  expect(await run(api, ['restart', 'a', '--yes'])).toMatchObject({ code: 0, stdout: 'a restarted.\n' })
  api.perform('a', 'stop')
  expect(await run(api, ['start', 'a'])).toMatchObject({ code: 0, stdout: 'a runs.\n' })
  expect(api.actions()).toEqual(['a restart', 'a start'])
})

test('an unclear stop of which no list comes any more is unknown, and the next command finds out', async () => {
  const api = await startHostileApi(['a', 'b'])
  const dataFolder = newDataFolder({ stopDeadlineS: 5 })
  const stopping = startCli({ args: ['stop', 'a', '--yes'], env: api.env, dataFolder })
  api.answer(
    STOP,
    (count) => {
      if (count === 1) api.answer(/^GET/, html(502))
      return { kind: 'reset' }
    },
    true,
  )
  await stopping.waitForOutput(/No clear response/)
  await stopping.waitForOutput(/could not be reached|answered instead/)
  stopping.child.kill('SIGINT')
  const ended = await stopping.exited
  expect([ended.code, ended.stderr]).toEqual([10, expect.stringContaining('was already sent and continues.')])
  api.answer(/^GET/, () => null)
  const next = await runCli({ args: ['stop', 'a', '--yes'], env: api.env, dataFolder })
  expect([next.code, next.stdout]).toEqual([0, 'a is already stopped.\n'])
  expect(api.actions()).toEqual(['a stop'])
  expect(readFileSync(join(dataFolder, 'intents.jsonl'), 'utf8')).toContain('"phase":"observed"')
})
