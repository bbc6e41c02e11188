import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';

import type { FakeHost } from '#bridge/fake-host.ts';
import { MEI, person } from '#testing/builders.ts';
import { administratorHost, withPerson } from '#testing/office.ts';
import { renderWith } from '#testing/render.tsx';

import { PeoplePage } from './people-page.tsx';

async function draw(host: FakeHost = administratorHost()) {
  const onInvite = vi.fn();
  const { user } = await renderWith(host, <PeoplePage onInvite={onInvite} />);
  await screen.findByText('Mei Tan');
  const choose = async (name: string, item: string) => {
    await user.click(screen.getByRole('button', { name: `What can be done with ${name}` }));
    await user.click(screen.getByRole('menuitem', { name: item }));
    return screen.findByRole('alertdialog');
  };
  return { host, user, onInvite, choose };
}

const rowOf = (name: string) => screen.getAllByRole('listitem').find((row) => row.textContent.includes(name))!;

describe('people', () => {
  it('are listed with their role and whether they are deactivated', async () => {
    const host = administratorHost();
    withPerson(host, { ...person('u_karl', 'Karl Ott'), active: false });
    await draw(host);
    expect(screen.getByRole('status')).toHaveTextContent('4 people');
    expect(rowOf('Ada Winter (you)')).toHaveTextContent('Administrator');
    expect(rowOf('Karl Ott')).toHaveTextContent('Deactivated');
  });

  it('are found by typing', async () => {
    const { user } = await draw();
    await user.type(screen.getByRole('searchbox', { name: 'Search people' }), 'mei');
    await waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(1));
    await user.type(screen.getByRole('searchbox'), 'zz');
    expect(await screen.findByText('Nobody is called “meizz”.')).toBeVisible();
  });

  it('are so many that some are found by searching only', async () => {
    const host = administratorHost();
    for (let index = 0; index < 120; index += 1) {
      withPerson(host, person(`u_${index}`, `Picker ${index}`));
    }
    await draw(host);
    expect(screen.getAllByRole('listitem')).toHaveLength(100);
    expect(screen.getByText('23 more people. Search to find them.')).toBeVisible();
  });

  it('are deactivated after a question that says what happens', async () => {
    const { host, user, choose } = await draw();
    const question = await choose('Mei Tan', 'Deactivate');
    expect(question).toHaveTextContent('Mei Tan is signed out on all devices at once');
    await user.click(within(question).getByRole('button', { name: 'Deactivate' }));
    expect(await screen.findByText('Mei Tan was deactivated.')).toBeVisible();
    await waitFor(() => expect(rowOf('Mei Tan')).toHaveTextContent('Deactivated'));
    expect(host.calls).toContain('changePerson u_mei {"active":false}');
  });

  it('are reactivated, and not made administrators before', async () => {
    const host = administratorHost();
    withPerson(host, { ...MEI, active: false });
    const { user } = await draw(host);
    await user.click(screen.getByRole('button', { name: 'What can be done with Mei Tan' }));
    expect(screen.getAllByRole('menuitem').map((item) => item.textContent)).toEqual(['Reactivate']);
    await user.click(screen.getByRole('menuitem', { name: 'Reactivate' }));
    await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Reactivate' }));
    expect(await screen.findByText('Mei Tan was reactivated.')).toBeVisible();
    expect(host.calls).toContain('changePerson u_mei {"active":true}');
  });

  it('are made administrators, with the keyboard alone', async () => {
    const { host, user } = await draw();
    screen.getByRole('button', { name: 'What can be done with Mei Tan' }).focus();
    await user.keyboard('{Enter}');
    await screen.findByRole('menu');
    await user.keyboard('{Enter}');
    const question = await screen.findByRole('alertdialog');
    within(question).getByRole('button', { name: 'Make administrator' }).focus();
    await user.keyboard('{Enter}');
    expect(await screen.findByText('Mei Tan is an administrator now.')).toBeVisible();
    expect(host.calls).toContain('changePerson u_mei {"role":"administrator"}');
  });

  it.each([
    ['Make member', 'Make member'],
    ['Deactivate', 'Deactivate'],
  ])('who are the last administrator stay one: %s', async (item, confirm) => {
    const { user, choose } = await draw();
    const question = await choose('Ada Winter', item);
    await user.click(within(question).getByRole('button', { name: confirm }));
    expect(await within(question).findByRole('alert')).toHaveTextContent(
      'This is the last administrator. Make somebody else an administrator first.',
    );
  });

  it('are invited on another page', async () => {
    const { user, onInvite } = await draw();
    await user.click(screen.getByRole('button', { name: 'Invite someone' }));
    expect(onInvite).toHaveBeenCalledOnce();
  });
});
