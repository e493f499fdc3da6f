import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { type AutoStopView, noGuard } from '../../../src/core/guard/guard-view'
import { autoStopViewOf, nextStopSchema, servedNextStop } from '../../../src/core/guard/served-next-stop'

const served = (autoStop: AutoStopView) => servedNextStop({ ...noGuard, autoStop })

describe('a next stop', () => {
  test.each([
    { kind: 'off' },
    { kind: 'planned', cause: 'max-hours', action: 'terminate', atMs: 9_000 },
    { kind: 'blocked', cause: 'budget', conditions: [], text: 'It is locked.' },
    { kind: 'watching', dueAtMs: 9_000, cause: 'quiet' },
    { kind: 'watching', dueAtMs: null, cause: 'quiet' },
    { kind: 'watching', dueAtMs: null, cause: 'budget', held: { cause: 'budget', why: 'it is locked' } },
  ] satisfies AutoStopView[])('is the same where it is shown as where it was served: $kind', (autoStop) => {
    const reply = served(autoStop)
    if (reply !== null) expect(v.is(nextStopSchema, JSON.parse(JSON.stringify(reply)))).toBe(true)
    expect(autoStopViewOf(reply ?? undefined)).toEqual(autoStop)
  })

  test('has no time that it did not get, and no text of any length or with control characters', () => {
    expect(autoStopViewOf({ state: 'planned', action: 'stop', at: null })).toEqual({
      kind: 'watching',
      dueAtMs: null,
      cause: 'quiet',
    })
    const why = `\u001b[2J\u202e${'x'.repeat(9_000)}`
    const shown = autoStopViewOf({ state: 'held', action: 'stop', at: null, why })
    expect(shown).toMatchObject({ kind: 'blocked', text: expect.stringMatching(/^\[2Jx+$/) })
    expect(JSON.stringify(shown).length).toBeLessThan(700)
  })
})
