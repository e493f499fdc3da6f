import { expect, test } from 'vitest'
import { podCountText } from '../../../src/renderer/strip/strip-text'
import { podView } from '../../harness/samples/pod-views'

test('the summary counts pods by their state', () => {
  const pods = [podView(), podView(), podView({ phase: 'stopped' }), podView({ phase: 'error' })]
  expect(podCountText(pods, 1)).toBe('2 running, 1 of them idle · 1 in error · 1 stopped')
  expect(podCountText([], 0)).toBe('nothing running')
})
