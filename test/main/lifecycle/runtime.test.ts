import { expect, test } from 'vitest'
import { runtimeLimits } from '../../../src/main/lifecycle/runtime'

const limitsOf = (electronVersion: string, env: NodeJS.ProcessEnv = {}) =>
  runtimeLimits({ electronVersion, home: '/home/anna', env, userData: '/home/anna/data' })
const agent = { SSH_AUTH_SOCK: '/run/agent' }

test.each(['43.0.0', '45.4.1'])('a supported Electron uses what the person has: %s', (version) => {
  const env = { ...agent, PODKEEPER_TEST_HOME: '/tmp/other' }
  expect(limitsOf(version, env)).toEqual({ hosts: 'any', home: '/home/anna', env, usesKeyring: true })
})

test.each(['25.1.1', '42.9.9', '', 'nonsense'])(
  'an Electron out of support reaches this computer only, and none of the keys: %j',
  (version) => {
    const confined = {
      hosts: 'loopback-only',
      home: '/home/anna/data/test-home',
      env: {},
      usesKeyring: false,
    }
    expect(limitsOf(version, agent)).toEqual(confined)
    expect(limitsOf(version, { ...agent, PODKEEPER_TEST_HOME: '' })).toEqual(confined)
  },
)

test('tests bring a home of their own, with which nothing but this computer is reached either', () => {
  const env = { ...agent, PODKEEPER_TEST_HOME: '/tmp/home' }
  expect(limitsOf('25.1.1', env)).toEqual({
    hosts: 'loopback-only',
    home: '/tmp/home',
    env,
    usesKeyring: true,
  })
})
