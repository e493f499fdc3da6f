import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { heldStopsText, keepOnLabel, keepOnText } from '../../../../src/renderer/pod-model/text/keep-on-text'
import { idleFor, NOW_MS, podView } from '../../../harness/samples/pod-views'

test('the label of a morning names the day unless it is today', () => {
  const atHour = (hour: number) => new Date(2026, 10, 24, hour).getTime()
  expect(keepOnLabel('morning', atHour(14))).toBe('Until Wed 09:00')
  expect(keepOnLabel('morning', atHour(2))).toBe('Until 09:00')
  expect(keepOnLabel('4-hours', NOW_MS + HOUR_MS)).toBe('For 4 hours')
})

describe('the text of a pod that is kept running', () => {
  const busy = podView().activity

  test('says until when', () => {
    expect(keepOnText({ sinceMs: 0, untilMs: NOW_MS + HOUR_MS }, busy, NOW_MS, 'UTC')).toBe(
      'Keeping until 15:05',
    )
    expect(keepOnText({ sinceMs: 0, untilMs: null }, busy, NOW_MS)).toBe('Keeping until you cancel')
  })

  test('says for how long the pod has been idle', () => {
    const keepOn = { sinceMs: 0, untilMs: NOW_MS + HOUR_MS }
    expect(keepOnText(keepOn, idleFor(180), NOW_MS, 'UTC')).toBe('Keeping until 15:05 · idle for 3 h')
    expect(keepOnText(keepOn, idleFor(0), NOW_MS, 'UTC')).toBe('Keeping until 15:05')
  })
})

describe('the text of what keeping on holds', () => {
  test('says what is held and when it is or was due', () => {
    expect(
      heldStopsText(
        [
          { cause: 'quiet', dueAtMs: NOW_MS + 2 * HOUR_MS },
          { cause: 'max-hours', dueAtMs: NOW_MS - HOUR_MS },
          { cause: 'budget', dueAtMs: NOW_MS - DAY_MS },
        ],
        NOW_MS,
      ),
    ).toBe('Holds: auto-stop due in 2 h, maximum hours passed 1 h ago, its budget is spent')
    expect(heldStopsText([{ cause: 'quiet', dueAtMs: NOW_MS - 5 * MINUTE_MS }], NOW_MS)).toBe(
      'Holds: auto-stop due 5 min ago',
    )
    expect(heldStopsText([{ cause: 'max-hours', dueAtMs: NOW_MS + HOUR_MS }], NOW_MS)).toBe(
      'Holds: maximum hours over in 1 h',
    )
  })

  test('is absent when nothing is held', () => expect(heldStopsText([], NOW_MS)).toBeNull())
})
