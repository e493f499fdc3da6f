import { expect, test } from 'vitest'
import { defaultActivityRules } from '../../../src/core/idle/sample'
import { createFleet } from '../../../src/core/polling/fleet'
import { createPoller } from '../../../src/core/polling/poller'
import { ok } from '../../../src/core/base/result'
import { HOUR_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { createFakeClock } from '../../harness/base/fake-clock'
import { createScriptedProvider } from '../../harness/monitor/scripted-provider'
import { pod, telemetry } from '../../harness/samples/pods'

const poll = { isCurrent: () => true, heartbeat: () => undefined }

/** Polls an idle pod whose list, which takes 8 s, lacks its figures. Returns its activity after each poll. */
async function pollSlowly(count: number, hasFiguresInList: boolean) {
  const clock = createFakeClock()
  const provider = createScriptedProvider([])
  const shown = () => pod({ telemetry: telemetry({ uptimeS: 5 * HOUR_MS + clock.now().wallMs / SECOND_MS }) })
  provider.listPods = async () => {
    clock.advance(8 * SECOND_MS)
    return ok({ pods: [{ ...shown(), ...(!hasFiguresInList && { telemetry: null }) }], isComplete: true })
  }
  provider.getPod = async () => ok(shown())
  const fleet = createFleet(
    () => defaultActivityRules,
    () => null,
  )
  const intents = { observe: () => undefined, podsWithOpenIntent: () => [] }
  const poller = createPoller(provider, clock, fleet, intents, () => undefined)
  const activities = []
  for (let at = 0; at < count; at += 1) {
    const askedAtMs = clock.now().wallMs
    await poller.pollAll(poll)
    activities.push({ askedAtMs, activity: fleet.observedPod('pod-1', clock.now())?.activity })
    clock.advance(7 * SECOND_MS)
  }
  return activities
}

test('a pod that was read by itself is idle since that read, not since the list before it', async () => {
  const last = (await pollSlowly(5, false)).slice(2)
  const sinceMs = (last[0]?.askedAtMs ?? 0) + 8 * SECOND_MS
  expect(last.map(({ activity }) => activity)).toEqual([
    expect.objectContaining({ kind: 'idle', sinceMs, idleForMs: 0 }),
    expect.objectContaining({ kind: 'idle', sinceMs, idleForMs: 15 * SECOND_MS }),
    expect.objectContaining({ kind: 'idle', sinceMs, idleForMs: 30 * SECOND_MS }),
  ])
})

test('a listed pod is idle since the list was asked for', async () => {
  const [first] = await pollSlowly(1, true)
  expect(first?.activity).toMatchObject({ kind: 'idle', sinceMs: first?.askedAtMs, idleForMs: 0 })
})
