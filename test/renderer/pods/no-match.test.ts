import { expect, test } from 'vitest'
import { defaultView } from '../../../src/renderer/state/arrange/pod-filter'
import { noMatchText } from '../../../src/renderer/pods/pods-text'

test('the text of an unsuccessful search names the query and what can be searched', () => {
  const podsView = { ...defaultView, search: ' h200 ' }
  expect(noMatchText(podsView)).toBe(
    'No pod matches “h200”. Words are found in name, GPU, place and state; > $5 in the price.',
  )
  expect(noMatchText({ ...podsView, filter: 'idle' })).toBe(
    'No pod in “Idle” matches “h200”. Words are found in name, GPU, place and state; > $5 in the price.',
  )
  expect(noMatchText({ ...podsView, filter: 'error', search: '' })).toBe(
    'There are no pods in “Error” right now.',
  )
})
