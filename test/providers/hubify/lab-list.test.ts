import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { json, problem, startHttpServer, type TestServer, text } from '../../harness/http/http-server'
import { connectLab, errorOf, LAB, sampleLabPod, valueOf } from './sample-lab'

let server: TestServer
beforeEach(async () => {
  server = await startHttpServer()
})
afterEach(() => server.close())

const pods = (...ids: readonly string[]) => ids.map((_id) => sampleLabPod({ _id }))
const paths = () => server.requests.map(({ path }) => path)

describe('the list of a lab’s pods', () => {
  it('is one request with the id of the lab and the key', async () => {
    server.reply(json({ data: pods('a') }))
    expect(valueOf(await connectLab(server).lab.listPods()).pods.map(({ id }) => id)).toEqual(['a'])
    expect(paths()).toEqual([`/api/v1/pods?labId=${LAB.id}`])
    expect(server.requests[0]!.headers.authorization).toBe('Bearer hfy_key_TESTKEY0123456789')
  })

  it.each([
    ['data', { data: pods('a', 'b') }],
    ['data.pods', { data: { pods: pods('a', 'b') } }],
    ['pods', { pods: pods('a', 'b') }],
    ['an array', pods('a', 'b')],
  ])('is read from %s', async (_where, answer) => {
    server.reply(json(answer))
    const list = valueOf(await connectLab(server).lab.listPods())
    expect(list).toMatchObject({ isComplete: true, pods: [{ id: 'a' }, { id: 'b' }] })
  })

  it('is read page by page, and asks for long pages once it knows that there are pages', async () => {
    server.reply(
      json({ data: pods('a'), meta: { next_cursor: 'x=&1', has_more: true } }),
      json({ data: { pods: pods('b') }, meta: { nextCursor: null, hasMore: false } }),
    )
    const list = valueOf(await connectLab(server).lab.listPods())
    expect(list).toMatchObject({ isComplete: true, pods: [{ id: 'a' }, { id: 'b' }] })
    expect(paths()[1]).toBe(`/api/v1/pods?labId=${LAB.id}&limit=100&cursor=x%3D%261`)
  })

  it.each([
    ['has more without a cursor', { data: pods('a'), meta: { has_more: true } }],
    ['has an unreadable cursor', { data: pods('a'), meta: { next_cursor: 7 } }],
    [
      'is exactly a page long and does not say that it ends',
      { data: pods(...Array.from({ length: 20 }, (_, index) => `p${index}`)) },
    ],
    ['has an entry that is no pod', { data: [...pods('a'), { name: 'no id' }] }],
  ])('is incomplete if it %s', async (_what, answer) => {
    server.reply(json(answer))
    expect(valueOf(await connectLab(server).lab.listPods()).isComplete).toBe(false)
  })

  it('is incomplete if its pages are circular', async () => {
    server.reply(json({ data: pods('a'), meta: { next_cursor: 'same' } }))
    expect(valueOf(await connectLab(server).lab.listPods()).isComplete).toBe(false)
    expect(server.requests).toHaveLength(2)
  })

  it('fails completely if a later page fails, because a short list would mean that pods are gone', async () => {
    server.reply(json({ data: pods('a'), meta: { next_cursor: 'n' } }), problem(403, 'no'))
    expect(errorOf(await connectLab(server).lab.listPods()).kind).toBe('forbidden')
  })

  it('leaves out pods of another lab of the key, but not those of a lab that the key does not know', async () => {
    const { key, lab } = connectLab(server)
    key.lab({ id: 'other-lab', slug: 'other' }, () => ({ usesAnnouncedRoutes: false }))
    server.reply(
      json({
        data: [
          sampleLabPod({ _id: 'a' }),
          sampleLabPod({ _id: 'b', labId: 'other-lab' }),
          sampleLabPod({ _id: 'c', labId: 'lab_abc123' }),
        ],
      }),
    )
    const list = valueOf(await lab.listPods())
    expect(list.isComplete).toBe(true)
    expect(list.pods.map(({ id }) => id)).toEqual(['a', 'c'])
  })

  it.each([null, {}, { data: null }, { data: { items: [] } }, 7, 'pods'])(
    'is unreadable if the answer is %j',
    async (answer) => {
      server.reply(json(answer))
      expect(errorOf(await connectLab(server).lab.listPods()).kind).toBe('unreadable')
    },
  )

  it('calls no announced route while they are off', async () => {
    server.reply(json({ data: pods('a', 'b') }))
    const { lab } = connectLab(server)
    await lab.listPods()
    await lab.getPod('a')
    expect(new Set(paths())).toEqual(new Set([`/api/v1/pods?labId=${LAB.id}`]))
  })
})

