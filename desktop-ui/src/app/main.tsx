// Where the product starts.

import { tauriHost } from '#bridge/tauri-host.ts';

import { start } from './start.tsx';

start(tauriHost);
