import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Log, openLog } from '../../../src/main/lifecycle/log'

const CANARY = 'Zq9canaryZq9canary'

interface Rig {
  readonly log: Log
  readonly folder: string
  readonly path: string
  readonly echoed: string[]
  reopen(): Log
}

function rig(maxBytes?: number): Rig {
  const folder = join(mkdtempSync(join(tmpdir(), 'podkeeper-log-')), 'logs')
  const path = join(folder, 'podkeeper.log')
  const echoed: string[] = []
  const open = () =>
    openLog({
      path,
      nowMs: () => Date.UTC(2026, 10, 24, 14, 5),
      echo: (line) => echoed.push(line),
      ...(maxBytes === undefined ? {} : { maxBytes }),
    })
  return { log: open(), folder, path, echoed, reopen: open }
}

const written = ({ folder }: Rig): string =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('')

test('a line has its time, its level and its text, in a file only its owner can read', () => {
  const one = rig()
  one.log.info('It starts')
  one.log.error('The list failed', new Error('oh\nno'))
  const [first, second] = readFileSync(one.path, 'utf8').trimEnd().split('\n')
  expect(first).toBe('2026-11-24T14:05:00.000Z info  It starts')
  expect(second).toMatch(/^2026-11-24T14:05:00.000Z error The list failed: Error: oh\\nno at /)
  expect(one.echoed).toEqual([first, second])
  if (process.platform !== 'win32') {
    expect(statSync(one.path).mode & 0o777).toBe(0o600)
    expect(statSync(one.folder).mode & 0o777).toBe(0o700)
  }
})

test('only text is logged of an error and its causes, never their other properties', () => {
  const one = rig()
  const cause = Object.assign(new Error(`GET /v2/pods?api_key=${CANARY}`), {
    code: 'ECONNRESET',
    options: { headers: { authorization: `Bearer ${CANARY}` } },
  })
  const error = Object.assign(new Error('it failed', { cause }), { request: { env: { HF_TOKEN: CANARY } } })
  one.log.error('A request', error)
  one.log.warn('An object', { toString: () => CANARY, secret: CANARY })
  expect(written(one)).toContain('ECONNRESET')
  expect(written(one)).not.toContain(CANARY)
  expect(one.echoed.join()).not.toContain(CANARY)
})

test('a key that the app holds appears in no line from then on, nor in earlier lines that are copied', () => {
  const one = rig()
  one.log.info(`before ${CANARY}`)
  one.log.hide(CANARY)
  one.log.info(`after ${CANARY}`)
  expect(one.log.lastLines().join('\n')).not.toContain(CANARY)
  expect(readFileSync(one.path, 'utf8')).not.toContain(`after ${CANARY}`)
})

test('files are rotated at their maximum size, and at most three are kept', () => {
  const one = rig(500)
  for (let n = 0; n < 100; n += 1) one.log.info(`line ${n}`)
  expect(readdirSync(one.folder).sort()).toEqual(['podkeeper.log', 'podkeeper.log.1', 'podkeeper.log.2'])
  for (const name of readdirSync(one.folder))
    expect(statSync(join(one.folder, name)).size).toBeLessThanOrEqual(500 + 60)
  expect(readFileSync(one.path, 'utf8')).toContain('line 99')
  expect(
    one.log
      .lastLines()
      .slice(-3)
      .map((line) => line.split(' ').at(-1)),
  ).toEqual(['97', '98', '99'])
})

test('the last lines of the previous run are included', () => {
  const one = rig()
  one.log.info('the run before')
  one.log.close()
  const next = one.reopen()
  next.info('this run')
  expect(next.lastLines().map((line) => line.slice(31))).toEqual(['the run before', 'this run'])
})

test('a failing disk breaks nothing, and the lines are still available', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-log-'))
  const inTheWay = join(folder, 'logs')
  writeFileSync(inTheWay, 'a file where the folder should be')
  const log = openLog({
    path: join(inTheWay, 'podkeeper.log'),
    nowMs: () => 0,
    echo: () => {
      throw new Error('EPIPE')
    },
  })
  log.info('said all the same')
  expect(log.lastLines()[0]).toContain('said all the same')
  rmSync(inTheWay)
  mkdirSync(inTheWay)
  log.info('there is room again')
  expect(readFileSync(join(inTheWay, 'podkeeper.log'), 'utf8')).toContain('there is room again')
})
