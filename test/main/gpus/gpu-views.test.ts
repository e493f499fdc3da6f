import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { type Pod, podKeyOf } from '../../../src/core/pods/pod'
import { createGpuViews } from '../../../src/main/gpus/gpu-views'
import type { RunFailure } from '../../../src/ssh/run/run-failure'
import { createFakeClock } from '../../harness/base/fake-clock'
import { pod } from '../../harness/samples/pods'

const PRINTED = `gpus
0, GPU-5a1c6d7e-0b1f-2c3d-4e5f-60718293a4b5, 94, 71034, 81559, 64, 661.52, 700.00, Disabled, NVIDIA H100
processes
exit 0 0
users
commands
`
const KEY = podKeyOf('a', 'p')
const direct = { host: 'h', port: 22, username: 'root' }
const reached = pod({ id: 'p', name: 'llama', ssh: { direct, proxy: null } })

function setUp(first: Pod | null = reached) {
  const clock = createFakeClock()
  const seen = { isShown: true, isSlow: false, hasTerminal: false, pod: first }
  const log: string[] = []
  const readings: unknown[] = []
  const answers: Result<string, RunFailure>[] = []
  const views = createGpuViews({
    clock,
    findPod: (key) => (key === KEY || key.includes('many') ? seen.pod : null),
    isShown: () => seen.isShown,
    hasTerminal: () => seen.hasTerminal,
    prompts: (name) => ({
      confirmHostKey: () => Promise.resolve(name === ''),
      requestPassphrase: () => Promise.resolve(null),
      onStep() {},
    }),
    async openSession(_, prompts, signal) {
      log.push(prompts === null ? 'connect' : 'connect, asking')
      if (seen.isSlow) await once(signal, 'abort')
      if (signal.aborted) return fail({ kind: 'aborted', reason: 'it was canceled' })
      return ok({
        async run() {
          log.push('read')
          return answers.shift() ?? ok(PRINTED)
        },
        close: () => log.push('close'),
      })
    },
    onReading: (...reading) => readings.push(reading),
  })
  return { clock, seen, log, readings, answers, views }
}