describe('a single pod of a lab', () => {
  it('is found in a fresh list, and is not there only if that list is complete', async () => {
    const { lab, clock } = connectLab(server)
    server.reply(json({ data: pods('a') }))
    expect(valueOf(await lab.getPod('a')).id).toBe('a')
    expect(errorOf(await lab.getPod('b')).kind).toBe('not-found')
    clock.advance(20_000)
    server.reply(json({ data: [...pods('a'), {}] }))
    expect(errorOf(await lab.getPod('b')).kind).toBe('unreadable')
    expect(valueOf(await lab.getPod('a')).id).toBe('a')
  })

  it('that is missing is looked for with others in one list, and in another after an action or ten seconds', async () => {
    const { lab, clock } = connectLab(server)
    server.reply(json({ data: pods('a') }))
    for (const id of ['b', 'c', 'd']) await lab.getPod(id)
    expect(server.requests).toHaveLength(1)
    clock.advance(10_000)
    await lab.getPod('b')
    expect(server.requests).toHaveLength(2)
    await lab.act('a', 'stop')
    await lab.getPod('b')
    expect(server.requests).toHaveLength(4)
  })

  it('that exists is read anew each time, since a stop may depend on it', async () => {
    const { lab } = connectLab(server)
    server.reply(json({ data: pods('a') }))
    await lab.getPod('a')
    await lab.getPod('a')
    expect(server.requests).toHaveLength(2)
  })

  it('is requested by its id on the announced route', async () => {
    const { lab } = connectLab(server, true)
    server.reply(json({ data: sampleLabPod({ _id: 'a', idleMinutes: 30 }) }))
    expect(valueOf(await lab.getPod('a')).managed?.idleMinutes).toBe(30)
    expect(paths()).toEqual(['/api/v1/pods/a'])
    server.reply(
      json({ error: { code: 'not_found', message: 'Pod not found', status: 404 } }, { status: 404 }),
    )
    expect(errorOf(await lab.getPod('a')).kind).toBe('not-found')
    server.reply(json({ data: sampleLabPod({ _id: 'other' }) }))
    expect(errorOf(await lab.getPod('a')).kind).toBe('unreadable')
  })

  it('is found in a list once the server does not know the announced route', async () => {
    const { lab } = connectLab(server, true)
    server.replyWith(({ path }) =>
      path.includes('?') ? json({ data: pods('a') }) : text('<html>404</html>', { status: 404 }),
    )
    expect(valueOf(await lab.getPod('a')).id).toBe('a')
    expect(paths()).toEqual(['/api/v1/pods/a', `/api/v1/pods?labId=${LAB.id}`])
  })
})

describe('the labs of a key', () => {
  it('are read page by page with their id, slug and name', async () => {
    server.reply(
      json({
        data: [{ id: 'lab_1', slug: 'dark-energy', name: 'Dark energy', experiment_count: 2 }],
        meta: { next_cursor: 'n', has_more: true },
      }),
      json({ data: [{ _id: 'lab_2', slug: '../x' }, null, { slug: 'no-id' }], meta: { has_more: false } }),
    )
    expect(valueOf(await connectLab(server).key.listLabs())).toEqual([
      { id: 'lab_1', slug: 'dark-energy', name: 'Dark energy' },
      { id: 'lab_2', slug: '', name: 'lab_2' },
    ])
    expect(paths()).toEqual(['/api/v1/labs?limit=100', '/api/v1/labs?limit=100&cursor=n'])
  })

  it('are a bounded number of pages', async () => {
    let count = 0
    server.replyWith(() => json({ data: [], meta: { next_cursor: `c${count++}` } }))
    expect(valueOf(await connectLab(server).key.listLabs())).toEqual([])
    expect(server.requests).toHaveLength(5)
  })
})

describe('the address of Hubify', () => {
  it.each([
    ['', '/api/v1/pods'],
    ['/', '/api/v1/pods'],
    ['/v1', '/v1/pods'],
    ['/mirror/api/v1//', '/mirror/api/v1/pods'],
  ])('with the path %j is requested at %s', async (suffix, path) => {
    server.reply(json([]))
    await connectLab(server, false, { baseUrl: server.origin + suffix }).lab.listPods()
    expect(paths()[0]!.split('?')[0]).toBe(path)
  })

  it('is rejected without a request beyond this computer if only loopback is allowed', async () => {
    const { key, lab } = connectLab(server, true, { baseUrl: 'https://www.hubify.com/api/v1' })
    for (const result of [
      await lab.listPods(),
      await key.listLabs(),
      await lab.act('a', 'stop'),
      await lab.readLabSpending!(),
    ])
      expect(errorOf(result)).toMatchObject({ kind: 'invalid', status: null })
  })

  it('gets no key by a redirect to another host', async () => {
    const elsewhere = await startHttpServer(json([]))
    server.reply(text('', { status: 307, headers: { location: `${elsewhere.origin}/api/v1/pods` } }))
    const { lab } = connectLab(server)
    expect(errorOf(await lab.listPods()).kind).toBe('unreadable')
    expect(errorOf(await lab.act('a', 'stop')).kind).toBe('unreadable')
    expect(elsewhere.requests).toHaveLength(0)
    await elsewhere.close()
  })
})
