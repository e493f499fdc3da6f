import fc from 'fast-check'
import { expect, it } from 'vitest'
import { permissionsOf } from '../../../src/simulator/api/key-permissions'
import { podRoutes } from '../../../src/simulator/api/pod-routes'
import type { Reply } from '../../../src/simulator/http/reply'
import { VirtualTime } from '../../../src/simulator/world/virtual-time'
import { World } from '../../../src/simulator/world/world'
import { FakeWallClock } from '../../harness/simulator/simulator-fixture'

const listRoute = podRoutes.find(({ method, path }) => method === 'GET' && path === '/v2/pods')!

function page(world: World, limit: number, cursor: string | null): any {
  const query = new URLSearchParams({ limit: String(limit), ...(cursor !== null && { cursor }) })
  const options = { pagination: true, maxPageSize: 1_000 }
  const request = { method: 'GET', path: '/v2/pods', query, body: '', lastEventId: null }
  const reply = listRoute.handle({
    ...request,
    permissions: permissionsOf('read-only'),
    fault: null,
    id: '',
    world,
    options,
  }) as Reply
  return JSON.parse(reply.body!)
}

const accounts = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 30 }).map((ages) => {
  const world = new World({ seed: 1, time: new VirtualTime(new FakeWallClock().now, 1), balanceUsd: 1e6 })
  // Few distinct ages, so that many pods have the same date.
  ages.forEach((age, i) => world.add({ id: `p${i}`, name: `p${i}`, mode: 'idle', startedAgoMin: 60 + age }))
  return world
})

it('pages contain each pod exactly once, newest first, for any page size', () => {
  fc.assert(
    fc.property(accounts, fc.integer({ min: 1, max: 12 }), (world, limit) => {
      const ids: string[] = []
      let cursor: string | null = null
      do {
        const { pods, pagination } = page(world, limit, cursor)
        expect(pods.length).toBeLessThanOrEqual(limit)
        ids.push(...pods.map((pod: any) => pod.id))
        expect(pagination.hasNextPage).toBe(pagination.nextCursor !== null)
        cursor = pagination.nextCursor
      } while (cursor !== null)
      expect(ids).toEqual(world.records().map(({ id }) => id))
    }),
  )
})

it('pods removed while reading the pages neither repeat nor hide another pod', () => {
  fc.assert(
    fc.property(accounts, fc.integer({ min: 1, max: 6 }), fc.array(fc.nat(29)), (world, limit, gone) => {
      const doomed = new Set(gone.map((i) => `p${i}`))
      const before = world.records().map(({ id }) => id)
      const first = page(world, limit, null)
      for (const id of doomed) if (world.find(id) !== null) world.remove(id)
      const ids: string[] = first.pods.map((pod: any) => pod.id)
      for (let cursor = first.pagination.nextCursor; cursor !== null;) {
        const next = page(world, limit, cursor)
        ids.push(...next.pods.map((pod: any) => pod.id))
        cursor = next.pagination.nextCursor
      }
      expect(new Set(ids).size).toBe(ids.length)
      const lasting = before.filter((id) => !doomed.has(id))
      expect(lasting.filter((id) => !ids.includes(id))).toEqual([])
    }),
  )
})
