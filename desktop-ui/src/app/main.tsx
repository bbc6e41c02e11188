// Where the product starts.

import './early.ts';

import { tauriHost } from '#bridge/tauri-host.ts';

import { start } from './start.tsx';

void start(tauriHost);
