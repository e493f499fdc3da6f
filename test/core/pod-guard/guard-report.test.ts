import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseGuardReport, parseRemoval } from '../../../src/core/pod-guard/guard-report'
import { GUARD_VERSION } from '../../../src/core/pod-guard/guard-script'
import { laptop, server, setBy } from '../../harness/guard/guard-report'

const status = (more: Readonly<Record<string, string>> = {}): string =>
  Object.entries({
    'podkeeper-guard': String(GUARD_VERSION),
    run: 'boot:4200',
    beat: '1000',
    idle: '720 21600',
    seen: 'rest -',
    figures: '3 1 40000 11000 200900',
    armed: '1 200',
    hold: '-',
    due: 'idle 20880 -',
    by: '-',
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
      computers: [],
      settings: '21600 0 1 5 yes /workspace/.podkeeper/jobs',
      previous: null,
      status: {
        version: GUARD_VERSION,
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
        by: null,
        stopAtS: null,
        deadlineS: null,
        keptUntilS: null,
        leaseUntilS: null,
        stopping: null,
      },
    })
  })

  it('has its figures of an earlier version and of a later one, as far as they are known', () => {
    const found = (text: string) => parsed(report(`file status\n${text}`)).status
    expect(found(status({ 'podkeeper-guard': '3' }))).toMatchObject({ version: 3 })
    const later = status({ 'podkeeper-guard': '9', by: laptop.id }).replace('end\n', 'more 1\nend\n')
    expect(found(later.replace('hold -', 'news x\nhold -'))).toMatchObject({ version: 9, by: laptop.id })
    expect(found(later.replace('beat', 'heart'))).toBeNull()
  })

  it('says what each computer set, with a name that can be shown, and nothing that it does not know', () => {
    const computersOf = (...lines: readonly string[]) =>
      parsed(report('').replace(/^(alive .*)$/m, `$1\n${lines.join('\n')}`)).computers
    expect(
      computersOf(
        `computer ${laptop.id} 21600 yes no 5000 0 1900 laptop`,
        `computer ${server.id} 3600 no yes 0 0 0 \u001b[31m<b>lab\u202e-server</b>${'x'.repeat(90)}`,
        'computer pod - - no 0 7000 0 ',
        'computer 00000000000000cc ? yes no 0 ? 0 ',
      ),
    ).toEqual([
      setBy(laptop, { deadlineS: 5_000, leaseUntilS: 1_900 }),
      setBy(
        { id: server.id, name: expect.stringMatching(/^\[31mblab-server\/bx{20,30}$/) },
        { idleLimitS: 3_600, mayStop: false, isPostStarted: true },
      ),
      setBy({ id: 'pod', name: 'the pod itself' }, { idleLimitS: null, mayStop: false, keptUntilS: 7_000 }),
      setBy({ id: '00000000000000cc', name: 'computer 0000' }, { idleLimitS: 0, isUnreadable: true }),
    ])
    const line = `computer ${laptop.id} 21600 yes no 0 0 0 laptop`
    expect(computersOf(line, line, 'computer X 1 yes no 0 0 0 ', 'computer pod - - no 0 0 0 ')).toHaveLength(
      1,
    )
    const many = Array.from({ length: 99 }, (_, i) => `computer c${i} 3600 yes no 0 0 0 x`)
    expect(computersOf(...many)).toHaveLength(32)
    // In a file of the pod they are none.
    expect(parsed(report(`file status\n${line}\n`)).computers).toEqual([])
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
    ['a line of another version', status().replace('by -\n', '')],
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
    expect(parseRemoval('kept\n')).toEqual({ ok: true, value: undefined })
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
