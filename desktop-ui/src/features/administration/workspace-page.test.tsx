import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import { refused, type FakeHost } from '#bridge/fake-host.ts';
import { administratorHost } from '#testing/office.ts';
import { renderWith } from '#testing/render.tsx';

import { WorkspacePage } from './workspace-page.tsx';

async function draw(host: FakeHost = administratorHost()) {
  const { user } = await renderWith(host, <WorkspacePage />);
  await screen.findByRole('textbox', { name: 'Name' });
  return { host, user };
}

const domains = () => screen.queryAllByRole('listitem').map((item) => item.textContent);

describe('the workspace', () => {
  it('gets another name', async () => {
    const { host, user } = await draw();
    const name = screen.getByRole('textbox', { name: 'Name' });
    await user.clear(name);
    expect(screen.getByText('A name is needed.')).toBeVisible();
    await user.type(name, 'Old Wall{Enter}');
    expect(await screen.findByText('Saved. Everyone sees it at once.')).toBeVisible();
    expect(host.calls).toContain('changeSettings {"name":"Old Wall"}');
  });

  it('lets other domains in, by Enter and without a mouse', async () => {
    const { host, user } = await draw();
    const add = screen.getByRole('textbox', { name: 'Add a domain' });
    await user.type(add, '@Oldwall.example{Enter}');
    expect(domains()).toEqual(['orchard.example', 'oldwall.example']);
    expect(host.calls.filter((call) => call.startsWith('changeSettings'))).toEqual([]);
    screen.getByRole('button', { name: 'Remove orchard.example' }).focus();
    await user.keyboard('{Enter}');
    expect(domains()).toEqual(['oldwall.example']);
    expect(add).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(host.office.settings.sign_in_domains).toEqual(['oldwall.example']));
  });

  it('says what is wrong with a domain', async () => {
    const { user } = await draw();
    const add = screen.getByRole('textbox', { name: 'Add a domain' });
    await user.type(add, 'everywhere{Enter}');
    expect(screen.getByText('That is not a domain. It looks like example.org.')).toBeVisible();
    await user.clear(add);
    await user.type(add, 'orchard.example{Enter}');
    expect(screen.getByText('orchard.example is in the list already.')).toBeVisible();
    expect(domains()).toEqual(['orchard.example']);
  });

  it('without domains is for those who are invited', async () => {
    const { user } = await draw();
    await user.click(screen.getByRole('button', { name: 'Remove orchard.example' }));
    expect(screen.getByText('None. Only people who are invited can sign in.')).toBeVisible();
  });

  it('says that a server for development asks for no domain', async () => {
    const host = administratorHost();
    host.office.settings = { ...host.office.settings, sign_in_domains: [], any_domain: true };
    await draw(host);
    expect(screen.getByText(/any address may sign in until a domain stands here/)).toBeVisible();
    expect(screen.queryByText('None. Only people who are invited can sign in.')).toBeNull();
  });

  it('leaves making channels to administrators', async () => {
    const { host, user } = await draw();
    await user.click(screen.getByRole('radio', { name: /Administrators only/ }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(host.office.settings.channel_creation).toBe('administrators'));
  });

  it('that cannot be changed says why and keeps what was typed', async () => {
    const { host, user } = await draw();
    host.failNext('changeSettings', refused('forbidden').failure);
    await user.type(screen.getByRole('textbox', { name: 'Name' }), '!{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('You may not do this.');
    expect(screen.getByRole('textbox', { name: 'Name' })).toHaveValue('Orchard & Co!');
  });
});
