import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { type ESTree, parseSync, Visitor } from 'vite'
import { describe, expect, test } from 'vitest'

/*
 * Phrases that interface texts, notifications and log entries no longer use. docs/glossary.md has the terms to use
 * instead. Only literals and JSX text are searched: comments and identifiers may say what they like.
 */
const root = resolve(import.meta.dirname, '..')

interface Phrase {
  readonly pattern: RegExp
  readonly instead: string
}

/** Gone from every folder but the simulator. */
const gone: readonly Phrase[] = [
  { pattern: /\bfor nothing\b/i, instead: 'spent while idle' },
  { pattern: /things happened/, instead: 'updates' },
  { pattern: /memory (still|moved)\b/, instead: 'memory unchanged, memory changed' },
  { pattern: /in all \$?\{?\w+\}? samples/, instead: '(61 samples)' },
  { pattern: /waits for no GPU/, instead: 'Stopped waiting for a GPU' },
  { pattern: /\bgo on running|goes on running|pods go on\b/i, instead: 'keep running' },
  { pattern: /give it another key/i, instead: 'Add a new API key' },
  { pattern: /surely not usable|perhaps paid/i, instead: 'You may already be paying for it' },
  { pattern: /budget of (a|the) (month|day)/i, instead: 'monthly budget, daily budget' },
  { pattern: /\bburns\b|\bburning\b/i, instead: 'current rate' },
  { pattern: /until (you|I) say\b/i, instead: 'until you cancel' },
  { pattern: /\bEnd keep on\b|^Keep on$/, instead: 'Keep running, Cancel keeping it running' },
  { pattern: /\bstumbled\b/, instead: 'Something went wrong in Podkeeper' },
  { pattern: /\bmakes? no sense\b/, instead: 'is invalid' },
  { pattern: /\bbegin anew\b/, instead: 'are back to their defaults' },
  { pattern: /\bout of reach\b/, instead: 'unreachable' },
  { pattern: /\bRehearsal\b|\brehearsed\b/, instead: 'dry run' },
  { pattern: /could not be written down/, instead: 'could not be saved' },
  { pattern: /was seen to have happened/, instead: 'stopped' },
  { pattern: /was taken back\. Nothing was sent/, instead: 'was undone' },
  { pattern: /^You asked for |^The rule of /, instead: 'You requested a stop of' },
]

/** Gone from the folders whose texts are rewritten. */
const goneHere: readonly Phrase[] = [
  { pattern: /\bany more\b/, instead: 'anymore, no longer' },
  { pattern: /\bby itself\b|\bby themselves\b/, instead: 'automatically' },
  { pattern: /\bis idle for\b/, instead: 'has been idle for' },
  { pattern: /\bcancelled\b/, instead: 'canceled' },
  { pattern: /\bsomebody\b/, instead: 'someone' },
  { pattern: /\bperhaps\b/i, instead: 'may' },
  { pattern: /\bsurely\b/i, instead: 'a plain statement' },
  { pattern: /\banew\b/, instead: 'again' },
  { pattern: /\b(un)?ticked\b/, instead: 'selected, excluded' },
  { pattern: /\bgo(es)? on\b/, instead: 'continues, keeps running' },
  { pattern: /\btold of\b/, instead: 'alert' },
  { pattern: /\bcalled off\b/, instead: 'canceled' },
  { pattern: /\bmeanwhile\b/i, instead: 'in the meantime' },
]
const rewritten = ['src/cli', 'src/core', 'src/main', 'src/renderer']

/** A text that is written as a sum of literals, as it is read; null: it is something else. */
function joined(expression: ESTree.BinaryExpression['left']): string | null {
  if (expression.type === 'Literal') return typeof expression.value === 'string' ? expression.value : null
  if (expression.type !== 'BinaryExpression' || expression.operator !== '+') return null
  const [left, right] = [joined(expression.left), joined(expression.right)]
  return left === null || right === null ? null : left + right
}

/** The texts of a program: literals of more than one word, with the source of what they interpolate, and JSX text. */
function textsOf(path: string, code: string): readonly string[] {
  const { program, errors } = parseSync(path, code)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const texts: string[] = []
  new Visitor({
    Literal({ value }) {
      if (typeof value === 'string') texts.push(value)
    },
    TemplateLiteral({ start, end }) {
      texts.push(code.slice(start + 1, end - 1))
    },
    BinaryExpression(sum) {
      const text = joined(sum)
      if (text !== null) texts.push(text)
    },
    JSXText({ value }) {
      texts.push(value)
    },
  }).visit(program)
  return texts.map((text) => text.replaceAll(/\s+/g, ' ')).filter((text) => text.trim().includes(' '))
}

const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  .filter((path) => !path.startsWith('src/simulator/'))
const texts = sources.map((path) => ({ path, texts: textsOf(path, readFileSync(join(root, path), 'utf8')) }))

const isBelow = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`))

function uses({ pattern }: Phrase, folders: readonly string[]): readonly string[] {
  return texts
    .filter(({ path }) => isBelow(path, folders))
    .flatMap((file) => file.texts.filter((text) => pattern.test(text)).map((text) => `${file.path}: ${text}`))
}

test('the search reads literals, templates and JSX text, and no comments', () => {
  const code = "// a b\nconst x = 'c d'; const y = <p title=\"e f\">g {`h ${x} i`}</p>; const z = 'one'"
  expect(textsOf('a.tsx', code)).toEqual(['c d', 'e f', 'h ${x} i'])
  expect(textsOf('a.tsx', 'const x = <p>two\n  words</p>')).toEqual(['two words'])
  expect(textsOf('a.ts', "const x = 'One. ' + 'two ' + 'more'")).toContain('One. two more')
  expect(texts.flatMap((file) => file.texts).length).toBeGreaterThan(1_000)
})

describe('no text uses an old phrase', () => {
  test.each(gone.map((phrase) => [phrase.instead, phrase] as const))('instead of “%s”', (_, phrase) => {
    expect(uses(phrase, ['src'])).toEqual([])
  })

  test.each(goneHere.map((phrase) => [phrase.instead, phrase] as const))('instead of “%s”', (_, phrase) => {
    expect(uses(phrase, rewritten)).toEqual([])
  })
})

test('every sentence begins with a capital letter, so that none is left over', () => {
  // Help texts of the command line begin sentences with the names of commands.
  const others = texts.filter(({ path }) => !isBelow(path, ['src/cli/program']))
  const broken = others.flatMap(({ path, texts: own }) =>
    own.filter((text) => /[a-z)’%”][.!?] [a-z]/.test(text)).map((text) => `${path}: ${text}`),
  )
  expect(broken).toEqual([])
})
