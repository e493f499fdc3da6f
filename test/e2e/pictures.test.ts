import { describe } from 'vitest'
import { usePictureApp } from '../harness/app/look/picture-app'
import { describeActivity } from './pictures/activity'
import { describeCosts } from './pictures/costs'
import { describeTerminals } from './pictures/terminals'
import { describeTrees } from './pictures/trees'
import { describeWindows } from './pictures/windows'

/*
 * Every state of the windows and of each page: nothing overflows at any width, axe-core finds no violations, nothing
 * moves at rest, and everything matches its baseline. Also what screen readers are told of some of them. All are drawn
 * by one app, since fonts and colors differ between browsers, and since an app takes long to start.
 */

const app = usePictureApp()

describeTrees(app)

describe.skipIf(process.env['PODKEEPER_PICTURES_ELECTRON'] === '')('in pictures,', () => {
  describeWindows(app)
  describeCosts(app)
  describeActivity(app)
  describeTerminals(app)
})
