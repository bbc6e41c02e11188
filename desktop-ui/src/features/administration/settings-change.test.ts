import { describe, expect, it } from 'vitest';

import { domainOf, settingsChange } from './settings-change.ts';

describe('a domain', () => {
  it.each([
    ['example.org', 'example.org'],
    [' @Example.ORG ', 'example.org'],
    ['mei@mail.example.org', 'mail.example.org'],
    ['example.org.', 'example.org'],
    ['bücher.example', 'bücher.example'],
  ])('is found in %j', (typed, domain) => {
    expect(domainOf(typed)).toBe(domain);
  });

  it.each(['', 'example', 'exa mple.org', '.org', 'a..org', '-a.org', 'a-.org', 'https://example.org', `${'a'.repeat(64)}.org`])(
    'is not in %j',
    (typed) => {
      expect(domainOf(typed)).toBeNull();
    },
  );
});

describe('a change of the settings', () => {
  const held = { name: 'Orchard', sign_in_domains: ['a.org', 'b.org'], any_domain: false, channel_creation: 'everyone', version: 3 } as const;
  const same = { name: 'Orchard', domains: ['a.org', 'b.org'], creation: 'everyone' } as const;
  const change = (more: Partial<Parameters<typeof settingsChange>[1]>) =>
    settingsChange({ ...held, sign_in_domains: [...held.sign_in_domains] }, { ...same, ...more });

  it('is none while nothing differs, whatever the order of the domains', () => {
    expect(change({})).toBeNull();
    expect(change({ domains: ['b.org', 'a.org'] })).toBeNull();
  });

  it('leaves out what stays', () => {
    expect(change({ name: 'Old Wall' })).toEqual({ name: 'Old Wall' });
    expect(change({ domains: [] })).toEqual({ sign_in_domains: [] });
    expect(change({ creation: 'administrators' })).toEqual({ channel_creation: 'administrators' });
  });
});
