import { describe, expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import type { askServer } from '../../../src/node/servers/server-client'
import { readServerPage } from '../../../src/node/servers/read-server-page'

const server = { accountName: 'Lab', origin: 'https://lab', token: 't', ca: null, labId: 'a b' }
const replying =
  (data: unknown, asked: string[] = []): typeof askServer =>
  async (_, { method, path }) => {
    asked.push(`${method} ${path}`)
    return ok({ status: 200, data, meta: null, problem: null })
  }

describe('a page of a server', () => {
  test('has its jobs, newest first, as it says them', async () => {
    const asked: string[] = []
    const jobs = [
      { _id: '1', title: 'fit', status: 'running', statusText: 'Running for 5 min', createdAt: 5 },
      { _id: '2', title: 'chain', status: 'queued', statusText: null, createdAt: 4 },
    ]
    expect(await readServerPage(server, 'queue', replying(jobs, asked))).toEqual(
      ok([
        { atMs: 5, text: 'fit', detail: 'Running for 5 min' },
        { atMs: 4, text: 'chain', detail: 'queued' },
      ]),
    )
    expect(asked).toEqual(['GET /api/v1/experiments?labId=a%20b&limit=100'])
  })

  test('is bounded, on one line and without invisible characters', async () => {
    const entry = {
      message: `a\u001b]0;x\u0007\n\u202e${'b'.repeat(1_000)}`,
      createdAt: 5,
      computer: '\u200bc',
    }
    const activity = Array.from({ length: 500 }, () => entry)
    const read = await readServerPage(server, 'activity', replying({ activity }))
    const rows = read.ok ? read.value : []
    expect(rows).toHaveLength(100)
    expect(rows[0]).toMatchObject({ text: expect.stringMatching(/^a\]0;x b+$/), detail: 'c' })
    expect(rows[0]?.text).toHaveLength(300)
  })

  test.each([
    null,
    'x',
    [],
    { activity: 'x' },
    { activity: [{ message: 5, createdAt: 5 }] },
    [{ title: 'x' }],
  ])('that can’t be read is a failure and no empty page: %j', async (data) => {
    expect(await readServerPage(server, 'activity', replying(data))).toMatchObject({ ok: false })
  })

  test.each([-1, 9e15, 0.5, '5'])('has no entry of a time that is none: %j', async (createdAt) => {
    const data = { activity: [{ message: 'x', createdAt }] }
    expect(await readServerPage(server, 'activity', replying(data))).toMatchObject({ ok: false })
  })
})
