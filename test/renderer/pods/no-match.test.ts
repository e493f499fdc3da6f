import { expect, test } from 'vitest'
import { defaultView } from '../../../src/renderer/state/pod-filter'
import { noMatchText } from '../../../src/renderer/pods/no-match'

test('the text of an unsuccessful search names the query and the fields searched', () => {
  const podsView = { ...defaultView, search: ' h200 ' }
  expect(noMatchText(podsView)).toBe('No pod has “h200” in its name, id, GPU or data centre.')
  expect(noMatchText({ ...podsView, filter: 'idle' })).toBe(
    'Among “Idle” no pod has “h200” in its name, id, GPU or data centre.',
  )
  expect(noMatchText({ ...podsView, filter: 'error', search: '' })).toBe(
    'Among “Error” no pod is there at the moment.',
  )
})
