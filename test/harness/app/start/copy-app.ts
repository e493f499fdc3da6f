import { cp } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { appBuildFolder } from '../../../../scripts/lib/build.mjs'

const projectRoot = resolve(import.meta.dirname, '../../../..')

/** Copies what a start of the app needs into `folder`: its entry and the newest build, which it starts. */
export async function copyApp(folder: string): Promise<void> {
  for (const part of [
    'package.json',
    'resources',
    'out/main/index.js',
    relative(projectRoot, appBuildFolder()),
  ])
    await cp(join(projectRoot, part), join(folder, part), { recursive: true })
}
