import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCommandMark } from '../../../../src/core/terminal/commands/command-mark'
import {
  checkAfterMs,
  type CommandEnd,
  type CommandEvent,
  type CommandMark,
  newCommandTracker,
  withCommandEvent,
} from '../../../../src/core/terminal/commands/command-tracker'
import { createFakeClock } from '../../../harness/base/fake-clock'

/** A terminal whose events are told one after the other. */
function terminal() {
  const clock = createFakeClock()
  const ends: CommandEnd[] = []
  let tracker = newCommandTracker
  let cancel = (): void => {}
  function on(event: CommandEvent): void {
    const step = withCommandEvent(tracker, event, clock.now())
    tracker = step.tracker
    cancel()
    const afterMs = checkAfterMs(tracker, clock.now())
    cancel = afterMs === null ? () => {} : clock.schedule(afterMs, () => on({ kind: 'tick' }))
    if (step.ended !== null) ends.push(step.ended)
  }
  const line = (text: string) => on({ kind: 'output', line: text })
  const typed = (text: string) => on({ kind: 'typed', text })
  const foreground = (command: string | null) => on({ kind: 'foreground', command })
  const mark = (one: CommandMark) => on({ kind: 'mark', mark: one })
  /** A command at a prompt, which prints its line end. */
  function run(command: string, prompt = 'root@llama:~# '): void {
    line(prompt)
    for (const key of command) {
      typed(key)
      line(`${prompt}${command}`)
    }
    typed('\r')
    line('')
  }
  return { clock, ends, on, line, typed, foreground, mark, run }
}

describe('a shell that sends marks', () => {
  const start: CommandMark = { kind: 'start' }
  test('tells the exit code and how long a command took', () => {
    const { mark, clock, ends } = terminal()
    mark({ kind: 'prompt' })
    mark(start)
    clock.advance(40_000)
    mark({ kind: 'end', exitCode: 3 })
    mark({ kind: 'prompt' })
    expect(ends).toEqual([{ how: 'mark', exitCode: 3, forMs: 40_000, isAtLeast: false, program: null }])
  })

  test('is not overruled by what looks like an end', () => {
    const { mark, run, line, foreground, clock, ends } = terminal()
    mark({ kind: 'prompt' })
    run('python')
    mark(start)
    foreground('python')
    foreground(null)
    line('root@llama:~# ')
    clock.advance(60_000)
    expect(ends).toEqual([])
    mark({ kind: 'prompt' })
    expect(ends).toMatchObject([{ how: 'mark', exitCode: null, program: 'python' }])
  })

  test('does not take what is typed ahead of its prompt for a command that the prompt ends', () => {
    const { mark, typed, clock, ends } = terminal()
    mark(start)
    clock.advance(5)
    mark({ kind: 'end', exitCode: 0 })
    typed('sleep 40\r')
    mark({ kind: 'prompt' })
    mark(start)
    clock.advance(40_000)
    mark({ kind: 'end', exitCode: 1 })
    expect(ends).toMatchObject([{ exitCode: 0 }, { exitCode: 1, forMs: 40_000 }])
  })

  test('that only marks prompts tells that a command ended, without an exit code', () => {
    const { mark, run, clock, ends } = terminal()
    mark({ kind: 'prompt' })
    run('make')
    clock.advance(31_000)
    mark({ kind: 'prompt' })
    expect(ends).toEqual([{ how: 'mark', exitCode: null, forMs: 31_000, isAtLeast: false, program: null }])
  })

  test('says nothing more about a command after a break; what can be observed counts', () => {
    const { mark, foreground, on, clock, ends } = terminal()
    mark(start)
    foreground('train')
    on({ kind: 'lost', isKept: true })
    clock.advance(90_000)
    on({ kind: 'opened', isSame: true })
    foreground(null)
    clock.advance(2_999)
    expect(ends).toEqual([])
    clock.advance(1)
    expect(ends).toEqual([
      { how: 'foreground', exitCode: null, forMs: 90_000, isAtLeast: false, program: 'train' },
    ])
  })
})

