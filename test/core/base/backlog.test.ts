import { expect, it } from 'vitest'
import { createBacklog } from '../../../src/core/base/backlog'

it('a backlog hands over what was called before, in its order and once, and then each call at once', () => {
  const backlog = createBacklog<[name: string, count: number]>()
  const seen: string[] = []
  backlog.push('a', 1)
  backlog.push('b', 2)
  backlog.follow((name, count) => {
    seen.push(`${name}${count}`)
    // Called while the backlog is handed over: it isn't lost, either.
    if (name === 'a') backlog.push('during', 0)
  })
  expect(seen).toEqual(['a1', 'during0', 'b2'])
  backlog.push('c', 3)
  expect(seen).toEqual(['a1', 'during0', 'b2', 'c3'])
})
