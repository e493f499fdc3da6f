import * as v from 'valibot'
import { expect, test } from 'vitest'
import { type ContainerView, containerViewSchema } from '../../../src/core/containers/container-view'

test('what another program sends of a container is parsed, and anything else is refused', () => {
  const views: readonly ContainerView[] = [
    { kind: 'starting', sinceMs: 1, isOverdue: true },
    { kind: 'unknown' },
    { kind: 'died', why: 'gone', sinceMs: 1 },
    { kind: 'gpus-missing', gpus: 0, expected: 1 },
  ]
  for (const view of views) expect(v.parse(containerViewSchema, view)).toEqual(view)
  for (const odd of [null, { kind: 'up' }, { kind: 'died', sinceMs: 1 }, { kind: 'starting', sinceMs: '1' }])
    expect(v.safeParse(containerViewSchema, odd).success).toBe(false)
})