describe('a shell without marks', () => {
  test('ended a command when a prompt that was used stands at the cursor again', () => {
    const { run, line, clock, ends } = terminal()
    run('sleep 40')
    for (const text of ['', 'step 1', 'root@llama:~# not yet', '']) line(text)
    clock.advance(40_000)
    expect(ends).toEqual([])
    line('root@llama:~# ')
    expect(ends).toEqual([{ how: 'prompt', exitCode: null, forMs: 40_000, isAtLeast: false, program: null }])
  })

  test('has the same prompt with another clock or number in it', () => {
    const { run, line, ends } = terminal()
    run('fit()', 'In [7]: ')
    line('In [8]: ')
    expect(ends).toHaveLength(1)
  })

  test.each(['other$ ', '', 'x'.repeat(300)])('did not end it at an unknown line: %j', (text) => {
    const { run, line, clock, ends } = terminal()
    run('sleep 40')
    clock.advance(40_000)
    line(text)
    expect(ends).toEqual([])
  })

  test('counts an answer to the command as input, and says that it took at least that long', () => {
    const { run, line, typed, clock, ends } = terminal()
    run('apt install')
    line('Continue? [y/n] ')
    clock.advance(5_000)
    typed('y\r')
    line('')
    clock.advance(31_000)
    line('root@llama:~# ')
    expect(ends).toMatchObject([{ how: 'prompt', forMs: 31_000, isAtLeast: true }])
  })

  test('that came to another prompt does not add up the time of two commands', () => {
    const { run, line, clock, ends } = terminal()
    run('cd /workspace')
    clock.advance(600_000)
    run('ls', 'root@llama:/workspace# ')
    line('root@llama:/workspace# ')
    expect(ends).toMatchObject([{ how: 'prompt', forMs: 0, isAtLeast: true }])
  })

  test('in a session ended a program when the shell is in the foreground for 3 s without output', () => {
    const { run, line, foreground, clock, ends } = terminal()
    run('sleep 40; cd /', 'a$ ')
    foreground('sleep')
    clock.advance(40_000)
    foreground(null)
    clock.advance(2_000)
    line('b$ ')
    clock.advance(2_999)
    expect(ends).toEqual([])
    clock.advance(1)
    expect(ends).toEqual([
      { how: 'foreground', exitCode: null, forMs: 42_000, isAtLeast: false, program: 'sleep' },
    ])
  })

  test('in a session did not end a loop of programs', () => {
    const { run, foreground, clock, ends } = terminal()
    run('while true; do sleep 5; done')
    for (let round = 0; round < 9; round++) {
      foreground('sleep')
      clock.advance(5_000)
      foreground(null)
      clock.advance(1_000)
    }
    foreground('sleep')
    expect(ends).toEqual([])
  })

  test('in a session that was attached with a program in it ran that at least since then', () => {
    const { foreground, clock, ends } = terminal()
    foreground('train')
    clock.advance(50_000)
    foreground(null)
    clock.advance(3_000)
    expect(ends).toMatchObject([{ how: 'foreground', forMs: 50_000, isAtLeast: true, program: 'train' }])
  })
})

test.each([
  [{ kind: 'exited' }, 'exited'],
  [{ kind: 'lost', isKept: false }, 'lost'],
  [{ kind: 'opened', isSame: false }, 'lost'],
] as const)('a shell that is gone takes its command with it: %o', (event, how) => {
  const { run, on, ends } = terminal()
  on(event)
  expect(ends).toEqual([])
  run('sleep 40')
  on(event)
  on(event)
  expect(ends).toMatchObject([{ how, exitCode: null }])
})

test.each([
  ['A', { kind: 'prompt' }],
  ['A;cl=line;aid=7', { kind: 'prompt' }],
  ['A;k=s', null],
  ['B', null],
  ['C', { kind: 'start' }],
  ['C;cmdline_url=secret', { kind: 'start' }],
  ['D', { kind: 'end', exitCode: null }],
  ['D;0', { kind: 'end', exitCode: 0 }],
  ['D;130;aid=7', { kind: 'end', exitCode: 130 }],
  ['D;256', { kind: 'end', exitCode: null }],
  ['D;-1', { kind: 'end', exitCode: null }],
  ['D;err=1', { kind: 'end', exitCode: null }],
  ['D;1e1', { kind: 'end', exitCode: null }],
  ['P;k=i', null],
  ['', null],
  ['Ax', null],
])('the mark %j is %o', (data, mark) => {
  expect(parseCommandMark(data)).toEqual(mark)
})

const someLine = fc.constantFrom('', '$ ', '$ x', 'py> ', 'step 3')
const anyEvent: fc.Arbitrary<CommandEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('mark' as const),
    mark: fc.oneof(
      fc.record({ kind: fc.constantFrom('prompt' as const, 'start' as const) }),
      fc.record({ kind: fc.constant('end' as const), exitCode: fc.option(fc.nat(255)) }),
    ),
  }),
  fc.record({ kind: fc.constant('typed' as const), text: fc.constantFrom('a', '\r', 'ls\r', 'y\rz') }),
  fc.record({ kind: fc.constant('output' as const), line: someLine }),
  fc.record({
    kind: fc.constant('foreground' as const),
    command: fc.option(fc.constantFrom('python', 'sleep')),
  }),
  fc.record({ kind: fc.constant('opened' as const), isSame: fc.boolean() }),
  fc.record({ kind: fc.constant('lost' as const), isKept: fc.boolean() }),
  fc.constant<CommandEvent>({ kind: 'exited' }),
  fc.constant<CommandEvent>({ kind: 'tick' }),
)

test('whatever comes, an end follows a beginning, an exit code is one that the shell sent, and time is observed', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyEvent, fc.nat(40_000)), { maxLength: 40 }), (events) => {
      const clock = createFakeClock()
      const startMs = clock.now().monotonicMs
      let tracker = newCommandTracker
      for (const [event, waitMs] of events) {
        const { running } = tracker
        const step = withCommandEvent(tracker, event, clock.now())
        tracker = step.tracker
        if (step.ended !== null) {
          expect(running).not.toBeNull()
          expect(tracker.running).toBeNull()
          const sent = event.kind === 'mark' && event.mark.kind === 'end' ? event.mark.exitCode : null
          expect(step.ended.exitCode).toBe(sent)
          expect(step.ended.forMs).toBeLessThanOrEqual(clock.now().monotonicMs - startMs)
        }
        expect(tracker.prompts.length).toBeLessThanOrEqual(8)
        clock.advance(waitMs)
      }
    }),
  )
})
