import * as v from 'valibot'
import { readBody } from '../http/body'
import { json, noContent, problem, type Reply } from '../http/reply'
import { dataCenterPlaces } from '../world/hosts/hardware'
import { randomId } from '../world/seeded-random'
import type { ApiVolume } from '../world/volumes'
import type { World } from '../world/world'
import type { Route, RouteCall } from './route'

const name = v.pipe(v.string(), v.minLength(1))
const size = v.pipe(v.number(), v.integer(), v.minValue(10), v.maxValue(4_096))

const newVolume = v.strictObject({
  name,
  size,
  dataCenter: v.pipe(v.string(), v.minLength(1)),
  type: v.optional(v.picklist(['STANDARD', 'HIGH_PERFORMANCE']), 'STANDARD'),
})

const volumeChanges = v.pipe(
  v.strictObject({ name: v.optional(name), size: v.optional(size) }),
  v.check((changes) => Object.keys(changes).length > 0, 'at least one field is needed'),
)

const path = '/v2/network-volumes'

/** Network volumes, which cost money whether or not a pod uses them. */
export const volumeRoutes: readonly Route[] = [
  { method: 'GET', path, handle: ({ world }) => json({ networkVolumes: world.volumes.list() }) },
  { method: 'POST', path, isWrite: true, handle: ({ body, world }) => create(body, world) },
  { method: 'GET', path: `${path}/:id`, handle: withVolume((volume) => json(volume)) },
  { method: 'PATCH', path: `${path}/:id`, isWrite: true, handle: withVolume(change) },
  {
    method: 'DELETE',
    path: `${path}/:id`,
    isWrite: true,
    handle: withVolume(({ id }, { world }) => {
      if (world.records().some(({ spec }) => spec.network?.volumeId === id))
        return problem(400, 'the network volume is attached to a pod')
      world.volumes.remove(id, world.nowMs())
      return noContent
    }),
  },
]

function withVolume(answer: (volume: ApiVolume, routeCall: RouteCall) => Reply): Route['handle'] {
  return (routeCall) => {
    const volume = routeCall.world.volumes.find(routeCall.id)
    return volume === null ? problem(404, 'network volume not found') : answer(volume, routeCall)
  }
}

function create(text: string, world: World): Reply {
  const body = readBody(newVolume, text)
  if (!body.ok) return body.reply
  const { dataCenter, type } = body.value
  const place = dataCenterPlaces.find(({ id }) => id === dataCenter)
  if (place?.networkVolumeTypes.includes(type) !== true)
    return problem(400, `data center '${dataCenter}' has no network volumes of this type`)
  const id = randomId(10, world.seed, 'volume', world.volumes.list().length, world.nowMs())
  const spec = { id, name: body.value.name, sizeGb: body.value.size, dataCenterId: dataCenter, type }
  return json(world.volumes.create(spec, world.nowMs()), 201)
}

function change(volume: ApiVolume, { body: text, world }: RouteCall): Reply {
  const body = readBody(volumeChanges, text)
  if (!body.ok) return body.reply
  const changes = {
    ...(body.value.name !== undefined && { name: body.value.name }),
    ...(body.value.size !== undefined && { size: body.value.size }),
  }
  if ((changes.size ?? volume.size) < volume.size) return problem(400, 'storage cannot be reduced')
  world.volumes.change(volume.id, changes, world.nowMs())
  return json(world.volumes.find(volume.id))
}
