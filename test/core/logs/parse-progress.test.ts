import { parse } from 'valibot'
import { expect, test } from 'vitest'
import { progressSchema } from '../../../src/core/logs/parse-progress'
import type { PodProgress } from '../../../src/core/logs/pod-progress'

test('progress is parsed as it is sent, and nothing else', () => {
  const whole: PodProgress = {
    steps: { machine: 'done', image: 'now', container: 'next', ssh: 'next' },
    pull: { percent: 62, pulledLayers: 3, layers: 5 },
    problem: { kind: 'crash-loop', starts: 3, forMs: 1 },
    lines: [],
    logProblem: null,
  }
  expect(parse(progressSchema, JSON.parse(JSON.stringify(whole)))).toEqual(whole)
  for (const wrong of [
    { ...whole, steps: {} },
    { ...whole, lines: [{ text: 1 }] },
    { ...whole, pull: 3 },
  ])
    expect(() => parse(progressSchema, wrong)).toThrow()
})
