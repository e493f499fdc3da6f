import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AlertHistory, alertName } from '../../../src/core/alerts/alert-history'
import { parseAlertHistory } from '../../../src/core/alerts/parse-alert-history'
import type { AlertRules } from '../../../src/core/alerts/alert-plan'
import type { PendingAlert } from '../../../src/core/alerts/alert'
import { type AlertDispatcher, createAlertDispatcher } from '../../../src/core/alerts/alert-dispatcher'
import { ok } from '../../../src/core/base/result'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { pendingAlert, permissiveRules } from '../../harness/samples/pending-alerts'
import { flushPromises } from '../../harness/base/fake-clock'

/*
 * Random sequences: conditions begin and end, polls succeed or fail, pauses come and go, notifications fail,
 * and the program is killed between any two steps. The checks below only know what was shown, when, and which
 * conditions held.
 */

const TRACES = 400
const STEPS = 250

const infoKinds = ['pod-error', 'idle'] as const
const kinds = [...infoKinds, 'auto-stop-soon'] as const
const pods = ['a', 'b', 'c', 'd'] as const

type Step =
  | { readonly do: 'begin' | 'end'; readonly kind: (typeof kinds)[number]; readonly pod: string }
  | { readonly do: 'poll' | 'apart'; readonly minutes: number }
  | { readonly do: 'pause' | 'quiet' | 'switch' | 'deliver' | 'act'; readonly on: boolean }
  | { readonly do: 'kill'; readonly after: number }

const which = { kind: fc.constantFrom(...kinds), pod: fc.constantFrom(...pods) }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('begin' as const, 'end' as const), ...which }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('poll' as const), minutes: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('apart' as const), minutes: fc.nat(600) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'pause' as const,
        'quiet' as const,
        'switch' as const,
        'deliver' as const,
        'act' as const,
      ),
      on: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill' as const), after: fc.nat(7) }) },
)

interface ShownAlert {
  readonly name: string
  readonly isCritical: boolean
  /** Whether notifications were delivered at that time. */
  readonly isDelivered: boolean
  readonly atMs: number
}

/** The simulated world, a program in it that may be killed at any moment, and everything that it did. */
function createWorld() {
  let nowMs = Date.UTC(2026, 10, 24)
  let file = '[]'
  let episodes = 0
  const holding = new Map<string, PendingAlert>()
  const lost = new Set<string>()
  const missed = new Set<string>()
  const told: ShownAlert[] = []
  const faults: string[] = []
  const silence = { pause: false, quiet: false, switch: false, deliver: true, act: true }
  let kills = 0
  let program = startProgram()

  const isSilent = ({ key, isCritical }: PendingAlert): boolean =>
    (silence.switch && key.kind === 'pod-error') || (!isCritical && (silence.pause || silence.quiet))

  /** A program that is killed after this many steps and does nothing afterwards. */
  function startProgram(): {
    dispatcher: AlertDispatcher
    die(): void
    dieAfter(doings: number): void
    isDead(): boolean
  } {
    let left = Number.POSITIVE_INFINITY
    let history: AlertHistory = parseAlertHistory(JSON.parse(file))
    const recorded = new Set<string>()
    const lives = (): boolean => {
      if (left <= 0) return false
      left -= 1
      return true
    }
    const dispatcher = createAlertDispatcher({
      notifier: {
        show({ title, body, isCritical }) {
          if (!lives()) return new Promise(() => {})
          for (const [name] of `${title} ${body}`.matchAll(/<[^>]+>/g)) {
            const one = holding.get(name)
            if (!one) faults.push(`${name} was shown and does not hold`)
            else if (isSilent(one)) faults.push(`${name} was shown in silence`)
            else if (missed.has(name) && !isCritical) faults.push(`${name} was missed and shown`)
            if (!recorded.has(name)) faults.push(`${name} was shown before it was written down`)
            if (!silence.act) faults.push(`${name} was shown while another one acts`)
            told.push({ name, isCritical, isDelivered: silence.deliver, atMs: nowMs })
          }
          return Promise.resolve(silence.deliver ? 'shown' : 'failed')
        },
      },
      alertHistory: {
        load: () => history,
        save(saved) {
          history = saved
          if (lives()) file = JSON.stringify(Object.values(saved))
        },
      },
      auditLog: {
        record({ text }) {
          if (lives()) for (const [name] of text.matchAll(/<[^>]+>/g)) recorded.add(name)
          return ok(undefined)
        },
      },
      rules: (): AlertRules => ({
        ...permissiveRules,
        isOn: (kind) => !(silence.switch && kind === 'pod-error'),
        arePaused: silence.pause,
        isQuietHours: silence.quiet,
        minIntervalMs: (kind) => (kind === 'idle' ? 2 * HOUR_MS : 0),
      }),
      mayAnnounce: () => silence.act,
      nowMs: () => nowMs,
      onChange: () => {},
      report: (what) => faults.push(what),
    })
    return {
      dispatcher,
      die: () => (left = 0),
      dieAfter: (doings) => (left = doings),
      isDead: () => left <= 0,
    }
  }

  function restart(): void {
    program.die()
    kills += 1
    // An alert that was recorded and not shown is lost, which is the price of never repeating one.
    const history = parseAlertHistory(JSON.parse(file))
    for (const [name, { key, isCritical }] of holding)
      if (!isCritical && history[alertName(key)]?.state === 'said') lost.add(name)
    program = startProgram()
  }

  async function poll(minutes: number): Promise<void> {
    nowMs += minutes * MINUTE_MS
    program.dispatcher.dispatch([...holding.values()], true)
    await flushPromises()
    if (program.isDead()) restart()
  }

  return {
    told,
    faults,
    holding,
    kills: () => kills,
    nowMs: () => nowMs,
    wasLost: (name: string): boolean => lost.has(name) || missed.has(name),
    deliveredAtMs: (one: PendingAlert) => program.dispatcher.deliveredAtMs(one.key),
    poll,
    begin(kind: (typeof kinds)[number], podId: string, isMissed = false): void {
      if ([...holding.values()].some(({ key }) => key.kind === kind && key.podId === podId)) return
      episodes += 1
      const name = `<${podId}.${kind}.${episodes}>`
      const over = { podName: name, title: name, isCritical: kind === 'auto-stop-soon', isMissed }
      holding.set(name, pendingAlert({ kind, podId, episode: String(episodes) }, over))
      if (isMissed) missed.add(name)
    },
    end(kind: string, podId: string): void {
      for (const [name, { key }] of holding)
        if (key.kind === kind && key.podId === podId) holding.delete(name)
    },
    set(what: keyof typeof silence, on: boolean): void {
      silence[what] = on
    },
    killAfter: (doings: number): void => program.dieAfter(doings),
    heal(): void {
      program.dieAfter(Number.POSITIVE_INFINITY)
      Object.assign(silence, { pause: false, quiet: false, switch: false, deliver: true, act: true })
    },
  }
}

