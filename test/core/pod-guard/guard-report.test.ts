import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseGuardReport, parseRemoval } from '../../../src/core/pod-guard/guard-report'

const status = (more: Readonly<Record<string, string>> = {}): string =>
  Object.entries({
    'podkeeper-guard': '1',
    run: 'boot:4200',
    beat: '1000',
    idle: '720 21600',
    seen: 'rest -',
    figures: '3 1 40000 11000 200900',
    armed: '1 200',
    hold: '-',
    due: 'idle 20880 -',
    warned: '- -',
    deadline: '0',
    keep: '0',
    lease: '0',
    stopping: '- - 0',
    skipped: '0',
    ...more,
  })
    .map(([name, value]) => `${name} ${value}\n`)
    .join('') + 'end\n'

const report = (files: string, now = 'now 1010 boot:4200'): string =>
  `${now}\nalive yes\nfile settings\n21600 0 1 5 yes /workspace/.podkeeper/jobs\n${files}complete\n`

const parsed = (output: string) => {
  const result = parseGuardReport(output)
  if (!result.ok || result.value === 'absent') throw new Error(JSON.stringify(result))
  return result.value
}

describe('what a guard reports', () => {
  it('says whether the image starts it, and nothing else of that', () => {
    const said = (line: string) => parsed(report('').replace(/^(alive .*)$/m, `$1\n${line}`))
    for (const postStart of ['yes', 'no', 'none', 'left'])
      expect(said(`post-start ${postStart}`)).toMatchObject({ postStart })
    for (const line of ['post-start maybe', 'post-start yes ', 'file post-start'])
      expect(said(line)).toMatchObject({ postStart: null })
  })

  it('has its figures, its state and its times', () => {
    expect(parsed(report(`file status\n${status()}`))).toEqual({
      nowS: 1_010,
      run: 'boot:4200',
      postStart: null,
      isAlive: true,
      carriedKeepUntilS: null,
      settings: '21600 0 1 5 yes /workspace/.podkeeper/jobs',
      previous: null,
      status: {
        version: 1,
        run: 'boot:4200',
        beatS: 1_000,
        idleS: 720,
        idleLimitS: 21_600,
        seen: 'rest',
        why: null,
        isArmed: true,
        answer: '200',
        hold: null,
        cause: 'idle',
        stopAtS: null,
        deadlineS: null,
        keptUntilS: null,
        leaseUntilS: null,
        stopping: null,
      },
    })
  })

  it('says until when a hold of an earlier run was set at first', () => {
    const kept = (line: string) => parsed(report(`file keep\n${line}\n`)).carriedKeepUntilS
    expect(kept('boot:4200 5000 600 3600')).toBe(3_600)
    for (const line of ['boot:4200 5000 600', 'boot:4200 5000 600 x', 'boot:4200 5000 600 1 2', ''])
      expect(kept(line)).toBeNull()
  })

  it('is the newest of its files, and that of an earlier run is kept apart', () => {
    const files = [
      status({ beat: '900' }),
      status({ beat: '1005', seen: 'busy the network' }),
      status({ run: 'boot:1', stopping: 'idle 200 1', beat: '5000' }),
    ]
    const { status: found, previous } = parsed(report(files.map((text) => `file status\n${text}`).join('')))
    expect(found).toMatchObject({ beatS: 1_005, seen: 'busy', why: 'the network' })
    expect(previous).toMatchObject({ run: 'boot:1', stopping: { cause: 'idle', answer: '200', count: 1 } })
  })

  it.each([
    ['a time of the future', status({ beat: '2000' })],
    ['a state that no guard has', status({ hold: 'whatever' })],
    ['a negative idle time', status({ idle: '-5 21600' })],
    ['a huge number', status({ idle: '99999999999999999999 21600' })],
    ['no end', status().replace('end\n', '')],
    ['a line too many', status().replace('end\n', 'more 1\nend\n')],
    ['a line too few', status().replace('skipped 0\n', '')],
    ['lines in another order', status().replace(/(keep 0\n)(lease 0\n)/, '$2$1')],
    ['a long line', status({ figures: 'x'.repeat(400) })],
  ])('with %s says nothing of this run', (_, text) => {
    expect(parsed(report(`file status\n${text}`))).toMatchObject({ status: null, previous: null })
  })

  it('says why nothing could be done, without what would change a terminal or a page', () => {
    expect(parseGuardReport('failed The disk is full.\u001b[2J\u202e')).toEqual({
      ok: false,
      error: expect.stringMatching(/^The disk is full\.[\x20-\x7e]*$/),
    })
    expect(parseGuardReport('absent\n')).toEqual({ ok: true, value: 'absent' })
    expect(parseRemoval('removed\n')).toEqual({ ok: true, value: undefined })
    expect(parseRemoval('remo')).toMatchObject({ ok: false })
  })

  it('is never anything else than what a guard writes, whatever the pod prints', () => {
    const lines = report(`file status\n${status()}`).split('\n')
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(lines.length), fc.oneof(fc.string(), fc.constantFrom(...lines))), {
          minLength: 1,
          maxLength: 4,
        }),
        (changes) => {
          const changed = [...lines]
          for (const [index, line] of changes) changed[index] = line
          const result = parseGuardReport(changed.join('\n'))
          if (!result.ok) expect(result.error).toMatch(/^.{1,300}$/)
          if (!result.ok || result.value === 'absent' || result.value.status === null) return
          const { status: found, nowS, run } = result.value
          expect(found.run).toBe(run)
          expect(found.beatS).toBeLessThanOrEqual(nowS)
          expect(found.idleS).toBeGreaterThanOrEqual(0)
          expect(found.why ?? '').not.toMatch(/\p{Cc}/u)
        },
      ),
    )
  })
})
