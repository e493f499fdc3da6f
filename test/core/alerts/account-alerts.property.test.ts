import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AccountAlerts, createAccountAlerts } from '../../../src/core/alerts/account-alerts'
import { parseAlertHistory } from '../../../src/core/alerts/parse-alert-history'
import { unknownPermission } from '../../../src/core/intents/write-permission'
import type { Pod } from '../../../src/core/pods/pod'
import { defaultSettings } from '../../../src/core/settings/settings'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { createFakeClock, flushPromises } from '../../harness/base/fake-clock'
import { createAccountContext } from '../../harness/monitor/account-context'
import { pod } from '../../harness/samples/pods'

/*
 * Random changes of pods, successful and missing polls, restarts and pauses. Each state of a pod is encoded
 * in its name, so that the checks can tell from a shown alert which state it was about.
 */

const phases = ['creating', 'running', 'stopped', 'error'] as const
const ids = ['a', 'b', 'c'] as const

type Step =
  | { readonly do: 'change'; readonly id: (typeof ids)[number]; readonly phase: (typeof phases)[number] }
  | { readonly do: 'look' | 'gap'; readonly minutes: number }
  | { readonly do: 'pause'; readonly on: boolean }
  | { readonly do: 'restart' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      id: fc.constantFrom(...ids),
      phase: fc.constantFrom(...phases),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({ do: fc.constant('look' as const), minutes: fc.integer({ min: 1, max: 5 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('gap' as const), minutes: fc.integer({ min: 7, max: 600 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
)

function createWorld() {
  const clock = createFakeClock()
  const told: string[] = []
  const faults: string[] = []
  /** States that began between two consecutive polls of one run. */
  const seen = new Map<string, number>()
  const pods = new Map<string, Pod>()
  const changed = new Set<string>()
  /** Stops that one poll has shown so far. */
  const stopping = new Set<string>()
  let lastLook: ReadonlyMap<string, string> | null = null
  let file = '[]'
  let isPaused = false
  let states = 0
  let runs = 1
  for (const id of ids) pods.set(id, named(id, 'stopped', 0))
  let accountAlerts = start()

  function named(id: string, phase: Pod['phase'], state: number): Pod {
    const before = phase === 'stopped' ? pods.get(id)?.startedAtMs : undefined
    const startedAtMs = phase === 'running' ? clock.now().wallMs : (before ?? null)
    return pod({
      id,
      name: `<${id}.${phase}.${state}>`,
      phase,
      startedAtMs,
      createdAtMs: state,
      telemetry: null,
    })
  }

  function start(): AccountAlerts {
    const context = createAccountContext({
      clock,
      settings: () => ({ ...defaultSettings, creatingTooLongMin: 1_440 }),
      notifier: {
        async show({ title, body }) {
          const names = [...`${title} ${body}`.matchAll(/<[^>]+>/g)].map(([name]) => name)
          told.push(...names)
          for (const name of names) {
            if (isPaused) faults.push(`${name} was shown in the pause`)
            if (![...pods.values()].some((one) => one.name === name)) faults.push(`${name} is over`)
            if (!seen.has(name)) faults.push(`${name} was not seen to happen`)
          }
          return 'shown'
        },
      },
      alertHistory: {
        load: () => parseAlertHistory(JSON.parse(file)),
        save: (history) => (file = JSON.stringify(history)),
      },
      report: (what) => faults.push(what),
    })
    return createAccountAlerts(context, {
      arePaused: () => isPaused,
      areRulesArmed: () => false,
      permission: () => unknownPermission,
      intents: () => [],
      stopCauses: { causeOf: () => ({ reason: null, balanceUsd: null }) },
      pollSpacingMs: () => 0,
      onChange: () => {},
    })
  }

  function look(minutes: number, isApart: boolean): void {
    clock.advance(minutes * MINUTE_MS)
    for (const { id, name, phase } of pods.values()) {
      const isNew = lastLook !== null && lastLook.get(id) !== name
      // A stop lasts, so it is observed after a gap, too, but takes two polls.
      if (isNew && phase === 'stopped' && lastLook?.get(id)?.includes('running') === true) stopping.add(name)
      else if (!isApart && (stopping.delete(name) || (isNew && phase !== 'stopped')))
        seen.set(name, clock.now().wallMs)
    }
    lastLook = new Map([...pods].map(([id, { name }]) => [id, name]))
    changed.clear()
    accountAlerts.onPoll([...pods.values()], [], [])
  }

  return {
    told,
    faults,
    /** States that deserve an alert, still hold, and were observed to begin within the last half day. */
    due: (): string[] =>
      [...pods.values()].flatMap(({ name, phase }) => {
        const atMs = seen.get(name)
        const isWorthOne = phase !== 'creating'
        return isWorthOne && atMs !== undefined && clock.now().wallMs - atMs < 8 * HOUR_MS ? [name] : []
      }),
    async apply(one: Step): Promise<void> {
      switch (one.do) {
        case 'change': {
          // A change back and forth between two polls cannot be observed.
          if (pods.get(one.id)?.phase === one.phase || changed.has(one.id)) break
          changed.add(one.id)
          states += 1
          pods.set(one.id, named(one.id, one.phase, states))
          break
        }
        case 'pause':
          isPaused = one.on
          break
        case 'restart':
          runs += 1
          clock.restart(`run-${runs}`)
          lastLook = null
          stopping.clear()
          accountAlerts = start()
          break
        default:
          look(one.minutes, one.do === 'gap')
      }
      await flushPromises()
    },
  }
}

test(
  'every observed change of a pod is announced exactly once, whatever the sequence of changes',
  { timeout: 60_000 },
  async () => {
    let told = 0
    let owed = 0
    const lives = fc.asyncProperty(
      fc.array(step, { minLength: 100, maxLength: 100, size: 'max' }),
      async (steps) => {
        const world = createWorld()
        for (const one of steps) await world.apply(one)
        await world.apply({ do: 'pause', on: false })
        // A flapping pod is silent for an hour.
        for (let looks = 0; looks < 26; looks++) await world.apply({ do: 'look', minutes: 5 })
        expect(world.faults).toEqual([])
        expect(world.told.filter((name, index) => world.told.indexOf(name) !== index)).toEqual([])
        expect(world.due().filter((name) => !world.told.includes(name))).toEqual([])
        told += world.told.length
        owed += world.due().length
      },
    )
    await fc.assert(lives, { numRuns: 300, seed: 20_261_124 })
    expect([told > 500, owed > 100]).toEqual([true, true])
  },
)
