import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  parseLab,
  parseQueuedExperiment,
  parseSettings,
  parseSpending,
} from '../../../src/providers/hubify/parse-lab'
import { readPodList } from '../../../src/providers/hubify/pod-list'
import { fieldOf, parseListPage, readTime, toCamelCase } from '../../../src/providers/hubify/wire-shape'
import { parseTime } from '../../../src/providers/wire/wire-values'

describe('the names in a reply', () => {
  it('are read in both ways, and the value under the documented one counts unless it is null', () => {
    expect(toCamelCase({ gpu_type: 'H200', _id: 'a', idle_minutes: 3, idleMinutes: 4 })).toEqual({
      gpuType: 'H200',
      _id: 'a',
      idleMinutes: 4,
    })
    expect(toCamelCase({ idleMinutes: null, idle_minutes: 3 })).toEqual({ idleMinutes: 3 })
    expect(fieldOf({ a: null, b: 0, c: 1 }, ['x', 'a', 'b', 'c'])).toBe(0)
  })

  it('change no other object', () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}') as Record<string, unknown>
    toCamelCase(hostile)
    parseListPage({ data: [], meta: hostile }, 'pods')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('a time in a reply', () => {
  it.each([
    [1_764_000_000_000, 1_764_000_000_000],
    [1_764_000_000, 1_764_000_000_000],
    ['2026-11-24T12:00:00Z', Date.parse('2026-11-24T12:00:00Z')],
    [0, null],
    [-5, null],
    [1e300, null],
    [Number.NaN, null],
    ['soon', null],
    [true, null],
  ])('of %j is %j', (value, ms) => expect(readTime(value, parseTime)).toBe(ms))
})

describe('a reply of any shape', () => {
  it('is read without an exception, with amounts that are none below zero', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('summary', 'data', 'settings', 'status'), (value, name) => {
        for (const reply of [value, { [name]: value }, { data: { [name]: value } }]) {
          parseListPage(reply, name)
          parseLab(reply)
          parseQueuedExperiment(reply)
          expect(parseSpending(reply)?.totalUsd ?? 0).toBeGreaterThanOrEqual(0)
          expect(parseSettings(reply).idleAlertMinutes ?? 0).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })
})

describe('a list that is kept', () => {
  it('has no environment of a pod, which may hold secrets', async () => {
    const pods = [{ _id: 'a', env: { TOKEN: 'canary' }, environment: 'canary', name: 'one' }]
    const list = await readPodList(
      () => Promise.resolve({ ok: true, value: { pods } }),
      () => false,
      () => ({ wallMs: 0, monotonicMs: 0, runId: 'test' }),
    )
    if (!list.ok) throw new Error(list.error.message)
    expect([...list.value.pods]).toEqual([['a', { _id: 'a', name: 'one' }]])
  })
})
