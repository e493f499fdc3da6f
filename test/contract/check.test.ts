import { describe, expect, it } from 'vitest'
import { check } from '../../contract/check'
import type { Exchange } from '../../contract/exchange'
import type { Gap } from '../../contract/finding'
import { formatReport } from '../../contract/run'
import { exchange, goodKite, kites } from './kites'

const ofReply = (...simulatorExchanges: Exchange[]) => said(check(kites, [], simulatorExchanges, []).findings)
const ofRequest = (sent: Exchange) => said(check(kites, [sent], [], []).findings)
const said = (findings: readonly { subject: string; problem: string }[]) =>
  findings.map(({ subject, problem }) => `${subject}: ${problem}`)

const problem = { title: 'No', status: 404 }
const listOf = (kite: unknown) => exchange({ target: '/kites', reply: { kites: [goodKite, kite] } })

describe('a reply that matches the document', () => {
  it.each([
    ['a list', listOf(goodKite)],
    ['null where null may be', listOf({ ...goodKite, tail: null, owner: null, flown: null })],
    [
      'an error',
      exchange({ target: '/kites', status: 503, reply: problem, type: 'application/problem+json' }),
    ],
    [
      'an error of a range',
      exchange({
        target: '/kites/1',
        method: 'DELETE',
        status: 404,
        reply: problem,
        type: 'application/problem+json',
      }),
    ],
    ['nothing', exchange({ target: '/kites/1', method: 'DELETE', status: 204 })],
    ['text', exchange({ target: '/kites/lost', reply: 'none', type: 'text/plain; charset=utf-8' })],
    ['a header', exchange({ target: '/kites', reply: { kites: [] }, headers: { 'x-wind': '7' } })],
    [
      'an error for an unknown path',
      exchange({ target: '/moon', status: 404, reply: problem, type: 'application/problem+json' }),
    ],
  ])('has no findings: %s', (_, answer) => {
    expect(ofReply(answer)).toEqual([])
  })
})

describe('a reply that does not match the document', () => {
  it.each([
    ['a wrong type', listOf({ ...goodKite, sides: 'four' }), 'reply 200 /kites/[]/sides: must be integer'],
    ['a field missing', listOf({ name: 'n' }), "reply 200 /kites/[]: must have required property 'flown'"],
    [
      'a date that is none',
      listOf({ ...goodKite, flown: 'noon' }),
      'reply 200 /kites/[]/flown: must match format "date-time"',
    ],
    [
      'a field too many',
      listOf({ ...goodKite, colour: 'red' }),
      'reply 200 /kites/[]/colour: is not in the document',
    ],
    [
      'one deep inside',
      listOf({ ...goodKite, owner: { id: 'o', age: 4 } }),
      'reply 200 /kites/[]/owner/age: is not in the document',
    ],
    [
      'a label that is not text',
      listOf({ ...goodKite, labels: { a: 1 } }),
      'reply 200 /kites/[]/labels/a: must be string',
    ],
    ['half a body', exchange({ target: '/kites', reply: '{"kites":' }), 'reply 200 body: is not JSON'],
    [
      'a page',
      exchange({ target: '/kites', reply: '<html>', type: 'text/html' }),
      'reply 200 content-type: is "text/html", not application/json',
    ],
    [
      'a body where none may be',
      exchange({ target: '/kites/1', method: 'DELETE', status: 204, reply: {} }),
      'reply 204 body: must be empty',
    ],
    [
      'an undocumented status',
      exchange({ target: '/kites', method: 'POST', status: 200, reply: goodKite }),
      'reply 200: is not a documented status',
    ],
    [
      'a header of another type',
      exchange({ target: '/kites', reply: { kites: [] }, headers: { 'x-wind': 'calm' } }),
      'reply 200 header X-Wind: must be integer',
    ],
    [
      'an error without a message',
      exchange({ target: '/kites', status: 500, reply: {}, type: 'application/problem+json' }),
      "reply 500 body: must have required property 'title'",
    ],
    [
      'success for an unknown path',
      exchange({ target: '/moon', reply: {} }),
      'reply 200: is not in the document',
    ],
  ])('is reported: %s', (_, answer, finding) => {
    expect(ofReply(answer)).toContain(finding)
  })

  it('is reported once, however often it occurred', () => {
    const wrong = listOf({ ...goodKite, colour: 'red' })
    expect(ofReply(wrong, wrong, wrong)).toHaveLength(1)
  })

  it('is not matched with another, literal path', () => {
    expect(ofReply(exchange({ target: '/kites/lost', reply: {}, type: 'application/json' }))).toEqual([
      'reply 200 content-type: is "application/json", not text/plain',
    ])
  })
})

