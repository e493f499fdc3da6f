import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Profiler } from 'node:inspector'
import { appBuildFolder } from '../../scripts/lib/build.mjs'
import type { Scripts } from './heap-owners'
import type { Origin } from './report'

type CallFrame = Profiler.ProfileNode['callFrame']

/** Finds where functions of the built app come from, by its source maps. `root`: the checkout's folder. */
export function createOriginFinder(root: string): (frame: CallFrame) => Origin {
  const maps = new Map<string, SourceMap | null>()
  const mapOf = (file: string): SourceMap | null => {
    const known = maps.get(file)
    if (known !== undefined) return known
    const path = `${file}.map`
    const map = existsSync(path)
      ? new SourceMap(JSON.parse(readFileSync(path, 'utf8')) as SourceMapPayload)
      : null
    maps.set(file, map)
    return map
  }
  return ({ functionName, url, lineNumber, columnNumber }) => {
    const file = fileOf(url)
    if (file === null) return { owner: url === '' ? `(${plain(functionName)})` : url, name: functionName }
    const entry = mapOf(file)?.findEntry(lineNumber, columnNumber)
    const isMapped = entry !== undefined && 'originalSource' in entry && entry.originalSource !== undefined
    const source = relative(root, isMapped ? resolve(dirname(file), entry.originalSource) : file)
    const line = (isMapped ? entry.originalLine : lineNumber) + 1
    return { owner: ownerOf(source), name: `${functionName || '(anonymous)'} (${source}:${line})` }
  }
}

/** `urls`: the addresses of the scripts, by id. */
export function createScripts(root: string, urls: ReadonlyMap<string, string>): Scripts {
  const originOf = createOriginFinder(root)
  const variables = new Map<string, Origin>()
  const folder = join(appBuildFolder(), 'main')
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.js'))) {
    const file = join(folder, name)
    const lines = readFileSync(file, 'utf8').split('\n')
    lines.forEach((line, lineNumber) => {
      const variable = /^(?:const|let|var|(?:async )?function\*?|class) ([\w$]+)/.exec(line)?.[1]
      if (variable === undefined || variables.has(variable)) return
      const columnNumber = line.indexOf(variable)
      variables.set(
        variable,
        originOf({ functionName: variable, scriptId: '', url: file, lineNumber, columnNumber }),
      )
    })
  }
  return {
    originAt: ({ scriptId, line, column }, functionName) =>
      originOf({
        functionName,
        scriptId,
        url: urls.get(scriptId) ?? `script ${scriptId}`,
        lineNumber: line,
        columnNumber: column,
      }),
    declared: (variable) => variables.get(variable) ?? null,
  }
}

const plain = (name: string): string => name.replace(/^\((.*)\)$/, '$1')

/** The file that a script was loaded from; null for what isn't in a file. */
function fileOf(url: string): string | null {
  if (url.startsWith('podkeeper://app/'))
    return join(appBuildFolder(), 'renderer', url.slice('podkeeper://app/'.length))
  if (url.startsWith('file://')) return fileURLToPath(url)
  return url.startsWith('/') ? url : null
}

/** The package, or the folder of ours. */
function ownerOf(source: string): string {
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1]
  if (inPackage !== undefined) return `node_modules/${inPackage}`
  return source.split('/').slice(0, 3).join('/')
}
