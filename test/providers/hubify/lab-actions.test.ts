import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LabPodSpec } from '../../../src/core/pods/pod-request'
import {
  json,
  problem,
  type ScriptedReply,
  startHttpServer,
  type TestServer,
  text,
} from '../../harness/http/http-server'
import { API_KEY, connectLab, errorOf, LAB, sampleLabPod, valueOf } from './sample-lab'

let server: TestServer
beforeEach(async () => {
  server = await startHttpServer()
})
afterEach(() => server.close())

const sent = () => server.requests.map(({ method, path }) => `${method} ${path}`)
const unknownRoute = text('<html>404</html>', { status: 404 })
const envelope = (status: number, message: string) =>
  json({ error: { code: 'x', message, status } }, { status })

describe('an action on a pod of a lab', () => {
  it.each(['start', 'stop'] as const)(
    '%s is one request without a body, and returns the pod',
    async (action) => {
      server.reply(json({ data: sampleLabPod({ status: 'stopped' }) }))
      expect(valueOf(await connectLab(server).lab.act('pod_abc123', action))?.phase).toBe('stopped')
      expect(server.requests).toMatchObject([
        { method: 'POST', path: `/api/v1/pods/pod_abc123/${action}`, body: '' },
      ])
    },
  )

  it.each([
    ['a 204', text('', { status: 204 })],
    ['an empty 200', text('')],
    ['an empty 202', text('', { status: 202 })],
    ['a word about its success', json({ success: true })],
    ['nothing in an envelope', json({ data: {}, meta: {} })],
    ['the pod’s id without its status', json({ data: { _id: 'pod_abc123' } })],
    ['a status without an id', json({ data: { status: 'stopped' } })],
  ])('is accepted without a pod after %s', async (_what, reply) => {
    server.reply(reply)
    expect(valueOf(await connectLab(server).lab.act('pod_abc123', 'stop'))).toBeNull()
    expect(server.requests).toHaveLength(1)
  })

  it.each<readonly [string, ScriptedReply]>([
    ['a page', text('<html>')],
    ['another pod', json({ data: sampleLabPod({ _id: 'other' }) })],
    ['a list', json([])],
    ['an error with a successful status', json({ error: { message: 'no' } })],
    ['the word that it failed', json({ success: false })],
    ['half an answer', { kind: 'half', status: 200, body: '{"data":{"_id":"pod_abc123"}}' }],
    ['a 404 that is not the API’s', unknownRoute],
    ['a 404 without a body', text('', { status: 404 })],
  ])('has an unknown result after %s', async (_what, reply) => {
    server.reply(reply)
    expect(errorOf(await connectLab(server).lab.act('pod_abc123', 'stop')).kind).toBe('unreadable')
    expect(server.requests).toHaveLength(1)
  })

  it('completes a reply that names only a part of the pod by what was listed', async () => {
    const { lab } = connectLab(server)
    server.reply(json({ data: [sampleLabPod()] }))
    await lab.listPods()
    server.reply(json({ data: { id: 'pod_abc123', status: 'stopped', volumeSize: null } }))
    expect(valueOf(await lab.act('pod_abc123', 'stop'))).toMatchObject({
      phase: 'stopped',
      gpu: { name: 'H200 SXM' },
      persistentMount: { sizeGb: 100 },
    })
  })

  it('that starts a pod without a free GPU is distinguished from other rejections', async () => {
    server.reply(envelope(400, 'There are not enough free GPUs on the host machine to start this pod.'))
    expect(errorOf(await connectLab(server).lab.act('a', 'start')).kind).toBe('no-capacity')
    expect(errorOf(await connectLab(server).lab.act('a', 'stop')).kind).toBe('invalid')
  })

  it.each(['', '.', '..', 'a\nb', '\uD800'])('is not sent for the id %j', async (id) => {
    const { lab } = connectLab(server, true)
    for (const result of [await lab.act(id, 'stop'), await lab.terminatePod(id), await lab.getPod(id)])
      expect(errorOf(result).kind).toBe('invalid')
    expect(server.requests).toHaveLength(0)
  })
})

