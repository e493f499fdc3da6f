import { expect, test } from 'vitest'
import { defaultView } from '../../../src/renderer/state/arrange/pod-filter'
import { noMatchText } from '../../../src/renderer/pods/pods-text'

test('the text of an unsuccessful search names the query and the fields searched', () => {
  const podsView = { ...defaultView, search: ' h200 ' }
  expect(noMatchText(podsView)).toBe('No pod has “h200” in its name, ID, GPU or data center.')
  expect(noMatchText({ ...podsView, filter: 'idle' })).toBe(
    'No pod in “Idle” has “h200” in its name, ID, GPU or data center.',
  )
  expect(noMatchText({ ...podsView, filter: 'error', search: '' })).toBe(
    'There are no pods in “Error” right now.',
  )
})
