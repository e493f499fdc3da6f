import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inProject } from './project.mjs'

/** One file for each part of the build: the folders of the npm packages that it contains. */
export const bundledFolder = inProject('.cache/bundled')

/** The folder of the npm package that a module belongs to, such as "node_modules/a/node_modules/@b/c"; null: ours. */
export function packageOfModule(id) {
  const [, folder] =
    /(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/?]+)\//.exec(id.replaceAll('\\', '/')) ?? []
  return folder ?? null
}

/** A plugin of Vite that records which npm packages become part of what it builds. */
export const recordBundledPackages = (part) => ({
  name: 'podkeeper-bundled-packages',
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap((chunk) =>
      chunk.type === 'chunk' ? Object.keys(chunk.modules) : (chunk.originalFileNames ?? []),
    )
    const folders = new Set(modules.map(packageOfModule).filter((folder) => folder !== null))
    mkdirSync(bundledFolder, { recursive: true })
    writeFileSync(join(bundledFolder, `${part}.json`), JSON.stringify([...folders].sort()))
  },
})
