import { expect, it } from 'vitest'
import config from '../../vitest.config.mts'

it('files of all kinds can be chosen together: projects of one group have the same number of workers', () => {
  const workers = new Map()
  for (const { test } of config.test.projects) {
    const group = test.sequence?.groupOrder ?? 0
    workers.set(group, (workers.get(group) ?? new Set()).add(test.maxWorkers))
  }
  expect([...workers.values()].filter((numbers) => numbers.size > 1)).toEqual([])
  expect(workers.size).toBe(3)
})