describe('a request', () => {
  const list = (query: string, more: Partial<Exchange> = {}) =>
    exchange({ target: `/kites?${query}`, reply: { kites: [] }, ...more })
  const post = (sent: unknown, more: Partial<Exchange> = {}) =>
    exchange({ target: '/kites', method: 'POST', sent, status: 201, reply: goodKite, ...more })

  it.each([
    ['with parameters', list('limit=5&colours=red,blue')],
    ['with a body', post({ name: 'n', sides: 4 })],
    ['with a segment for a parameter', exchange({ target: '/kites/a%2Fb', method: 'DELETE', status: 204 })],
  ])('has no findings if it matches the document: %s', (_, sent) => {
    expect(ofRequest(sent)).toEqual([])
  })

  it.each([
    ['an undocumented parameter', list('cursor=x'), 'request query cursor: is not in the document'],
    ['a parameter out of range', list('limit=0'), 'request query limit: must be >= 1'],
    ['a parameter of another type', list('limit=ten'), 'request query limit: must be integer'],
    [
      'an unknown member of a list',
      list('colours=red,green'),
      'request query colours/[]: must be equal to one of the allowed values ["red","blue"]',
    ],
    ['no key', list('', { hasKey: false }), 'request header Authorization: is missing'],
    [
      'a field too many',
      post({ name: 'n', colour: 'red' }),
      'request body: must NOT have unevaluated properties "colour"',
    ],
    ['a field missing', post({}), "request body: must have required property 'name'"],
    ['no body', post(undefined), 'request body: is required'],
    [
      'a body of another type',
      post('name=n', { requestType: 'text/plain' }),
      'request content-type: is "text/plain", not application/json',
    ],
    [
      'a body where none may be',
      exchange({ target: '/kites/lost', sent: {}, reply: '', type: 'text/plain' }),
      'request body: is not in the document',
    ],
    [
      'another method',
      exchange({
        target: '/kites',
        method: 'PUT',
        status: 405,
        reply: problem,
        type: 'application/problem+json',
      }),
      'request: is not in the document',
    ],
  ])('is reported if it does not match the document: %s', (_, sent, finding) => {
    expect(ofRequest(sent)).toContain(finding)
  })
})

describe('a known gap', () => {
  const gap: Gap = { operation: 'GET /kites', subject: 'reply */colour', since: '2026-11-24', reason: 'new' }
  const coloured = listOf({ ...goodKite, colour: 'red' })
  const other = exchange({
    target: '/kites',
    method: 'POST',
    sent: { name: 'n' },
    status: 201,
    reply: { ...goodKite, colour: 'red' },
  })

  it('covers what it names and nothing else', () => {
    const report = check(kites, [], [coloured, other], [gap])
    expect(report.knownDifferences.map(({ finding }) => finding.operation)).toEqual(['GET /kites'])
    expect(report.findings.map(({ operation }) => operation)).toEqual(['POST /kites'])
    expect(check(kites, [], [coloured, other], [{ ...gap, operation: '*' }]).findings).toEqual([])
  })

  it('is reported if it no longer exists', () => {
    const report = check(kites, [], [listOf(goodKite)], [gap])
    expect(report.closedGaps).toEqual([gap])
    expect(formatReport(report)).toContain('remove from contract/gaps.ts:\n\n  GET /kites  reply */colour')
  })
})