describe('a restart and a terminate', () => {
  it('are never requested while announced routes are off, and say what to do instead', async () => {
    const { lab } = connectLab(server)
    expect(errorOf(await lab.act('a', 'restart'))).toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('Stop the pod, then start it again') as string,
    })
    expect(errorOf(await lab.terminatePod('a'))).toMatchObject({
      kind: 'gone',
      message: expect.stringContaining(`Terminate the pod in the web app: ${server.origin}`) as string,
    })
    expect(server.requests).toHaveLength(0)
  })

  it('are one request each on their announced route', async () => {
    const { lab } = connectLab(server, true)
    server.reply(json({ data: sampleLabPod({ status: 'terminated' }) }))
    await lab.act('pod_abc123', 'restart')
    expect(valueOf(await lab.terminatePod('pod_abc123'))?.phase).toBe('terminated')
    expect(sent()).toEqual(['POST /api/v1/pods/pod_abc123/restart', 'POST /api/v1/pods/pod_abc123/terminate'])
  })

  it('are not requested again for 24 h after the server did not know their route', async () => {
    const { lab, clock } = connectLab(server, true)
    server.reply(unknownRoute)
    for (let count = 0; count < 2; count += 1) {
      expect(errorOf(await lab.terminatePod('a')).kind).toBe('gone')
      expect(errorOf(await lab.act('a', 'restart'))).toMatchObject({ kind: 'invalid' })
    }
    expect(sent()).toEqual(['POST /api/v1/pods/a/terminate', 'POST /api/v1/pods/a/restart'])
    clock.advance(24 * 3_600_000 - 1)
    await lab.terminatePod('a')
    expect(server.requests).toHaveLength(2)
    clock.advance(1)
    await lab.terminatePod('a')
    expect(server.requests).toHaveLength(3)
  })

  it.each([
    ['a web page', unknownRoute, true],
    ['an empty 404', text('', { status: 404 }), true],
    [
      'a router’s 404',
      json({ statusCode: 404, message: 'Cannot POST /api/v1/pods/a/terminate' }, { status: 404 }),
      true,
    ],
    ['a 405', text('', { status: 405 }), true],
    ['a 501', text('', { status: 501 }), true],
    ['the API’s 410', envelope(410, 'retired'), true],
    ['the API’s 404', envelope(404, 'Pod not found'), false],
    ['the API’s 404 as a text', json({ error: 'Pod not found' }, { status: 404 }), false],
    ['the API’s 404 as a problem', problem(404, 'pod not found'), false],
    ['the API’s 403', envelope(403, 'no'), false],
    ['a server error', envelope(500, 'oh'), false],
    ['a gateway’s page', text('<html>', { status: 502 }), false],
  ])('are dropped only if the server does not know the route: %s', async (_what, reply, isDropped) => {
    const { lab } = connectLab(server, true)
    server.reply(reply)
    await lab.terminatePod('a')
    expect(server.requests).toHaveLength(1)
    await lab.terminatePod('a')
    expect(server.requests).toHaveLength(isDropped ? 1 : 2)
    expect(lab.webFallback!().features.includes('terminate')).toBe(isDropped)
  })
})

describe('the web app of a lab', () => {
  it('is where everything is that the API lacks at present', async () => {
    let isOn = false
    const { lab } = connectLab(server, () => isOn)
    const url = server.origin
    const all = ['ssh', 'terminate', 'restart', 'idle-settings', 'create']
    expect(lab.webFallback!()).toEqual({ url, features: all })
    isOn = true
    expect(lab.webFallback!()).toEqual({ url, features: [] })
    server.reply(unknownRoute)
    await lab.changeLabSettings!({ idleAlertMinutes: 15 })
    expect(lab.webFallback!()).toEqual({ url, features: ['idle-settings'] })
  })

  it('is not needed for SSH where the list gives the addresses', async () => {
    const { lab } = connectLab(server)
    server.reply(json({ data: [sampleLabPod()] }))
    await lab.listPods()
    expect(lab.webFallback!().features).not.toContain('ssh')
  })
})

