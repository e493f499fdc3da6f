import { expect, test } from 'vitest'
import { isAppUrl, isRecoveryNavigation, pagePath } from '../../../src/main/hardening/app-pages'

test('a page is a plain file below the root', () => {
  expect(pagePath('podkeeper://app/index.html')).toBe('index.html')
  expect(pagePath('podkeeper://app/assets/index-a8Qzz_Q-A.js')).toBe('assets/index-a8Qzz_Q-A.js')
})

test.each([
  'podkeeper://app/',
  'podkeeper://app/../main/index.js',
  'podkeeper://app/%2e%2e/main/index.js',
  'podkeeper://app/..%2fmain/index.js',
  'podkeeper://app/assets//index.js',
  'podkeeper://app//etc/passwd',
  'podkeeper://app/index.html%00.js',
  'podkeeper://app/.hidden',
  'podkeeper://other/index.html',
  'podkeeper://app.evil.com/index.html',
  'file:///etc/passwd',
  'nonsense',
])('%s leads to no file outside', (address) => {
  const path = pagePath(address)
  // Node removes `..` at the root, so the result is a name below it.
  expect(path === null || path === 'main/index.js').toBe(true)
})

test.each([
  'https://app/index.html',
  'podkeeper://user@app/index.html',
  'podkeeper://app:80/index.html',
  'podkeeper://app.evil.com/',
  'podkeeperx://app/',
  'about:blank',
  '',
])('%s is not one of our pages', (address) => {
  expect(isAppUrl(address)).toBe(false)
})

test('only the recovery page leads elsewhere, and only to our pages', () => {
  const recovery = 'podkeeper://app/recovery.html#window'
  expect(isRecoveryNavigation(recovery, 'podkeeper://app/window.html')).toBe(true)
  expect(isRecoveryNavigation(recovery, 'podkeeper://app/assets/index-a8.js')).toBe(false)
  expect(isRecoveryNavigation(recovery, 'https://evil.example/window.html')).toBe(false)
  expect(isRecoveryNavigation('podkeeper://app/index.html', 'podkeeper://app/window.html')).toBe(false)
  expect(isRecoveryNavigation('', 'podkeeper://app/window.html')).toBe(false)
})
