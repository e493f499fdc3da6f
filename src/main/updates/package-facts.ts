import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PackageFacts } from '../../core/updates/update-way'

/** Where docs/install.md puts the source of packages. */
const SYSTEM_SOURCES = ['/etc/apt/sources.list.d/podkeeper.sources', '/etc/yum.repos.d/podkeeper.repo']

/** What this program knows of its package, whose kind stands in `package-type` among its resources. */
export function readPackageFacts(isPackaged: boolean, resourcesPath: string): PackageFacts {
  const { platform, arch } = process
  return {
    platform,
    arch,
    isPackaged,
    packageType: readPackageType(resourcesPath),
    hasSystemSource: platform === 'linux' && SYSTEM_SOURCES.some((path) => existsSync(path)),
  }
}

function readPackageType(resourcesPath: string): string | null {
  try {
    return readFileSync(join(resourcesPath, 'package-type'), 'utf8').trim()
  } catch {
    return null
  }
}
