import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { inProject, root } from './project.mjs'

const TEST_FILE = /\.test\.(ts|tsx|mjs)$/
const IMPORT = /(?:from|import|import\()\s*'(\.[^']+)'/g
const EXTENSIONS = ['', '.ts', '.tsx', '.mts', '.mjs', '.css']

/** Paths of all test files in the checkout. */
export function testFiles() {
  return readdirSync(inProject('test'), { recursive: true })
    .map((name) => join('test', name))
    .filter((path) => TEST_FILE.test(path))
}

/** The step of `npm test` that runs the test file at `path`. */
export function stepOf(path) {
  if (path.startsWith('test/e2e/')) return 'e2e'
  return path.startsWith('test/browser/') ? 'browser' : 'unit'
}

/**
 * The test files that show whether the `changed` files work, as paths in the checkout: those that changed, those whose
 * path mirrors that of a changed source, and those that import a changed file themselves.
 */
export function testsOfChanges(changed) {
  const names = new Set(changed)
  const mirrors = new Set(changed.filter((path) => path.startsWith('src/')).map(mirrorOf))
  return testFiles().filter(
    (path) =>
      names.has(path) ||
      mirrors.has(path.replace(TEST_FILE, '')) ||
      importsOf(path).some((imported) => names.has(imported)),
  )
}

/** Without its ending: `src/core/idle/sample.ts` is tested by `test/core/idle/sample`. */
const mirrorOf = (source) => source.replace(/^src\//, 'test/').replace(/\.tsx?$/, '')

/** Paths of the files of the checkout that the file at `path` imports itself. */
export function importsOf(path) {
  return [...readFileSync(inProject(path), 'utf8').matchAll(IMPORT)].flatMap(([, specifier]) => {
    const imported = join(dirname(inProject(path)), specifier)
    const found = EXTENSIONS.map((extension) => `${imported}${extension}`).find(isFile)
    return found === undefined ? [] : relative(root, found)
  })
}

const isFile = (path) => /\.\w+$/.test(path) && existsSync(path)
