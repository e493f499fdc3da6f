import { expect, test } from 'vitest'
import { shownConfiguration } from '../../../src/core/changes/pod-edit'
import { effectText, problemText, saveLabel, variablesHelp } from '../../../src/renderer/edit/edit-text'
import { configuration } from '../../harness/samples/configurations'

const shown = shownConfiguration(configuration())

test('what an edit does is shown before it is saved', () => {
  const image = { image: 'a/b:1' }
  expect(effectText({}, 'running', shown)).toBeNull()
  expect(effectText({ name: 'x' }, 'running', shown)).toContain('doesn’t touch what runs')
  expect(effectText(image, 'stopped', shown)).toContain('when it starts')
  expect(effectText(image, 'running', shown)).toBe(
    'This restarts the pod and ends what runs in it. Everything outside /workspace is wiped.',
  )
  for (const storage of [null, { kind: 'none' }] as const)
    expect(effectText(image, 'error', { ...shown, storage })).toContain('Everything in the pod is wiped.')
  expect([
    saveLabel({ name: 'x' }, 'running'),
    saveLabel(image, 'running'),
    saveLabel(image, 'stopped'),
  ]).toEqual(['Save', 'Change and restart…', 'Change pod…'])
})

test('a problem names its line, and secrets are listed where they can be read', () => {
  const problems = [
    { field: 'ports', line: 2, message: 'No.' },
    { field: 'name', line: null, message: 'Enter a name.' },
  ] as const
  expect(problemText(problems, 'ports')).toBe('Line 2: No.')
  expect(problemText(problems, 'name')).toBe('Enter a name.')
  expect(problemText(problems, 'image')).toBeNull()
  expect(variablesHelp(['a', 'b'])).toContain('Your secrets: a, b')
  expect(variablesHelp([])).toContain('no secrets')
  expect(variablesHelp(null)).toContain('could not be read')
})
