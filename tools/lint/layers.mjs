import { posix, relative, sep } from 'node:path'
import { LAYERS } from './layer-table.mjs'

/* Lint rule for the allowed imports of docs/architecture.md, which `layer-table.mjs` has. */

export const layers = {
  create(context) {
    const [top, layer, ...rest] = relative(context.cwd, context.filename).split(sep)
    if (top !== 'src') return {}
    const folder = posix.join('.', ...rest.slice(0, -1))
    const check = (node) => {
      const problem =
        layer in LAYERS
          ? problemWith(node.source?.value, layer, folder)
          : `src/${layer} is not a layer of tools/lint/layers.mjs.`
      if (problem) context.report({ node: node.source, message: problem })
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

function problemWith(source, layer, folder) {
  const { layers: allowed, packages, folders } = LAYERS[layer]
  if (source === undefined) return null
  if (!source.startsWith('.')) {
    const isAllowed = packages.some((name) =>
      name === 'node:*' ? source.startsWith('node:') : source === name || source.startsWith(`${name}/`),
    )
    return isAllowed ? null : `${layer} may not import the package ${source}.`
  }
  const [path] = posix.join(layer, folder, source).split('?')
  // Assets are bundled from resources/; nothing else outside src may be imported.
  if (path.startsWith('../resources/')) return null
  if (path.startsWith('..')) return `${layer} may not import from outside of src (${source}).`
  const [otherLayer, ...rest] = path.split('/')
  if (otherLayer !== layer)
    return allowed.includes(otherLayer) ? null : `${layer} may not import from ${otherLayer}.`
  const otherFolder = posix.join('.', ...rest.slice(0, -1))
  if (folder === otherFolder) return null
  const [rank, otherRank] = [folders.indexOf(folder), folders.indexOf(otherFolder)]
  if (rank < 0) return `src/${layer}/${folder} has no place in the order of tools/lint/layers.mjs.`
  return otherRank >= 0 && otherRank < rank
    ? null
    : `In ${layer}, ${folder} may not import ${otherFolder}: it does not come before it.`
}
