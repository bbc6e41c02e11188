// Imported before everything else that starts the window: the sentences are on their way while the rest of the code is
// made ready, so that nobody waits for them in the end.

import { speakChosen } from '#ui/appearance.ts';

speakChosen().catch(() => undefined);
