import { describe, expect, test } from 'vitest'
import type { Intent, IntentAction } from '../../../src/core/intents/intent'
import type { Pod } from '../../../src/core/pods/pod'
import type { ProviderError } from '../../../src/core/pods/provider'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time'
import { createFakeClock, settle } from '../../harness/clock'
import { createDeskRig, createMemoryJournal, type DeskRig } from '../../harness/desk'
import { pod, stoppedPod } from '../../harness/pods'
import { createScriptedProvider, deferred, failure, type ScriptedProvider } from '../../harness/provider'

type Answer = Result<Pod | null, ProviderError>

function rigOf(): DeskRig & { readonly provider: ScriptedProvider } {
  const provider = createScriptedProvider([pod()])
  return { ...createDeskRig(provider), provider }
}
function asked(rig: DeskRig, action: IntentAction = 'stop', id = 'pod-1'): Intent {
  const scheduled = rig.desk.schedule(pod({ id }), action)
  if (!scheduled.ok) throw new Error(scheduled.error)
  return scheduled.value
}
const sends = ({ log }: DeskRig) => log.filter((line) => /^(stop|terminate) /.test(line))
const last = ({ journal }: DeskRig) => journal.records.at(-1)

describe('what a rule asks for', () => {
  test('is written down and sent before anything else can happen', () => {
    const rig = rigOf()
    expect(rig.desk.sendAtOnce(pod(), 'stop', 'quiet')).toEqual(ok(undefined))
    expect(rig.log).toEqual(['write scheduled', 'write sent', 'stop pod-1'])
    expect(last(rig)).toMatchObject({ action: 'stop', origin: 'quiet' })
  })

  test('is refused while an action of a person is under way', async () => {
    const rig = rigOf()
    asked(rig)
    expect(rig.desk.sendAtOnce(pod(), 'terminate', 'max-hours')).toEqual(
      fail('trainer: a stop is already under way.'),
    )
    await rig.clock.pass(5_000)
    expect(sends(rig)).toEqual(['stop pod-1'])
  })

  test('is refused while Podkeeper ends', async () => {
    const rig = rigOf()
    await rig.desk.end()
    expect(rig.desk.sendAtOnce(pod(), 'stop', 'quiet')).toEqual(fail('Podkeeper is ending.'))
    expect(rig.log).toEqual([])
  })
})

describe('the end of Podkeeper', () => {
  test.each<[string, (rig: DeskRig) => Promise<void>]>([
    [
      'a person',
      async (rig) => {
        asked(rig)
        await rig.clock.pass(5_000)
      },
    ],
    ['a rule', async (rig) => void rig.desk.sendAtOnce(pod(), 'stop', 'quiet')],
  ])('waits for the answer to what %s asked for, and writes it down', async (_, ask) => {
    const rig = rigOf()
    const answer = deferred<Answer>()
    rig.provider.script.actions.push(() => answer.promise)
    await ask(rig)
    let hasEnded = false
    const ending = rig.desk.end().then(() => (hasEnded = true))
    await settle()
    expect([hasEnded, last(rig)?.phase]).toEqual([false, 'sent'])
    answer.resolve(ok(null))
    await ending
    expect(last(rig)?.phase).toBe('accepted')
  })

  test('leaves what is scheduled in the journal, and sends it no more', async () => {
    const rig = rigOf()
    asked(rig)
    await rig.desk.end()
    expect(rig.clock.pending()).toEqual([])
    await rig.clock.pass(HOUR_MS)
    expect(sends(rig)).toEqual([])
    expect(rig.journal.open()).toMatchObject([{ phase: 'scheduled' }])
  })

  test('does not send again what is put off meanwhile', async () => {
    const rig = rigOf()
    const answer = deferred<Answer>()
    rig.provider.script.actions.push(() => answer.promise)
    asked(rig)
    await rig.clock.pass(5_000)
    const ending = rig.desk.end()
    answer.resolve(failure('rate-limited', { retryAfterMs: 1_000 }))
    await ending
    expect(rig.clock.pending()).toEqual([])
    await rig.clock.pass(HOUR_MS)
    expect(sends(rig)).toEqual(['stop pod-1'])
    expect(last(rig)?.phase).toBe('scheduled')
  })
})

describe('a sleep', () => {
  test('ends what was confirmed and not sent yet, in words, and nothing else', async () => {
    const rig = rigOf()
    rig.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: MINUTE_MS }))
    asked(rig, 'terminate')
    asked(rig, 'stop', 'pod-2')
    await rig.clock.pass(1_000)
    rig.desk.suspend()
    expect(last(rig)).toMatchObject({
      podId: 'pod-1',
      phase: 'cancelled',
      message: 'The terminate of trainer was put off, and has to be confirmed again. Nothing more was sent.',
    })
    await rig.clock.pass(HOUR_MS)
    expect(sends(rig)).toEqual(['terminate pod-1', 'stop pod-2'])
  })

  test('does not touch a terminate that was sent', async () => {
    const rig = rigOf()
    asked(rig, 'terminate')
    await rig.clock.pass(0)
    rig.desk.suspend()
    expect(rig.desk.intentOf('pod-1')?.phase).toBe('accepted')
  })

  test('in which timers slept as well loses no action', async () => {
    const clock = createFakeClock()
    let isAsleep = true
    const drowsy = {
      ...clock,
      schedule: (ms: number, run: () => void) => (isAsleep ? () => {} : clock.schedule(ms, run)),
    }
    const provider = createScriptedProvider([pod()])
    const rig = createDeskRig(provider, { clock: drowsy, journal: createMemoryJournal(provider.calls) })
    asked(rig)
    await clock.pass(10_000)
    expect(sends(rig)).toEqual([])
    isAsleep = false
    rig.desk.resume()
    await clock.pass(0)
    expect(sends(rig)).toEqual(['stop pod-1'])
  })

  test('wakes nothing that ended before', async () => {
    const rig = rigOf()
    asked(rig)
    await rig.clock.pass(5_000)
    rig.desk.look('pod-1', stoppedPod(), rig.clock.now())
    rig.desk.resume()
    expect(rig.clock.pending()).toEqual([])
  })
})
