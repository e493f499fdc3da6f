import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exitCodes } from '../src/cli/output/exit'

/*
 * Documents go stale in silence. This checks what can be checked: that what they link to and name exists, and that the
 * sections of the rules that code cites exist.
 */
const root = resolve(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

function filesBelow(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes('node_modules'))
}

const topLevel = (pattern: RegExp): string[] => readdirSync(root).filter((name) => pattern.test(name))

const documents = [...topLevel(/\.md$/), ...filesBelow('docs', /\.md$/)]
const code = [
  ...['src', 'test', 'bench', 'scripts', 'tools', 'contract'].flatMap((folder) =>
    filesBelow(folder, /\.(c|m)?(t|j)sx?$|\.html$|^package\.json$/),
  ),
  ...topLevel(/\.(config\.m?ts|json)$/),
].filter((path) => path !== 'package-lock.json')
const testFiles = filesBelow('test', /\.test\.tsx?$/)

const withoutFences = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, '')

interface Heading {
  readonly title: string
  readonly anchor: string
  /** What stands between this heading and the next, without blank lines at its ends. */
  readonly body: string
}

/** The headings of a document, with the anchors that GitHub gives them. */
function headingsOf(path: string): readonly Heading[] {
  const seen = new Map<string, number>()
  return withoutFences(read(path))
    .split(/^#{1,6} /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...body] = part.split('\n')
      const slug = title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
        .replaceAll(' ', '-')
      const count = seen.get(slug) ?? 0
      seen.set(slug, count + 1)
      return { title, anchor: count === 0 ? slug : `${slug}-${count}`, body: body.join('\n').trim() }
    })
}

const hasAnchor = (path: string, anchor: string): boolean =>
  headingsOf(path).some((heading) => heading.anchor === anchor)

const linksOf = (text: string): string[] =>
  [...withoutFences(text).matchAll(/\]\(([^)\s]+)\)|<img[^>]* src="([^"]+)"/g)].map(
    ([, link, image]) => link ?? image ?? '',
  )

/** Why a link of `path` leads nowhere; null: it leads somewhere, or out of the repository. */
function linkProblem(path: string, link: string): string | null {
  if (/^[a-z]+:/.test(link)) return null
  const [file = '', anchor] = link.split('#')
  const target = file === '' ? path : relative(root, resolve(root, dirname(path), file))
  if (target.startsWith('..') || !existsSync(join(root, target))) return `${path}: ${link} does not exist`
  return anchor === undefined || hasAnchor(target, anchor) ? null : `${path}: ${link} has no such heading`
}

/** Whether a path that code cites exists; a decision may be cited by its number alone. */
function isCitedFileThere(path: string): boolean {
  if (!/^docs\/decisions\/\d{4}$/.test(path)) return existsSync(join(root, path))
  return documents.some((document) => document.startsWith(`${path}-`))
}

interface Citation {
  readonly from: string
  readonly text: string
}

function citations(pattern: RegExp): readonly (Citation & { readonly match: RegExpExecArray })[] {
  return code.flatMap((from) =>
    // A citation may go over two lines of a comment.
    [
      ...read(from)
        .replaceAll(/\s*\n\s*(\*|\/\/) ?/g, ' ')
        .matchAll(pattern),
    ].map((match) => ({
      from,
      text: match[0],
      match,
    })),
  )
}

const told = ({ from, text }: Citation): string => `${from}: ${text}`

test('the search sees documents and code', () => {
  expect(documents).toContain('docs/product-rules.md')
  expect(code.length).toBeGreaterThan(500)
  expect(documents.flatMap((path) => linksOf(read(path))).length).toBeGreaterThan(50)
  expect(headingsOf('docs/product-rules.md').map(({ anchor }) => anchor)).toContain('25-quiet')
})

describe('documents', () => {
  test.each(documents)('%s: every relative link leads to a file and a heading that exist', (path) => {
    expect(linksOf(read(path)).flatMap((link) => linkProblem(path, link) ?? [])).toEqual([])
  })

  test('they name only test files that exist', () => {
    const missing = documents.flatMap((path) =>
      [...read(path).matchAll(/[\w./-]+\.test\.tsx?\b/g)]
        // A link begins at the folder of its document.
        .map(([name]) => name.replace(/^(\.\.\/)+/, ''))
        .filter((name) => !testFiles.some((file) => file === name || file.endsWith(`/${name}`)))
        .map((name) => `${path}: ${name}`),
    )
    expect(missing).toEqual([])
  })

  test('they name only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = documents.flatMap((path) =>
      [...read(path).matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, name = '']) => name),
    )
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })

  test('docs/cli.md lists every exit code', () => {
    const listed = [...read('docs/cli.md').matchAll(/^\| (\d+) +\|/gm)].map(([, exitCode]) =>
      Number(exitCode),
    )
    // A pipe that closes ends the program before any command could.
    expect(listed).toEqual([...Object.values(exitCodes), 141].sort((a, b) => a - b))
  })
})

describe('rules', () => {
  const ruleDocuments = ['docs/product-rules.md', 'docs/quality.md']

  test.each(ruleDocuments)('%s: every numbered section says how much of it is built', (path) => {
    const sections = headingsOf(path).filter(({ title }) => /^\d/.test(title) && title !== '10. Out of scope')
    expect(sections.length).toBeGreaterThan(5)
    const silent = sections.filter(({ body }) => !/^_(Built|Partly built|Planned)[.:,]/.test(body))
    expect(silent.map(({ title }) => title)).toEqual([])
  })

  test('code cites only documents and headings that exist', () => {
    const cited = citations(/\bdocs\/[\w./-]*[\w](?:#[\w-]+)?/g)
    expect(cited.length).toBeGreaterThan(5)
    const wrong = cited.filter(({ text }) => {
      const [path = '', anchor] = text.split('#')
      return !isCitedFileThere(path) || (anchor !== undefined && !hasAnchor(path, anchor))
    })
    expect(wrong.map(told)).toEqual([])
  })

  test('code cites only sections of the rules that exist', () => {
    const pattern = /(product|quality)[ -]rules(?:\.md)?`?,? (?:§(\d+(?:\.\d+)?)|"([^"]+)")/gi
    const wrong = citations(pattern).filter(({ match: [, which = '', number, topic = ''] }) => {
      const path = which.toLowerCase() === 'product' ? 'docs/product-rules.md' : 'docs/quality.md'
      const titles = headingsOf(path).map(({ title }) => title)
      return !titles.some((title) =>
        number === undefined
          ? title.endsWith(`. ${topic}`) || title.endsWith(` ${topic}`)
          : title.startsWith(`${number} `) || title.startsWith(`${number}. `),
      )
    })
    expect(wrong.map(told)).toEqual([])
  })
})
