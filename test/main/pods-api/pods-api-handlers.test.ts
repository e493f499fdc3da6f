import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import type { AuditEntry } from '../../../src/core/audit-log/audit-log'
import { fail, ok, type Result } from '../../../src/core/base/result'
import type { Question } from '../../../src/core/confirmation/question-queue'
import { DAY_MS } from '../../../src/core/base/time/time'
import { createPodsApiHandlers } from '../../../src/main/pods-api/pods-api-handlers'
import { openApiTokensFile } from '../../../src/node/pods-api/api-tokens-file'
import { type NewApiToken, podsApiRequestSchemas } from '../../../src/shared/requests/pods-api-requests'

const NOW_MS = Date.UTC(2026, 10, 27, 12)
type Answer = Result<string | null, string>
const yes: Answer = ok('')
const no: Answer = ok(null)

/** `answers`: to the questions of the app's own window, in their order. */
function open(answers: readonly (Answer | Promise<Answer>)[]) {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-app-tokens-'))
  writeFileSync(join(folder, 'format.json'), '{"version":2}')
  const tokens = openApiTokensFile(folder)
  const left = [...answers]
  const asked: Question[] = []
  const copied: string[] = []
  const hidden: string[] = []
  const recorded: AuditEntry[] = []
  const handlers = createPodsApiHandlers({
    podsApi: { view: () => ({ state: { kind: 'off' }, tokens: [], problem: null }), publish: () => {} },
    tokens,
    accounts: () => [
      { id: 'one', name: 'Lab' },
      { id: 'two', name: 'Home' },
    ],
    async ask(question) {
      asked.push(question)
      const answer = left.shift()
      if (answer === undefined) throw new Error(`an unexpected question: ${question.text.title}`)
      return answer
    },
    copy: async (text) => void copied.push(text),
    record: (entry) => recorded.push(entry),
    hide: (secret) => hidden.push(secret),
    nowMs: () => NOW_MS,
  })
  const names = (): readonly string[] => {
    const listed = tokens.list()
    return listed.ok ? listed.value.map(({ name }) => name) : []
  }
  return { handlers, tokens, names, asked, copied, hidden, recorded }
}

const access = (over: Partial<NewApiToken> = {}): NewApiToken => ({
  name: 'ci',
  scopes: ['pods:read'],
  accountIds: null,
  maxHourlyUsd: null,
  lifetimeMs: null,
  ...over,
})
const titles = (questions: readonly Question[]) => questions.map(({ text }) => text.title)
const linesOf = (question: Question | undefined) => question?.text.lines.map(({ text }) => text).join(' ')

describe('a token that only reads', () => {
  test('is shown in the app’s own window, copied from there, and never replied', async () => {
    const { handlers, tokens, asked, copied, hidden, recorded } = open([yes])
    const reply = await handlers.grantApiAccess(access())
    expect(reply).toEqual(ok('copied'))
    const [shown] = asked
    expect(titles(asked)).toEqual(['The token “ci” was created'])
    expect(copied).toEqual([shown?.text.script])
    expect(tokens.find(copied[0] ?? '', NOW_MS)).toMatchObject({ name: 'ci', scopes: ['pods:read'] })
    // No log may have it.
    expect(hidden).toEqual(copied)
    expect(recorded.map(({ text }) => text)).toEqual(['The API token “ci” (pods:read) was created.'])
    expect(JSON.stringify([reply, recorded])).not.toContain(copied[0])
  })

  test('stays where its window was closed, and goes where nobody could be shown it', async () => {
    const closed = open([no])
    expect(await closed.handlers.grantApiAccess(access())).toEqual(ok('created'))
    expect([closed.names(), closed.copied]).toEqual([['ci'], []])
    const unseen = open([fail('Too many questions are open.')])
    expect(await unseen.handlers.grantApiAccess(access())).toMatchObject({
      ok: false,
      error: expect.stringContaining('Too many questions are open.'),
    })
    expect(unseen.names()).toEqual([])
    expect(unseen.recorded.map(({ what }) => what)).toEqual(['api-token-created', 'api-token-revoked'])
  })
})

