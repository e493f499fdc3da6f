import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

/*
 * Lint rule: no file leads back to itself through files of its folder, whether it imports a value or a type, at once or
 * when it runs (`import()`, `typeof import()`), which `import/no-cycle` doesn't follow. Between folders, the order of
 * `layer-table.mjs` rules cycles out.
 */

export const noFolderCycle = {
  create(context) {
    if (relative(context.cwd, context.filename).split(sep)[0] !== 'src') return {}
    const check = (node) => {
      const source = node.source?.value
      const target = typeof source === 'string' ? siblingOf(context.filename, source) : null
      if (target === null || !leadsTo(target, context.filename)) return
      context.report({ node: node.source, message: `${source} imports this file again.` })
    }
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    }
  },
}

function leadsTo(from, goal) {
  const seen = new Set()
  const open = [from]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (file === goal) return true
    if (seen.has(file)) continue
    seen.add(file)
    open.push(...siblingsOf(file))
  }
  return false
}

/** Found by pattern, since a parser would have to be loaded for it. */
const IMPORT = /\b(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g
const known = new Map()

function siblingsOf(file) {
  const found = known.get(file)
  if (found !== undefined) return found
  const siblings = [...readFileSync(file, 'utf8').matchAll(IMPORT)]
    .map(([, source]) => siblingOf(file, source))
    .filter((sibling) => sibling !== null)
  known.set(file, siblings)
  return siblings
}

/** The file of the same folder that is imported; null: it is in another folder, a package or an asset. */
function siblingOf(file, source) {
  if (!source.startsWith('.')) return null
  const path = join(dirname(file), source)
  if (dirname(path) !== dirname(file)) return null
  return ['.ts', '.tsx'].map((extension) => path + extension).find((one) => existsSync(one)) ?? null
}
