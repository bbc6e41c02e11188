// Every screen and state there is, and how to get there. A screen has
//
//   name      of its picture
//   asks      what the scripted host shows (src/app/fake-main.tsx)
//   act       the steps to it, from the moment the page is loaded
//   language  what the page speaks once the steps are done, instead of English
//   small     also in the smallest window
//   only      one window of its own kind, instead of all sizes
//   complains its steps make the page report a fault, on purpose

import { CONNECTION_SCREENS } from './connection-screens.mjs';
import { FOUND_SCREENS } from './found-screens.mjs';
import { FRAME_SCREENS } from './frame-screens.mjs';
import { JUMP_SCREENS } from './jump-screens.mjs';
import { MESSAGE_SCREENS } from './message-screens.mjs';
import { SETTINGS_SCREENS } from './settings-screens.mjs';
import { SIGN_IN_SCREENS } from './sign-in-screens.mjs';
import { SPECIAL_SCREENS } from './special-screens.mjs';

export const SCREENS = [
  ...SIGN_IN_SCREENS,
  ...FRAME_SCREENS,
  ...FOUND_SCREENS,
  ...JUMP_SCREENS,
  ...MESSAGE_SCREENS,
  ...SETTINGS_SCREENS,
  ...CONNECTION_SCREENS,
  ...SPECIAL_SCREENS,
];
