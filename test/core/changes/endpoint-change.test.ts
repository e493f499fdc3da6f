import { describe, expect, test } from 'vitest'
import { prepareMinimumChange } from '../../../src/core/changes/endpoint-change'
import type { ServerlessEndpoint } from '../../../src/core/pods/serverless/serverless-endpoint'
import { answerOf, createChangeWorld } from '../../harness/monitor/change-world'
import { endpoint } from '../../harness/samples/endpoints'

describe('a minimum is not set to 0', () => {
  test.each<[string, Partial<ServerlessEndpoint>]>([
    ['where it is 0 already', { minWorkers: 0 }],
    ['where it is not what was shown', { minWorkers: 2 }],
    ['where the endpoint has another name', { name: 'other' }],
    ['where it can’t be read', { minWorkers: null }],
  ])('%s', async (_why, now) => {
    const world = createChangeWorld({ endpoint: now })
    const result = await answerOf(world.changes.requests.setMinimumToZero(endpoint(), false), world)
    expect([result.kind, world.sent, world.zeroed]).toEqual(['refused', [], []])
    expect(result.message).toMatch(/\. Nothing was done\.$|so nothing was done\. /)
  })

  test('where the endpoint can’t be read, or the person saw no minimum', async () => {
    const world = createChangeWorld()
    world.world.isUnreadable = true
    for (const shown of [endpoint(), endpoint({ minWorkers: 0 }), endpoint({ minWorkers: null })])
      expect((await answerOf(world.changes.requests.setMinimumToZero(shown, false), world)).kind).toBe(
        'refused',
      )
    expect(world.sent).toEqual([])
  })

  test('by a provider without endpoints', async () => {
    expect(await prepareMinimumChange({}, endpoint(), () => {})).toEqual({
      ok: false,
      error: 'This account has no serverless endpoints.',
    })
  })
})

test('a minimum that was seen at 0 is reported with the earlier one, and the log names what was done', async () => {
  const world = createChangeWorld({ reply: 'reset-after' })
  const result = await answerOf(world.changes.requests.setMinimumToZero(endpoint(), true), world)
  expect(result).toEqual({
    kind: 'done',
    message: 'The minimum of the endpoint image-generator was set to 0 workers.',
  })
  expect(world.sent).toEqual(['minimum of ep-1'])
  expect(world.zeroed).toContain('ep-1 1')
  expect(world.entries.map(({ text }) => text)).toEqual([
    'You requested to set the minimum of the endpoint image-generator to 0 workers, on the command line.',
    expect.stringContaining('It is not known yet whether the minimum of the endpoint image-generator was'),
    'The minimum of the endpoint image-generator was set to 0 workers.',
  ])
})

test('a minimum that nothing shows at 0 is never reported as such', async () => {
  const world = createChangeWorld({ reply: '2xx-ignored' })
  await answerOf(world.changes.requests.setMinimumToZero(endpoint(), false), world)
  await world.clock.advanceAsync(600_000)
  expect(world.zeroed).toEqual([])
  expect(world.entries.at(-1)?.what).toBe('set-minimum not-seen')
})
