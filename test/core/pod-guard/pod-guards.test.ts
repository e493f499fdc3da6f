import { describe, expect, it } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { guardReport, guardStatus } from '../../harness/guard/guard-report'
import { GUARD_SETTINGS, setUpPodGuards } from '../../harness/guard/pod-guards'

describe('the guard in a pod', () => {
  it('is installed where it is wanted and missing, and then read every five minutes', async () => {
    const here = setUpPodGuards()
    expect(here.text()).toBe('Guard in the pod: starting | ')
    expect(await here.poll()).toEqual(['read true', `install ${GUARD_SETTINGS} 0 0`])
    expect(await here.poll(10_000)).toEqual([])
    here.set(here.running())
    expect(await here.poll(10_000)).toEqual(['read true'])
    expect(here.text()).toBe(
      'Guard in the pod: idle 12 of 360 min | Armed, permission to stop not proven. Read 0 s ago.',
    )
    expect(await here.poll(4 * MINUTE_MS)).toEqual([])
    expect(await here.poll(MINUTE_MS)).toEqual(['read true'])
  })

  it('is left alone where nobody wants it, where another program acts, and while the pod does not run', async () => {
    const unwanted = setUpPodGuards({})
    expect(await unwanted.poll()).toEqual([])
    expect(unwanted.text()).toBeNull()
    const passive = setUpPodGuards()
    passive.setActing(false)
    expect(await passive.poll()).toEqual([])
    const stopped = setUpPodGuards({ podGuard: 'stop' }, { phase: 'stopped' })
    expect(await stopped.poll()).toEqual([])
  })

  it('is started again after each start of the pod', async () => {
    const here = setUpPodGuards()
    here.set(here.running())
    await here.poll()
    here.setPod({ startedAtMs: 1_000 })
    here.set(ok(guardReport({ isAlive: false, status: null, settings: GUARD_SETTINGS })))
    expect(here.text()).toBe('Guard in the pod: starting | ')
    expect(await here.poll(MINUTE_MS)).toEqual(['read true', `install ${GUARD_SETTINGS} 0 0`])
    expect(here.guards.alerts([here.pod()])).toEqual([])
  })

  it('gets new rules at its next reading', async () => {
    const here = setUpPodGuards()
    here.set(here.running())
    await here.poll()
    here.setRules({ podGuard: 'stop', maxHours: 5 })
    expect(await here.poll(5 * MINUTE_MS)).toEqual(['read true', `deadline ${4 * 3_600}`])
    here.setRules({ podGuard: 'report', maxHours: 5 })
    const settings = GUARD_SETTINGS.replace('yes', 'no')
    expect(await here.poll(5 * MINUTE_MS)).toEqual(['read true', `install ${settings} ${4 * 3_600} 0`])
  })

  it('is told at the next poll that a rule changed, and never stops anything while all stops are paused', async () => {
    const here = setUpPodGuards()
    here.set(here.running())
    await here.poll()
    here.setRules({ podGuard: 'stop', keepOn: { sinceMs: 0, untilMs: null } })
    expect(await here.poll(10_000)).toEqual([])
    here.guards.expectChanges()
    expect(await here.poll(10_000)).toEqual(['read true', 'keep 315360000'])
    here.pauseStops()
    here.setRules({ podGuard: 'stop' })
    expect(await here.poll(10_000)).toEqual([
      'read true',
      `install ${GUARD_SETTINGS.replace('yes', 'no')} 0 0`,
    ])
    const settings = GUARD_SETTINGS.replace('yes', 'no')
    here.set(here.running({ settings, status: guardStatus({ hold: 'report' }) }))
    await here.poll(MINUTE_MS)
    expect(here.text()).toContain('idle 12 of 360 min, only reports')
  })

  it('is not installed by a request where nobody agreed to it', async () => {
    const here = setUpPodGuards({})
    expect(await here.guards.refresh('p')).toMatchObject({ ok: false })
    expect(here.calls).toEqual([])
  })

  it('that can’t be read is asked less and less often, and is neither evidence nor silent', async () => {
    const here = setUpPodGuards()
    here.set(fail('Podkeeper can’t run commands on the pod: its host key isn’t trusted yet.'))
    const tries: number[] = []
    for (let minute = 0; minute < 60; minute += 1)
      if ((await here.poll(MINUTE_MS)).length > 0) tries.push(minute)
    expect(tries.length).toBeGreaterThan(4)
    expect(tries.length).toBeLessThan(10)
    expect(here.text()).toContain('can’t be read | Podkeeper can’t run commands')
    expect(here.guards.verdictOf(here.pod(), here.now())).toBeNull()
    expect(here.guards.alerts([here.pod()])).toEqual([])
  })

  it('is evidence for a quarter of an hour, unless the computer slept or the pod was restarted', async () => {
    const here = setUpPodGuards()
    here.set(here.running({ status: guardStatus({ idleS: 18_000 }) }))
    await here.poll()
    const evidence = () => [
      here.guards.verdictOf(here.pod(), here.now())?.kind,
      here.guards.measuredIdleOf(here.pod(), here.now())?.idleForMs,
    ]
    expect(evidence()).toEqual(['at-rest', 5 * HOUR_MS])
    here.setPod({ startedAtMs: 9 })
    expect(evidence()).toEqual([undefined, undefined])
    here.setPod({ startedAtMs: 5 })
    here.sleep(MINUTE_MS)
    expect(evidence()).toEqual([undefined, undefined])
    here.set(here.running({ status: guardStatus({ seen: 'busy', why: 'the network', idleS: 0 }) }))
    await here.poll(5 * MINUTE_MS)
    expect(here.guards.verdictOf(here.pod(), here.now())).toMatchObject({
      kind: 'working',
      text: 'its guard saw the network',
    })
    expect(evidence()).toEqual(['working', undefined])
    here.set(here.running({ status: guardStatus({ seen: 'unknown', why: 'the GPUs' }) }))
    await here.poll(5 * MINUTE_MS)
    expect(evidence()[0]).toBeUndefined()
    here.set(here.running({ status: guardStatus({ keptUntilS: 5_000 }) }))
    await here.poll(5 * MINUTE_MS)
    expect(evidence()[0]).toBe('working')
    here.set(here.running())
    await here.poll(5 * MINUTE_MS)
    await here.poll(0)
    expect(evidence()[0]).toBe('at-rest')
  })

  it('that no longer beats is silent, which is alerted once per run of the pod', async () => {
    const here = setUpPodGuards()
    here.set(here.running({ nowS: 2_000 }))
    await here.poll()
    expect(here.text()).toContain('Guard in the pod: silent | It does not run in the pod.')
    expect(here.guards.verdictOf(here.pod(), here.now())).toBeNull()
    expect(here.guards.alerts([here.pod()])).toMatchObject([
      { key: { kind: 'guard-silent', podId: 'p', episode: '5' }, title: 'The guard in llama is silent' },
    ])
  })

  it.each([
    ['403', 'Runpod refuses its requests: the pod’s own key may not do that'],
    ['404', 'Runpod has no such pod for the pod’s own key'],
    ['000', 'It can’t reach Runpod'],
    ['no-key', 'The pod has no key of its own (RUNPOD_API_KEY)'],
  ])('says why it is not armed: %s', async (answer, why) => {
    const here = setUpPodGuards()
    here.set(here.running({ status: guardStatus({ isArmed: false, answer, hold: 'unarmed' }) }))
    await here.poll()
    expect(here.text()).toBe(`Guard in the pod: not armed. ${why} | Read 0 s ago.`)
  })

  it('that is not armed tries again when a person asks, and is then read until it says what came of it', async () => {
    const here = setUpPodGuards()
    const unarmed = guardStatus({ isArmed: false, answer: '000', hold: 'unarmed' })
    here.set(here.running({ status: unarmed }))
    expect(await here.poll()).toEqual(['read true'])
    expect(await here.poll(MINUTE_MS)).toEqual([])
    await here.guards.refresh('p')
    expect(here.calls.splice(0)).toEqual(['read true', 'check 0'])
    expect(here.text()).toContain('It can’t reach Runpod. It tries again within a minute')
    expect(await here.poll(20_000)).toEqual(['read true'])
    here.set(here.running({ nowS: 1_070, status: { ...unarmed, beatS: 1_060 } }))
    expect(await here.poll(20_000)).toEqual(['read true'])
    expect(here.text()).not.toContain('tries again')
    expect(await here.poll(4 * MINUTE_MS)).toEqual([])
    // One that hangs is not read more often for it.
    await here.guards.refresh('p')
    here.set(here.running({ nowS: 1_260, status: { ...unarmed, beatS: 1_060 } }))
    await here.poll(20_000)
    here.calls.splice(0)
    expect(await here.poll(MINUTE_MS)).toEqual([])
  })

  it('that is armed is only read when a person asks', async () => {
    const here = setUpPodGuards()
    here.set(here.running())
    await here.poll()
    await here.guards.refresh('p')
    expect(here.calls).toEqual(['read true'])
  })

  it('that could stop its pod is named when the pod was stopped while nobody watched', async () => {
    const here = setUpPodGuards()
    here.set(here.running())
    await here.poll()
    expect(here.guards.alerts([here.pod()])).toEqual([])
    here.sleep(9 * HOUR_MS)
    here.setPod({ phase: 'stopped' })
    expect(here.guards.alerts([here.pod()])).toMatchObject([
      {
        key: { kind: 'guard-stopped', episode: '5' },
        title: 'llama was stopped',
        body: 'Not by this Podkeeper. The guard in the pod was armed, and stops it after 6 h idle or at its deadline.',
      },
    ])
    // When the pod runs again, its guard says what it did.
    here.setPod({ phase: 'running', startedAtMs: 77 })
    const previous = guardStatus({ run: 'boot:0', stopping: { cause: 'idle', answer: 'sent', count: 1 } })
    here.set(here.running({ previous }))
    await here.poll(MINUTE_MS)
    expect(here.rules()).toMatchObject({ isPodGuardProven: true })
    expect(here.text()).toContain('| Armed. Read')
  })

  it('that only reports is never named as one that stopped a pod', async () => {
    const here = setUpPodGuards({ podGuard: 'report' })
    here.set(here.running({ settings: GUARD_SETTINGS.replace('yes', 'no') }))
    await here.poll()
    here.setPod({ phase: 'stopped' })
    expect(here.guards.alerts([here.pod()])).toEqual([])
  })

  it('is removed, and asked to prove itself, on request', async () => {
    const here = setUpPodGuards()
    here.set(here.running())
    expect(await here.guards.prove('p')).toEqual({ ok: true, value: undefined })
    expect(await here.guards.remove('p')).toEqual({ ok: true, value: undefined })
    expect(here.calls).toEqual(['stop-now 600', 'remove'])
    expect(await here.guards.prove('q')).toMatchObject({ ok: false })
    here.set(ok('absent'))
    expect(await here.guards.prove('p')).toMatchObject({ error: 'That pod has no guard.' })
  })
})
