// Lets axe look at every screen, in both themes, without taking pictures.
//
//   npm run axe [-- part of a screen's name]
//
// Ends with a failing code when it finds a serious or critical fault; prints the rule, the node and the screens.

import { lookWithAxe } from './look-with-axe.mjs';
import { report, tour } from './tour.mjs';

const [wanted = ''] = process.argv.slice(2);
const { count, faults } = await tour({ sizes: [{ width: 1000, height: 700 }], wanted }, lookWithAxe);

console.log(`axe looked at ${count} screens`);
report(faults);
