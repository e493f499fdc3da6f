import type { ElectronApplication } from 'playwright-core'

/** The process ids of the app's terminal processes, of which there is at most one. */
export const terminalProcessIds = (app: ElectronApplication): Promise<readonly number[]> =>
  app.evaluate(({ app: electronApp }) =>
    electronApp
      .getAppMetrics()
      .filter(({ name }) => name === 'Podkeeper terminals')
      .map(({ pid }) => pid),
  )