describe('the settings of a lab', () => {
  it('are changed by one request with its slug, and are what the server answers', async () => {
    const { lab } = connectLab(server, true)
    server.reply(
      json({ data: { settings: { idle_alert_minutes: 20, autoScheduleEnabled: true, labId: 'x' } } }),
    )
    expect(valueOf(await lab.changeLabSettings!({ idleAlertMinutes: 15, isAutoScheduled: false }))).toEqual({
      idleAlertMinutes: 20,
      isAutoScheduled: true,
    })
    expect(server.requests).toMatchObject([
      {
        method: 'PATCH',
        path: '/api/v1/labs/dark-energy/settings',
        body: '{"idleAlertMinutes":15,"autoScheduleEnabled":false}',
      },
    ])
    expect(server.requests[0]!.headers['content-type']).toBe('application/json')
  })

  it.each([json({ data: { idleAlertMinutes: '15', autoScheduleEnabled: 'yes' } }), text('')])(
    'are unknown where the server does not say them',
    async (reply) => {
      server.reply(reply)
      const { lab } = connectLab(server, true)
      expect(valueOf(await lab.changeLabSettings!({ idleAlertMinutes: 15 }))).toEqual({})
    },
  )

  it('are changed in the web app while routes are only announced, or the lab has no slug', async () => {
    const { key, lab } = connectLab(server)
    expect(errorOf(await lab.changeLabSettings!({ idleAlertMinutes: 15 }))).toMatchObject({
      kind: 'gone',
      message: expect.stringContaining('in the web app') as string,
    })
    const nameless = key.lab({ id: LAB.id, slug: '' }, () => ({ usesAnnouncedRoutes: true }))
    expect(errorOf(await nameless.changeLabSettings!({ idleAlertMinutes: 15 })).kind).toBe('invalid')
    expect(server.requests).toHaveLength(0)
  })
})

describe('the creation of a pod in a lab', () => {
  const spec: LabPodSpec = {
    gpuType: 'H200',
    gpuCount: 1,
    maxHours: 8,
    image: 'hubify/base:latest',
    environment: { COBAYA_PACKAGES: '/workspace/packages', TOKEN: 'secret-canary-77' },
    volumeGb: 100,
  }
  const create = (more: Partial<LabPodSpec> = {}, usesAnnouncedRoutes = true) =>
    connectLab(server, usesAnnouncedRoutes).lab.createLabPod!({ ...spec, ...more })

  it('is one request with the documented fields', async () => {
    server.reply(json({ data: sampleLabPod({ status: 'creating' }) }, { status: 201 }))
    expect(valueOf(await create())?.phase).toBe('creating')
    expect(sent()).toEqual(['POST /api/v1/pods'])
    expect(JSON.parse(server.requests[0]!.body)).toEqual({
      labId: LAB.id,
      gpuType: 'H200',
      gpuCount: 1,
      maxHours: 8,
      image: 'hubify/base:latest',
      env: spec.environment,
      volumeSize: 100,
    })
  })

  it('omits a maximum runtime and an environment that there are not', async () => {
    server.reply(json({}))
    expect(valueOf(await create({ maxHours: null, environment: {} }))).toBeNull()
    expect(Object.keys(JSON.parse(server.requests[0]!.body) as object)).toEqual(
      expect.not.arrayContaining(['maxHours', 'env']),
    )
  })

  it.each([
    { gpuCount: 2 },
    { gpuType: 'H200 SXM', gpuCount: 2 },
    { gpuType: '' },
    { gpuType: 'H100', gpuCount: 0 },
    { gpuType: 'H100', gpuCount: 1.5 },
    { maxHours: 0 },
    { maxHours: Number.NaN },
    { volumeGb: -1 },
    { image: ' ' },
  ])('is refused without a request for %j', async (more) => {
    expect(errorOf(await create(more as Partial<LabPodSpec>)).kind).toBe('invalid')
    expect(server.requests).toHaveLength(0)
  })

  it('is possible with several H100 and A100', async () => {
    server.reply(json({}))
    for (const gpuType of ['H100', 'A100'] as const)
      expect((await create({ gpuType, gpuCount: 8 })).ok).toBe(true)
  })

  it.each([
    'invalid env TOKEN=secret-canary-77',
    'invalid env TOKEN=secret\u200b-canary-77',
    'invalid env TOKEN=secret-can…',
    `${'x'.repeat(290)}secret-canary-77`,
  ])('never repeats a value of its environment in an error: %s', async (words) => {
    server.reply(envelope(400, words))
    const error = errorOf(await create())
    expect(error).toMatchObject({ kind: 'invalid', status: 400 })
    expect(error.message).toBe('Hubify refused to create the pod (HTTP 400).')
  })

  it('repeats other words of the server, and knows a lack of GPUs', async () => {
    server.reply(envelope(422, 'volumeSize is too small'))
    expect(errorOf(await create()).message).toBe('volumeSize is too small')
    server.reply(envelope(400, 'There are not enough free GPUs on the host machine.'))
    expect(errorOf(await create()).kind).toBe('no-capacity')
  })

  it('is done in the web app while its route is only announced', async () => {
    expect(errorOf(await create({}, false))).toMatchObject({
      kind: 'gone',
      message: expect.stringContaining('Create the pod in the web app') as string,
    })
    expect(server.requests).toHaveLength(0)
  })
})

