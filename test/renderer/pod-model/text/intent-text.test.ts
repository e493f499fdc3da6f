import { describe, expect, test } from 'vitest'
import type { IntentView } from '../../../../src/core/intents/intent-view'
import { canUndo, hasOpenIntent, intentText } from '../../../../src/renderer/pod-model/text/intent-text'
import { NOW_MS, intentView } from '../../../harness/samples/pod-views'

describe('the text of an intent', () => {
  const intent = (overrides: Partial<IntentView>): IntentView =>
    intentView({ phase: 'scheduled', ...overrides })
  const text = (overrides: Partial<IntentView>, nowMs = NOW_MS) => intentText(intent(overrides), nowMs, 'UTC')

  test('counts down exactly as long as the action can be undone', () => {
    const scheduled = { undoUntilMs: NOW_MS + 3_100 }
    expect(text(scheduled)).toBe('Stopping in 4 s.')
    expect(canUndo(intent(scheduled), NOW_MS + 3_099)).toBe(true)
    expect(canUndo(intent(scheduled), NOW_MS + 3_100)).toBe(false)
    expect(text(scheduled, NOW_MS + 3_100)).toBe('Stopping…')
  })

  test('says after 10 s without a reply that the result is being checked', () => {
    expect(text({ phase: 'sent' })).toBe('Stopping…')
    expect(text({ phase: 'sent' }, NOW_MS + 10_000)).toBe('Stopping: no answer yet; checking.')
  })

  test('includes the reason of the API for a failure', () => {
    expect(text({ phase: 'failed', action: 'start', message: 'No GPU is free.' })).toBe(
      'Not started. No GPU is free.',
    )
    expect(text({ phase: 'did-not-happen' })).toBe('Stop was requested, but is not confirmed yet.')
  })

  test('belongs to an open intent until the action is over', () => {
    expect(
      (['scheduled', 'sent', 'accepted'] as const).every((phase) => hasOpenIntent(intent({ phase }))),
    ).toBe(true)
    expect(hasOpenIntent(intent({ phase: 'failed' }))).toBe(false)
    expect(hasOpenIntent(null)).toBe(false)
  })
})
