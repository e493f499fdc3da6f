import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import operationsText from '../../../src/core/pod-guard/guard-operations.sh?raw'
import { guardScript } from '../../../src/core/pod-guard/guard-script'
import {
  changeScript,
  forgetScript,
  installScript,
  readGuardScript,
  removeScript,
} from '../../../src/core/pod-guard/guard-scripts'
import { createFakePod } from '../../../bench/podguard/fake-pod'
import { quietDay } from '../../../bench/podguard/pod-day'
import { guardShells } from '../../../bench/podguard/run-days'
import { laptop } from '../../harness/guard/guard-report'
import { tempFolder } from '../../harness/ssh/openssh-for-test'

const script = guardScript('https://api.runpod.io/v2') ?? ''
const place = { root: '/workspace', podId: 'abc', computer: laptop }
const plan = {
  guard: script,
  settings: '3600 0 1 5 yes /workspace/.podkeeper/jobs',
  deadlineS: 0,
  keepS: 0,
  isFresh: false,
  takesLease: true,
}
const operations = [
  installScript(place, plan),
  readGuardScript(place, true),
  changeScript(place, 'keep', 3_600),
  removeScript(place),
  forgetScript(place, 'pod'),
].map((made) => (made.ok ? made.value : ''))

/** It is a package of Debian and most others; without it, this is left to where it is installed. */
const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0

describe('the guard in the pod', () => {
  it('asks for stops only, and shows one address', () => {
    expect(script.match(/https?:[^\s]*/g)).toEqual(['https://api.runpod.io/v2'])
    expect(script.match(/"action":"\w+"/g)).toEqual(['"action":"stop"'])
    expect(script).not.toMatch(/DELETE|terminate"/)
  })

  it('has printable ASCII characters only, in lines that can be read', () => {
    expect(script).toMatch(/^[\x20-\x7e\n]*$/)
    expect(Math.max(...script.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120)
  })

  it('takes no address that a shell could read as anything else', () => {
    for (const address of ['https://a/$(id)', 'https://a b', 'ftp://a', 'https://a\nrm', "https://a'", ''])
      expect(guardScript(address)).toBeNull()
    expect(guardScript('http://127.0.0.1:8080/v2')).toContain('\napi=http://127.0.0.1:8080/v2\n')
  })

  it.each(guardShells)('%s reads it, and all that is done with it', (...[program = '', ...args]) => {
    for (const text of [script, ...operations])
      expect(spawnSync(program, [...args, '-n'], { input: text, encoding: 'utf8' })).toMatchObject({
        status: 0,
        stderr: '',
      })
  })

  it.runIf(hasShellcheck)('is clean for shellcheck, as is what installs and changes it', () => {
    const check = (text: string, ...more: readonly string[]): void =>
      void execFileSync('shellcheck', ['--shell=sh', ...more, '-'], { input: text })
    check(script)
    // Its variables are set by the lines before it.
    check(operationsText, '--exclude=SC2154')
  })
})

describe.each(guardShells)('podkeeper-keep under %s', (...[program = '', ...args]) => {
  function setUp() {
    const root = tempFolder('keep')
    const pod = createFakePod(root, 'p', 'rpa_key', quietDay({}))
    pod.advance(0, 0)
    writeFileSync(join(pod.folder, 'guard.sh'), script)
    const env = { ...process.env, PODKEEPER_TEST_ROOT: root }
    return {
      pod,
      keep: (time: string) =>
        spawnSync(program, [...args, join(pod.folder, 'guard.sh'), 'keep', time], { env, encoding: 'utf8' }),
      /** For how long the pod is kept running, s. */
      kept: () => {
        const [run, until, seconds] = readFileSync(join(pod.folder, 'keep'), 'utf8').split(/\s/)
        expect([run, Number(until)]).toEqual([pod.run, pod.upAt(0) + Number(seconds)])
        return Number(seconds)
      },
    }
  }

  it('takes minutes, hours and days, and nothing else', () => {
    const { keep, kept } = setUp()
    for (const [time, seconds] of [
      ['45m', 2_700],
      ['2h', 7_200],
      ['1d', 86_400],
    ] as const) {
      expect(keep(time)).toMatchObject({ status: 0, stdout: `Kept running: ${time}\n`, stderr: '' })
      expect(kept()).toBe(seconds)
    }
    expect(keep('off')).toMatchObject({ status: 0, stdout: 'No longer kept running.\n', stderr: '' })
    expect(kept()).toBe(0)
    expect(keep('forever').status).toBe(0)
    expect(kept()).toBeGreaterThan(10 * 365 * 86_400)
    const before = kept()
    for (const time of ['', '45', '08h', '2x', 'h', '-1h', '999999999d', '1 h', '$(id)h'])
      expect(keep(time)).toMatchObject({ status: 2, stdout: expect.stringMatching(/^Usage/), stderr: '' })
    expect(kept()).toBe(before)
  })

  it('does not shorten what was asked for before, until that is ended', () => {
    const { keep, kept } = setUp()
    keep('1d')
    expect(keep('45m')).toMatchObject({
      status: 0,
      stdout: 'Already kept running for longer. To end that: podkeeper-keep off\n',
      stderr: '',
    })
    expect(kept()).toBe(86_400)
    keep('off')
    keep('45m')
    expect(kept()).toBe(2_700)
  })

  it('counts only what was asked for in this run of the pod, and what can be read', () => {
    const { pod, keep, kept } = setUp()
    for (const text of [`another:1 ${pod.upAt(0) + 86_400} 86400\n`, `${pod.run} soon\n`, '\n']) {
      writeFileSync(join(pod.folder, 'keep'), text)
      expect(keep('45m')).toMatchObject({ status: 0, stdout: 'Kept running: 45m\n', stderr: '' })
      expect(kept()).toBe(2_700)
    }
  })

  it('takes the place of what was kept before where the disk has no room', () => {
    const { pod, keep, kept } = setUp()
    mkdirSync(join(pod.folder, 'keep.new'))
    expect(keep('2h')).toMatchObject({ status: 1, stderr: '' })
    pod.writeTime('keep', 5, '5')
    expect(keep('2h')).toMatchObject({ status: 0, stderr: '' })
    expect(kept()).toBe(7_200)
  })
})
