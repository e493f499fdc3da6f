import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Copies a folder of built files without source maps, and without the lines that name them. */
export function copyBuilt(source, target) {
  cpSync(source, target, { recursive: true, filter: (path) => !path.endsWith('.map') })
  for (const path of readdirSync(target, { recursive: true }).filter((one) => /\.m?js$/.test(one))) {
    const script = join(target, path)
    writeFileSync(script, readFileSync(script, 'utf8').replace(/\n\/\/# sourceMappingURL=\S*\s*$/, '\n'))
  }
}
