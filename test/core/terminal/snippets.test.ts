import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fillSnippet,
  parseSnippets,
  shippedSnippets,
  snippetProblem,
} from '../../../src/core/terminal/snippets'

const values = { name: 'llama', id: 'k7q2v9x4', host: '10.0.0.1', port: '11827' }
const problemOf = (command: string) => snippetProblem({ name: 'n', command })
const filled = (command: string, name: string): string => {
  const text = fillSnippet(command, { ...values, name })
  if (!text.ok) throw new Error(text.error)
  return text.value
}

/** What a shell takes for the words of each command; all in one run, since a shell takes long to start beside others. */
const wordsOf = (shell: string, commands: readonly string[]): string[][] =>
  execFileSync(shell, {
    input: [`show() { printf '%s\\0' "$@"; echo; }`, ...commands.map((command) => `show ${command}`)].join(
      '\n',
    ),
    encoding: 'utf8',
  })
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\0').slice(0, -1))

describe('a snippet', () => {
  it('is filled with the values of a pod', () => {
    expect(filled('ssh -p {pod.port} root@{pod.host} # {pod.id} {pod.name}', 'my pod')).toBe(
      "ssh -p 11827 root@10.0.0.1 # k7q2v9x4 'my pod'",
    )
    expect(filled("awk '{print $1}' f", 'x')).toBe("awk '{print $1}' f")
  })

  it('says which value a pod has not', () => {
    expect(fillSnippet('ping {pod.host}', { ...values, host: null })).toEqual({
      ok: false,
      error: 'The pod has no {pod.host} now.',
    })
  })

  it.each([
    ['', /needs a name/],
    ['a\nb', /more than one line/],
    ['a\u001b[2J', /can’t be seen/],
    ['rm\u202e -rf', /can’t be seen/],
    ['echo {pod.key}', /no value \{pod\.key\}/],
    ['echo "{pod.name}"', /outside of quotes/],
    ["echo '{pod.name}'", /outside of quotes/],
    ['echo "a\\"{pod.name}"', /outside of quotes/],
    ['echo ${pod.name}', /outside of quotes/],
    ['echo \\{pod.name}', /outside of quotes/],
    ["echo $'\\'{pod.name}'", /outside of quotes/],
    ['x'.repeat(501), /too long/],
  ])('can’t be %j', (command, why) => {
    expect(problemOf(command)).toMatch(why)
  })

  it.each([
    'echo {pod.name}',
    `echo "a" {pod.name} 'b'`,
    'echo $(echo {pod.name})',
    `echo \\" {pod.name}`,
    "echo $'a\\n'",
  ])('may be %j', (command) => {
    expect(problemOf(command)).toBeNull()
  })

  it('that ships reads only, and can be saved', () => {
    expect(shippedSnippets.map(({ command }) => command)).toEqual([
      'nvidia-smi',
      'df -h',
      'tail -f /workspace/*.log',
    ])
    expect(shippedSnippets.map(snippetProblem)).toEqual([null, null, null])
  })
})

it('whatever a pod is called, its name is one word of a shell, on one line, and runs nothing', () => {
  const name = fc.oneof(
    fc.string({ minLength: 1, maxLength: 12 }),
    fc
      .array(
        fc.constantFrom("'", '"', '\\', '$(id)', '`id`', ';', ' ', '\n', '&', '!', '~', '*', '{a,b}', 'é'),
        {
          minLength: 1,
          maxLength: 6,
        },
      )
      .map((parts) => parts.join('')),
  )
  const names = fc.sample(name, 300)
  const texts = names.map((called) => filled('a{pod.name} $(echo b) {pod.id}', called))
  for (const text of texts) expect(text).not.toMatch(/\p{Cc}/u)
  for (const shell of ['dash', 'bash'])
    expect(wordsOf(shell, texts).map(([first = '', ...rest]) => [first[0], ...rest])).toEqual(
      names.map(() => ['a', 'b', 'k7q2v9x4']),
    )
})

it('a file of snippets keeps those that can be used, and one without a list has the shipped ones', () => {
  const good = { name: 'a', command: 'ls' }
  expect(parseSnippets([good, { name: 'b', command: 'x\ny' }])).toEqual([good])
  expect(parseSnippets([])).toEqual([])
  for (const stored of [undefined, null, 'x', [1], Array(51).fill(good)])
    expect(parseSnippets(stored)).toEqual(shippedSnippets)
})
