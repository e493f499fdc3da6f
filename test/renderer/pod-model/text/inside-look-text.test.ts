import { expect, test } from 'vitest'
import type { InsideLookView } from '../../../../src/core/guard/evidence/inside-looks'
import { insideLookText } from '../../../../src/renderer/pod-model/text/inside-look-text'
import { NOW_MS } from '../../../harness/samples/pod-views'

const verdict = { kind: 'working', atMs: NOW_MS, text: 'python3 used 97% of one core' } as const
const text = (look: Partial<InsideLookView>) =>
  insideLookText({ isRunning: false, verdict: null, obstacle: null, ...look }, NOW_MS, 'UTC')

test('a look from inside is shown with its time and what was found, or what keeps it', () => {
  expect(insideLookText(null, NOW_MS)).toBe('')
  expect(text({ isRunning: true, verdict })).toBe('Looking inside the pod. This takes a minute…')
  expect(text({ verdict })).toBe('Looked inside at 14:05: it is working, python3 used 97% of one core.')
  expect(text({ verdict: { ...verdict, kind: 'at-rest' } })).toContain('it is at rest, python3')
  expect(text({ verdict, obstacle: "its host key isn't trusted yet" })).toBe(
    "Couldn’t look inside: its host key isn't trusted yet.",
  )
})