describe('an error of Hubify', () => {
  it.each([
    ['an envelope', { error: { code: 'forbidden', message: 'No access', status: 403 } }],
    ['a text', { error: 'No access' }],
    ['a message', { message: 'No access' }],
    ['a problem', { title: 'No access', status: 403 }],
  ])(
    'is read from %s, and a 403 names the scope that the key lacks in both spellings',
    async (_what, body) => {
      server.reply(json(body, { status: 403 }))
      const { key, lab } = connectLab(server, true)
      expect(errorOf(await lab.act('a', 'stop'))).toMatchObject({
        kind: 'forbidden',
        message: 'No access The key needs pods:write or lab:dark-energy:rw.',
      })
      expect(errorOf(await lab.listPods()).message).toContain('pods:read or lab:dark-energy:r.')
      expect(errorOf(await lab.listQueuedExperiments!()).message).toContain(
        'experiments:read or lab:dark-energy:r.',
      )
      expect(errorOf(await lab.changeLabSettings!({ idleAlertMinutes: 1 })).message).toContain('labs:write')
      expect(errorOf(await lab.terminatePod('a')).message).toContain('pods:write or lab:dark-energy:rw.')
      expect(errorOf(await key.listLabs()).message).toContain('labs:read')
    },
  )

  it('never contains the key', async () => {
    server.reply(envelope(401, `bad key ${API_KEY}`))
    expect(errorOf(await connectLab(server).lab.listPods())).toMatchObject({
      kind: 'unauthorized',
      message: 'bad key [key]',
    })
  })

  it('of too many requests pauses all labs of the key for as long as it says', async () => {
    const { key, lab, clock } = connectLab(server)
    const other = key.lab({ id: 'other', slug: 'other' }, () => ({ usesAnnouncedRoutes: false }))
    server.reply(
      json({ error: { code: 'rate_limited' } }, { status: 429, headers: { 'retry-after': '120' } }),
    )
    expect(errorOf(await lab.listPods()).kind).toBe('rate-limited')
    expect(errorOf(await other.listPods())).toMatchObject({
      kind: 'rate-limited',
      status: null,
      retryAfterMs: 120_000,
    })
    expect(errorOf(await other.act('a', 'stop')).kind).toBe('rate-limited')
    expect(server.requests).toHaveLength(1)
    clock.advance(120_000)
    server.reply(json([]))
    expect((await other.listPods()).ok).toBe(true)
  })
})

describe('reads in flight', () => {
  it('are aborted for one lab without those of another', async () => {
    const { key, lab } = connectLab(server)
    const other = key.lab({ id: 'other', slug: 'other' }, () => ({ usesAnnouncedRoutes: false }))
    server.replyWith(({ path }) =>
      path.includes('other') ? { kind: 'drip', body: '[]', everyMs: 200 } : { kind: 'hang' },
    )
    const [read, otherRead] = [lab.listPods(), other.listPods()]
    await server.received(2)
    lab.abortReads()
    expect(errorOf(await read).kind).toBe('unreachable')
    expect((await otherRead).ok).toBe(true)
  })
})
