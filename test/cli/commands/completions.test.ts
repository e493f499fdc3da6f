import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type ShellName, shells } from '../../../src/cli/commands/arguments'
import { completionsFor } from '../../../src/cli/commands/completions'
import { createProgram } from '../../../src/cli/program/program'

const program = createProgram('0.0.0', {} as never, process, () => {})

function scriptFor(shell: ShellName): string {
  const script = join(mkdtempSync(join(tmpdir(), 'podkeeper-completions-')), `podkeeper.${shell}`)
  writeFileSync(script, completionsFor(shell, program))
  return script
}

/** Bash's completions after these words, the last of which is incomplete. */
function offered(...words: string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(' ')
  const command = `source ${scriptFor('bash')}; COMP_WORDS=(podkeeper ${line}); COMP_CWORD=${words.length}; _podkeeper; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['--norc', '-c', command], { encoding: 'utf8' })
    .split('\n')
    .filter((word) => word !== '')
}

test('bash completes commands, their options and the values of options', () => {
  expect(offered('')).toEqual(expect.arrayContaining(['status', 'watch', 'start', 'stop', 'login', '--help']))
  expect(offered('st')).toEqual(['status', 'start', 'stop'])
  expect(offered('stop', '--')).toEqual(
    expect.arrayContaining(['--yes', '--no-wait', '--json', '--no-color']),
  )
  expect(offered('--no-color', 'watch', '--l')).toEqual(['--log'])
  expect(offered('watch', '--log', '')).toEqual(['text', 'json'])
  expect(offered('keep', '')).toEqual(expect.arrayContaining(['1h', '4h', 'morning', 'always', 'off']))
  expect(offered('rules', 's')).toEqual(['set'])
  expect(offered('auto-stop', 's')).toEqual(['selected'])
  expect(offered('settings', 'idleAlertA')).toEqual(['idleAlertAfterMin'])
  expect(offered('settings', 'l')).toEqual(['list'])
  expect(offered('accounts', 're')).toEqual(['rename', 'remove'])
  expect(offered('login', '--na')).toEqual(['--name'])
  // The account is no command.
  expect(offered('--account', 'Lab', 'st')).toEqual(['status', 'start', 'stop'])
  expect(offered('status', '--account', '')).toEqual([])
  expect(offered('completions', '')).toEqual(expect.arrayContaining([...shells]))
})

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0

test.skipIf(!has('zsh'))('zsh completes the same', () => {
  const offers = (...words: string[]): string[] => {
    const typed = ['podkeeper', ...words].map((word) => `'${word}'`).join(' ')
    const command = `compdef() {}; _describe() { print -l -- \${(P)2} }; _values() { print -l -- \${@:2} }; source ${scriptFor('zsh')}; words=(${typed}); CURRENT=${words.length + 1}; _podkeeper`
    const output = execFileSync('zsh', ['-f', '-c', command], { encoding: 'utf8' })
    return output.split('\n').flatMap((line) => (line === '' ? [] : [line.split(':')[0] ?? '']))
  }
  expect(offers('')).toEqual(expect.arrayContaining(['status', 'stop', '--help']))
  expect(offers('--no-color', 'stop', '-')).toEqual(expect.arrayContaining(['--yes', '--no-wait', '--json']))
  expect(offers('watch', '--log', '')).toEqual(['text', 'json'])
})

test.skipIf(!has('fish'))('fish completes the same', () => {
  const offers = (line: string): string[] =>
    execFileSync('fish', ['--no-config', '-c', `source ${scriptFor('fish')}; complete -C '${line}'`], {
      encoding: 'utf8',
    })
      .split('\n')
      .flatMap((each) => (each === '' ? [] : [each.split('\t')[0] ?? '']))
  expect(offers('podkeeper st')).toEqual(['start', 'status', 'stop'])
  expect(offers('podkeeper stop --')).toEqual(expect.arrayContaining(['--yes', '--no-wait', '--json']))
  expect(offers('podkeeper watch --log ').sort()).toEqual(['json', 'text'])
  expect(offers('podkeeper completions ').sort()).toEqual(['bash', 'fish', 'zsh'])
})

test.each(shells)('the completions of %s contain every command and option', (shell) => {
  const text = completionsFor(shell, program)
  for (const command of program.commands) {
    expect(text).toContain(command.name())
    for (const { long } of command.options) expect(text).toContain((long ?? '').replace(/^--/, ''))
  }
})
