import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import operationsText from '../../../src/core/pod-guard/guard-operations.sh?raw'
import { guardScript } from '../../../src/core/pod-guard/guard-script'
import {
  changeScript,
  installScript,
  readGuardScript,
  removeScript,
} from '../../../src/core/pod-guard/guard-scripts'
import { guardShells } from '../../../bench/podguard/run-days'

const script = guardScript('https://api.runpod.io/v2') ?? ''
const place = { root: '/workspace', podId: 'abc' }
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