async function runSteps(steps: readonly Step[]): Promise<ReturnType<typeof createWorld>> {
  const world = createWorld()
  for (const one of steps) {
    switch (one.do) {
      case 'begin':
        world.begin(one.kind, one.pod)
        break
      case 'end':
        world.end(one.kind, one.pod)
        break
      case 'poll':
        await world.poll(one.minutes)
        break
      case 'apart':
        // A sleep: events that began during it are reported by the first poll afterwards, as missed.
        if (one.minutes % 2) world.begin('pod-error', pods[one.minutes % pods.length] ?? 'a', true)
        await world.poll(one.minutes)
        break
      case 'kill':
        world.killAfter(one.after)
        break
      default:
        world.set(one.do, one.on)
    }
  }
  return world
}

test(
  'in any sequence of events, no alert is repeated, shown during a pause or too often, and no lasting one is suppressed forever',
  { timeout: 60_000 },
  async () => {
    let told = 0
    let kills = 0
    const lives = fc.asyncProperty(
      fc.array(step, { minLength: STEPS, maxLength: STEPS, size: 'max' }),
      async (steps) => {
        const world = await runSteps(steps)
        told += world.told.length
        kills += world.kills()
        expect(world.faults).toEqual([])
        checkInvariants(world)
        world.heal()
        await world.poll(4 * 60)
        await world.poll(60)
        for (const [name, one] of world.holding) {
          if (one.isCritical) expect([name, world.deliveredAtMs(one) !== null]).toEqual([name, true])
          else if (!world.wasLost(name))
            expect([name, world.told.some((other) => other.name === name)]).toEqual([name, true])
        }
        checkInvariants(world)
      },
    )
    await fc.assert(lives, { numRuns: TRACES, seed: 20_261_124 })
    // Ensures that the random sequences were not trivial.
    expect([told > 5_000, kills > 1_000]).toEqual([true, true])
  },
)

/**
 * Checks docs/product-rules.md#62-delivery and docs/product-rules.md#31-rules on everything that was shown.
 */
function checkInvariants(world: ReturnType<typeof createWorld>): void {
  const times = new Map<string, ShownAlert[]>()
  for (const one of world.told) times.set(one.name, [...(times.get(one.name) ?? []), one])
  for (const [name, all] of times) {
    const delivered = all.filter(({ isDelivered }) => isDelivered).length
    if (all[0]?.isCritical)
      expect(delivered, `${name} more than once and once per kill`).toBeLessThanOrEqual(1 + world.kills())
    else expect(all.length, `${name} twice`).toBe(1)
  }
  for (const kind of infoKinds)
    for (const pod of pods) {
      const ofPod = world.told.filter(({ name }) => name.startsWith(`<${pod}.${kind}.`))
      const tooMany = ofPod.some(({ atMs }, index) => {
        const next = ofPod[index + (kind === 'idle' ? 1 : 5)]
        return next && next.atMs - atMs < (kind === 'idle' ? 2 * HOUR_MS : HOUR_MS)
      })
      expect(tooMany, `${kind} of ${pod} too often`).toBe(false)
    }
}

test('an alert is lost but never repeated if the process is killed between recording and showing it', async () => {
  for (const after of [0, 1, 2, 3]) {
    const world = createWorld()
    world.begin('pod-error', 'a')
    world.killAfter(after)
    await world.poll(1)
    await world.poll(1)
    await world.poll(1)
    // Logged, recorded, shown: once it is recorded, it is not repeated.
    expect([after, world.told.length]).toEqual([after, after === 2 ? 0 : 1])
  }
})

test('a critical alert is repeated once if the process is killed between showing and recording it', async () => {
  for (const after of [0, 1, 2, 3]) {
    const world = createWorld()
    world.begin('auto-stop-soon', 'a')
    world.killAfter(after)
    await world.poll(1)
    await world.poll(1)
    await world.poll(1)
    expect([after, world.told.length]).toEqual([after, after === 2 ? 2 : 1])
  }
})

test('an alert whose condition holds for months is shown once', async () => {
  const world = createWorld()
  world.begin('pod-error', 'a')
  for (let day = 0; day < 90; day++) await world.poll(DAY_MS / MINUTE_MS)
  expect(world.told).toHaveLength(1)
})
