import type { Plugin } from 'vite'

export function packageOfModule(id: string): string | null
export function recordBundledPackages(part: string): Plugin