describe('the GPUs of a pod', () => {
  it('are read only when a window that can be seen asks, over one connection', async () => {
    const { clock, seen, log, readings, views } = setUp()
    expect(await views.read(KEY, 'page', 'yes')).toMatchObject({
      value: { kind: 'read', reading: { gpus: [{ utilPercent: 94 }] } },
    })
    clock.advance(10 * SECOND_MS)
    expect(log).toEqual(['connect, asking', 'read'])
    await views.read(KEY, 'page', 'no')
    expect(log).toEqual(['connect, asking', 'read', 'read'])
    expect(readings).toMatchObject([
      ['a', 'p', reached.startedAtMs, { gpus: [{ utilPercent: 94 }] }],
      ['a', 'p', reached.startedAtMs, { gpus: [{ utilPercent: 94 }] }],
    ])
    seen.isShown = false
    clock.advance(10 * SECOND_MS)
    expect(await views.read(KEY, 'page', 'no')).toEqual({ ok: true, value: { kind: 'not-shown' } })
    expect(log).toHaveLength(3)
  })

  it('are never connected to without a person or a terminal', async () => {
    const { seen, log, views } = setUp()
    expect(await views.read(KEY, 'page', 'no')).toEqual({ ok: true, value: { kind: 'not-connected' } })
    expect(await views.read(KEY, 'page', 'beside-terminal')).toMatchObject({ ok: false })
    expect(log).toEqual([])
    seen.hasTerminal = true
    expect(await views.read(KEY, 'page', 'beside-terminal')).toMatchObject({ value: { kind: 'read' } })
    expect(log).toEqual(['connect', 'read'])
  })

  it('that two places show are read once for both, until neither shows them', async () => {
    const { clock, log, views } = setUp()
    await Promise.all([views.read(KEY, 'page', 'yes'), views.read(KEY, 'dock', 'no')])
    clock.advance(SECOND_MS)
    await views.read(KEY, 'dock', 'no')
    expect(log).toEqual(['connect, asking', 'read'])
    views.close(KEY, 'page')
    clock.advance(2 * SECOND_MS)
    await views.read(KEY, 'dock', 'no')
    views.close(KEY, 'stranger')
    expect(log).toEqual(['connect, asking', 'read', 'read'])
    views.close(KEY, 'dock')
    await Promise.resolve()
    expect(log).toEqual(['connect, asking', 'read', 'read', 'close'])
    expect(await views.read(KEY, 'dock', 'no')).toEqual({ ok: true, value: { kind: 'not-connected' } })
  })

  it('are given up, question included, when nobody waits for them any more', async () => {
    const { seen, log, views } = setUp()
    seen.isSlow = true
    const reading = views.read(KEY, 'page', 'yes')
    views.close(KEY, 'page')
    expect(await reading).toEqual({ ok: true, value: { kind: 'not-connected' } })
    expect(log).toEqual(['connect, asking'])
  })

  it('are let go of after ten minutes without a reading, and when the window is gone', async () => {
    const { clock, log, views } = setUp()
    await views.read(KEY, 'page', 'yes')
    clock.advance(9 * MINUTE_MS)
    await views.read(KEY, 'page', 'no')
    await clock.advanceAsync(11 * MINUTE_MS)
    expect(log).toEqual(['connect, asking', 'read', 'read', 'close'])
    await views.read(KEY, 'page', 'yes')
    views.closeAll()
    await Promise.resolve()
    expect(log.slice(4)).toEqual(['connect, asking', 'read', 'close'])
  })

  it('are let go of soon after a window is gone, unless another one continues reading them', async () => {
    const { clock, log, views } = setUp()
    await views.read(KEY, 'page', 'yes')
    views.closeUnread()
    await clock.advanceAsync(20_000)
    await views.read(KEY, 'other page', 'no')
    await clock.advanceAsync(20_000)
    expect(log).toEqual(['connect, asking', 'read', 'read'])
    views.closeUnread()
    await clock.advanceAsync(31_000)
    expect(log.slice(3)).toEqual(['close'])
  })

  it.each([
    [fail({ kind: 'timed-out', reason: 'it took longer than 20 s' }), /didn’t answer in time/],
    [fail({ kind: 'connection-lost', reason: 'the connection was lost' }), /the connection was lost\.$/],
    [ok('missing\n'), /it has no nvidia-smi\.$/],
    [ok(PRINTED.replace('exit 0 0', 'exit 9 9').replace(/^0,.*$/m, 'failed')), /exit code 9\.$/],
    [ok('what?'), /isn’t a list of GPUs\.$/],
  ] as const)(
    'that cannot be read say why, and are not asked again by themselves: %#',
    async (answer, why) => {
      const { clock, answers, log, readings, views } = setUp()
      answers.push(answer as Result<string, RunFailure>)
      expect(await views.read(KEY, 'page', 'yes')).toEqual({
        ok: false,
        error: expect.stringMatching(new RegExp(`^The GPUs of llama couldn’t be read: .*${why.source}`)),
      })
      expect(readings).toEqual([])
      clock.advance(2 * SECOND_MS)
      expect(await views.read(KEY, 'page', 'no')).toEqual({ ok: true, value: { kind: 'not-connected' } })
      expect(log).toEqual(['connect, asking', 'read', 'close'])
    },
  )

  it('of a run of the pod that is over are not read as those of the next one', async () => {
    const { clock, seen, log, views } = setUp()
    await views.read(KEY, 'page', 'yes')
    seen.pod = { ...reached, startedAtMs: (reached.startedAtMs ?? 0) + 1 }
    clock.advance(2 * SECOND_MS)
    expect(await views.read(KEY, 'page', 'no')).toMatchObject({
      ok: false,
      error: expect.stringContaining('restarted'),
    })
    await Promise.resolve()
    expect(log).toEqual(['connect, asking', 'read', 'close'])
  })

  it('of a pod that is gone are let go of', async () => {
    const { seen, log, views } = setUp()
    await views.read(KEY, 'page', 'yes')
    seen.pod = null
    expect((await views.read(KEY, 'page', 'no')).ok).toBe(false)
    await Promise.resolve()
    expect(log).toEqual(['connect, asking', 'read', 'close'])
  })

  it('need a pod that is listed, runs and is reached directly', async () => {
    for (const [one, why] of [
      [null, /no longer in the list/],
      [pod({ ...reached, phase: 'stopped' }), /isn’t running/],
      [pod({ ...reached, ssh: { direct: null, proxy: direct } }), /22\/tcp/],
    ] as const) {
      const { log, views } = setUp(one)
      const read = await views.read(KEY, 'page', 'yes')
      expect(read.ok ? '' : read.error).toMatch(why)
      expect(log).toEqual([])
    }
  })

  it('are shown of four pods at a time', async () => {
    const { views } = setUp()
    for (const id of ['1', '2', '3', '4'])
      expect((await views.read(podKeyOf('many', id), 'page', 'yes')).ok).toBe(true)
    expect((await views.read(podKeyOf('many', '5'), 'page', 'yes')).ok).toBe(false)
  })
})