describe('a token that may do more', () => {
  test.each([['pods:write'], ['pods:terminate']] as const)(
    '%s is made only once it was confirmed',
    async (scope) => {
      const declined = open([no])
      expect(await declined.handlers.grantApiAccess(access({ scopes: [scope] }))).toEqual(ok('canceled'))
      expect(titles(declined.asked)).toEqual(['Create the token “ci”?'])
      expect([declined.names(), declined.recorded]).toEqual([[], []])
      expect(declined.asked[0]?.text).toMatchObject({ isHarmful: true })
      const confirmed = open([yes, yes])
      expect(await confirmed.handlers.grantApiAccess(access({ scopes: [scope] }))).toEqual(ok('copied'))
      expect(confirmed.names()).toEqual(['ci'])
      const broken = open([fail('No window')])
      expect((await broken.handlers.grantApiAccess(access({ scopes: [scope] }))).ok).toBe(false)
      expect(broken.names()).toEqual([])
    },
  )

  test('is described by everything that it may do', async () => {
    const some = open([no])
    await some.handlers.grantApiAccess(
      access({
        scopes: ['pods:terminate', 'pods:write'],
        accountIds: ['two'],
        maxHourlyUsd: 2.5,
        lifetimeMs: 30 * DAY_MS,
      }),
    )
    expect(linesOf(some.asked[0])).toMatch(
      /start, stop and create.*\$2\.50\/hr.*ask to terminate.*For Home only.*expires Dec 27, 2026/,
    )
    const all = open([no])
    await all.handlers.grantApiAccess(access({ scopes: ['pods:write'] }))
    expect(linesOf(all.asked[0])).toMatch(/any price.*all accounts.*never expires/)
  })

  test('is kept as it was confirmed', async () => {
    const { handlers, tokens } = open([yes, no])
    await handlers.grantApiAccess(
      access({
        scopes: ['pods:write', 'pods:read'],
        accountIds: ['two'],
        maxHourlyUsd: 2.5,
        lifetimeMs: DAY_MS,
      }),
    )
    expect(tokens.list()).toMatchObject(
      ok([
        {
          scopes: ['pods:read', 'pods:write'],
          accountIds: ['two'],
          maxHourlyUsd: 2.5,
          createdAtMs: NOW_MS,
          expiresAtMs: NOW_MS + DAY_MS,
        },
      ]),
    )
  })
})

test('what cannot be made is asked about by nobody', async () => {
  const { handlers, names } = open([no])
  await handlers.grantApiAccess(access())
  for (const wrong of [
    access({ name: 'CI', scopes: ['pods:write'] }),
    access({ name: 'x', accountIds: ['one', 'gone'] }),
    access({ name: 'y', maxHourlyUsd: 5 }),
  ])
    expect((await handlers.grantApiAccess(wrong)).ok).toBe(false)
  expect(names()).toEqual(['ci'])
})

test('a page gets one question at a time', async () => {
  let answer: (answer: Answer) => void = () => {}
  const { handlers, names, asked } = open([new Promise<Answer>((resolve) => (answer = resolve))])
  const first = handlers.grantApiAccess(access())
  expect(await handlers.grantApiAccess(access({ name: 'two' }))).toMatchObject({ ok: false })
  expect(await handlers.revokeApiAccess('tok_1')).toMatchObject({ ok: false })
  answer(no)
  expect(await first).toEqual(ok('created'))
  expect([names(), asked.length]).toEqual([['ci'], 1])
})

test('a token is revoked once that was confirmed', async () => {
  const { handlers, tokens, names, copied, asked } = open([yes, no, yes])
  await handlers.grantApiAccess(access())
  const { id = '' } = tokens.find(copied[0] ?? '', NOW_MS) ?? {}
  expect(await handlers.revokeApiAccess(id)).toEqual(ok(false))
  expect(names()).toEqual(['ci'])
  expect(await handlers.revokeApiAccess(id)).toEqual(ok(true))
  expect([names(), tokens.find(copied[0] ?? '', NOW_MS)]).toEqual([[], null])
  expect(asked.at(-1)?.text).toMatchObject({ isHarmful: true, isDestructive: true })
  // Another window may have done it.
  expect((await handlers.revokeApiAccess(id)).ok).toBe(false)
})

describe('requests of a page', () => {
  const takes = (given: unknown): boolean => v.is(podsApiRequestSchemas.grantApiAccess, [given])

  test('are taken with what the form has', () => {
    expect(takes(access())).toBe(true)
    expect(
      takes(
        access({
          scopes: ['pods:read', 'pods:write', 'pods:terminate'],
          accountIds: ['one'],
          maxHourlyUsd: 0.01,
          lifetimeMs: DAY_MS,
        }),
      ),
    ).toBe(true)
  })

  test.each([
    [{ name: '' }],
    [{ name: 'a\nb' }],
    [{ name: 'x'.repeat(41) }],
    [{ scopes: [] }],
    [{ scopes: ['pods:read', 'pods:read'] }],
    [{ scopes: ['labs:write'] }],
    [{ accountIds: [] }],
    [{ accountIds: [1] }],
    [{ maxHourlyUsd: 0 }],
    [{ maxHourlyUsd: Number.NaN }],
    [{ maxHourlyUsd: Number.POSITIVE_INFINITY }],
    [{ lifetimeMs: -1 }],
    [{ lifetimeMs: Number.MAX_VALUE }],
    [{ hash: 'a'.repeat(64) }],
    [{ expiresAtMs: null }],
  ])('are refused with %j', (wrong) => {
    expect(takes({ ...access(), ...wrong })).toBe(false)
  })

  test('name a token to revoke by its id only', () => {
    expect(v.is(podsApiRequestSchemas.revokeApiAccess, ['tok_0123456789ab'])).toBe(true)
    for (const wrong of ['', '../x', 'a b', 'x'.repeat(41), 1])
      expect(v.is(podsApiRequestSchemas.revokeApiAccess, [wrong])).toBe(false)
  })
})
