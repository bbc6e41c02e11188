// What of the settings was changed in the form; what is left out stays as it is.

import type { ChannelCreation } from '#bridge/generated/ChannelCreation.ts';
import type { SettingsChange } from '#bridge/generated/SettingsChange.ts';
import type { WorkspaceSettings } from '#bridge/generated/WorkspaceSettings.ts';

interface Written {
  name: string;
  domains: readonly string[];
  creation: ChannelCreation;
}

/** Null when nothing differs. The order of the domains says nothing. */
export function settingsChange(held: WorkspaceSettings, written: Written): SettingsChange | null {
  const change: SettingsChange = {};
  if (written.name !== held.name) {
    change.name = written.name;
  }
  if ([...written.domains].sort().join(' ') !== [...held.sign_in_domains].sort().join(' ')) {
    change.sign_in_domains = [...written.domains];
  }
  if (written.creation !== held.channel_creation) {
    change.channel_creation = written.creation;
  }
  return Object.keys(change).length === 0 ? null : change;
}

/** `example.org` of what a person types for it, such as `@Example.org` or an address there; null when it is no domain. */
export function domainOf(typed: string): string | null {
  const domain = typed.trim().toLowerCase().replace(/^.*@/u, '').replace(/\.$/u, '');
  const labels = domain.split('.');
  const isDomain = labels.length > 1 && labels.every((label) => /^[\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u.test(label));
  return isDomain ? domain : null;
}
